"""Go's standard library, compiled once for all projects: a module of ours imports what this one does.

Each project's builds are kept apart, since its code and its tests run where they are made. The standard
library is most of a first build, and the same for everyone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.go.packages import package_of, version_of
from cope_lsp.languages.running import Foundation
from cope_lsp.languages.toolchain import foundations
from cope_lsp.languages.toolchain.steps import SCRATCH, Step, invocation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cope_lsp.languages.go.flags import Flags
    from cope_lsp.languages.running import Environment, Work
    from cope_lsp.languages.toolchain.steps import Recipe

COMMON = frozenset(
    (
        *("bufio", "bytes", "context", "encoding/json", "errors", "fmt", "io", "maps", "math", "os"),
        *("path/filepath", "reflect", "regexp", "runtime/debug", "slices", "sort", "strconv", "strings"),
        *("sync", "sync/atomic", "testing", "time", "unicode", "unicode/utf8"),
    )
)
"""What nearly every project comes to import, and what our own calls need."""

_MOST_FILES = 60
_MOST_BYTES = 32_768
_IMPORTS = re.compile(rb"(?m)^import\s*(\([^)]*\)|[^\n]*)")
_PATH = re.compile(rb'"([\w./-]+)"')
_MODULE = re.compile(rb'(?m)^module\s+"?([^\s"]+)')
_APART = frozenset({"C", "plugin", "runtime/cgo", "runtime/race", "syscall/js", "unsafe"})
"""Not to be built by itself everywhere, or nothing to build."""


def on_foundation(recipe: Recipe, environment: Environment, work: Work, flags: Flags) -> Recipe:
    """The recipe over the parts of the standard library that its project comes to import."""
    tree = environment.program.resolve().parent.parent
    paths = COMMON | {path for path in imported(work) if _is_standard(tree, path)}
    build, check = _of_no_module(flags.build), _of_no_module(flags.check)
    names = frozenset(_named(path, (*build, *check)) for path in paths)
    go = str(environment.program)
    vet = Step("vet", (go, "vet", *check, "."), work.build_s)
    compiled = (go, "test", "-c", *build, "-o", f"{SCRATCH}/all.test", ".")
    making = replace(
        recipe,
        steps=(vet, Step("build", compiled, work.build_s), foundations.step(names, "build")),
        env={**recipe.env, "GOWORK": "off"},
        layer=_module_of(paths, version_of(tree)),
    )
    return replace(recipe, foundation=Foundation(_name(tree), names, invocation(making, work)))


def _of_no_module(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(flag for flag in flags if not flag.startswith(("-mod=", "-modfile=")))


def _module_of(paths: Iterable[str], version: str) -> dict[str, bytes]:
    """A module of ours that imports all of these, with a test, since tests are linked with more."""
    lines = "".join(f'\t_ "{path}"\n' for path in sorted(paths))
    return {
        "go.mod": f"module foundation\n\ngo {version or '1.21'}\n".encode(),
        "all.go": f"package foundation\n\nimport (\n{lines})\n".encode(),
        "all_test.go": b'package foundation\n\nimport "testing"\n\nfunc TestNothing(*testing.T) {}\n',
    }


def imported(work: Work) -> frozenset[str]:
    """Paths that the text imports, the target's package, its tests, and what of their module these import.

    Read from the disk, as far as a few files go: what is overlooked is only built later.
    """
    found = {path for text in (work.text, *work.texts) for path in _imports(text)}
    if work.root is None:
        return frozenset(found)
    own = package_of(work.root, work.path)
    module = _module(work.root / own.module / "go.mod")
    waiting = [own.folder, *(package_of(work.root, case.path).folder for case in work.tests)]
    seen, left = set[str](), _MOST_FILES
    while waiting and left > 0:
        folder = waiting.pop(0)
        if folder in seen:
            continue
        seen.add(folder)
        for text in _texts(work.root / folder, left):
            left -= 1
            new = set(_imports(text)) - found
            found |= new
            waiting += [_folder(own.module, path, module) for path in new if _is_below(path, module)]
    return frozenset(found)


def _texts(folder: Path, most: int) -> Iterator[bytes]:
    """The beginnings of the folder's Go files, in which all imports stand."""
    try:
        files = [path for path in sorted(folder.glob("*.go"))[:most] if path.is_file()]
        for path in files:
            with path.open("rb") as file:
                yield file.read(_MOST_BYTES)
    except OSError:
        return


def _imports(text: bytes) -> Iterator[str]:
    for block in _IMPORTS.finditer(text):
        yield from (path.decode("ascii", "replace") for path in _PATH.findall(block[1]))


def _module(file: Path) -> str:
    try:
        found = _MODULE.search(file.read_bytes()) if file.is_file() else None
    except OSError:
        return ""
    return found[1].decode("utf-8", "replace") if found else ""


def _is_below(path: str, module: str) -> bool:
    return bool(module) and f"{path}/".startswith(f"{module}/") and ".." not in path


def _folder(top: str, path: str, module: str) -> str:
    return PurePosixPath(top, path.removeprefix(module).lstrip("/")).as_posix()


def _is_standard(tree: Path, path: str) -> bool:
    """Whether a path is one of the standard library's that anyone may import."""
    words = path.split("/")
    hidden = {"internal", "vendor", "testdata", "cmd", "", ".", ".."} & set(words)
    return not hidden and path not in _APART and (tree / "src" / path).is_dir()


def _named(path: str, flags: Iterable[str]) -> str:
    """A package as these flags have it compiled; what they leave as it is, is found in the same builds."""
    return f"{path.replace('/', '+')}@{_digest(*flags)}"


def _name(tree: Path) -> str:
    """One of its own for each toolchain and version."""
    try:
        version = (tree / "VERSION").read_text("utf-8", "replace")
    except OSError:
        version = ""
    return f"go-{_digest(str(tree), version)}"


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]

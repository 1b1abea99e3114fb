"""A package's scripts: what `npm test` stands for, and what it tells Node itself."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.javascript.packages import packages_above

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cope_lsp.languages.javascript.packages import Package

_MANAGERS = ("npm", "pnpm", "yarn", "bun")
_LOADING = ("--import", "--require", "-r", "--loader", "--experimental-loader", "--conditions", "-C")
_SHORT = {"t": "test", "tst": "test"}
_FOR_NODE = re.compile(r"--experimental-vm-modules\b")
"""Without it, jest loads no module but CommonJS."""


def meant(root: Path, path: str, command: tuple[str, ...]) -> tuple[str, ...]:
    """What a package manager's call of a script runs, in the package of a file; another command as it is."""
    if not command or Path(command[0]).name not in _MANAGERS:
        return command
    name, *more = [word for word in command[1:] if word not in ("run", "run-script")] or [""]
    script = words(_script(root, path, _SHORT.get(name, name)))
    return (*script, *(word for word in more if word != "--")) if script else command


def words(script: str) -> tuple[str, ...]:
    """A script's words, its operators (`&&`) apart; none where it is no command of a shell."""
    lexer = shlex.shlex(script, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        return tuple(lexer)
    except ValueError:
        return ()


def first(parts: Iterable[str]) -> tuple[str, ...]:
    """The words of a command up to the shell's next operator."""
    found: list[str] = []
    for part in parts:
        if re.fullmatch(r"[();<>|&]+", part):
            break
        found.append(part)
    return tuple(found)


def loading(package: Package) -> tuple[str, ...]:
    """What the package's own test script tells `node` to load first: a compiler, its set-up."""
    parts = words(package.script())
    if "tsx" in parts[:1] or "tsx" in parts[1:2]:
        return ("--import", "tsx")
    if "node" not in parts or "--test" not in parts:
        return ()
    found: list[str] = []
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        name, _, value = part.partition("=")
        if name in _LOADING:
            found += [part] if value else [part, following]
        elif name.startswith("--experimental-"):
            found.append(part)
    return tuple(found)


def for_node(root: Path, folder: str, command: tuple[str, ...]) -> tuple[str, ...]:
    """What Node must be told before a runner, as the command says, else as the package's `test` does."""
    place = f"{folder}/package.json"
    said = " ".join(meant(root, place, command)) if command else _script(root, place, "test")
    return tuple(dict.fromkeys(_FOR_NODE.findall(said)))


def _script(root: Path, path: str, name: str) -> str:
    """The script of that name in the innermost package around a file that has one."""
    return next((said for package in packages_above(root, path) if (said := package.script(name))), "")

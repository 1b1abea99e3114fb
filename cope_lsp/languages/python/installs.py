"""What an interpreter's folders hold: its library, its site-packages, and editable installs named there."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST = 1 << 20
MOST = 200


def venv_settings(prefix: Path) -> dict[str, str]:
    """The lines of a virtual environment's `pyvenv.cfg`; empty for any other folder."""
    pairs = (line.partition("=") for line in _read(prefix / "pyvenv.cfg").splitlines())
    return {key.strip().lower(): value.strip().lower() for key, equals, value in pairs if equals}


def library(base: Path) -> Path | None:
    """The standard library's folder (`lib/python3.x`) of an installation; the newest of several."""
    found = [path for path in (base / "lib").glob("python3.*") if (path / "os.py").is_file()]
    return max(
        found,
        key=lambda path: [int(n) for n in path.name[6:].rstrip("t").split(".") if n.isdigit()],
        default=None,
    )


def site_folders(prefix: Path, base: Path, library: Path) -> tuple[Path, ...]:
    """Where packages of an environment lie, Debian's own folders included."""
    folders = [prefix / "lib" / library.name / "site-packages"]
    if prefix == base == Path("/usr"):
        folders += [
            Path("/usr/local/lib") / library.name / "dist-packages",
            Path("/usr/lib/python3/dist-packages"),
        ]
    return tuple(folder for folder in folders if folder.is_dir())


def editable_folders(sites: Iterable[Path], root: Path) -> tuple[Path, ...]:
    """Folders outside `root` that `.pth` files, finders and `direct_url.json` of editable installs name."""
    named = (path for site in sites for path in _named(site))
    return tuple(dict.fromkeys(path for path in named if looks_like_source(path) and may_be_read(path, root)))


def looks_like_source(path: Path) -> bool:
    """Whether a folder is a Python project, a package, or holds one: not just any folder."""
    if not path.is_dir() or _is_hidden(path):
        return False
    if any((path / name).is_file() for name in ("pyproject.toml", "setup.py", "setup.cfg", "__init__.py")):
        return True
    beside = [parent for parent in path.parents[:2] if not Path.home().is_relative_to(parent)]
    return any((parent / name).is_file() for parent in beside for name in ("pyproject.toml", "setup.py"))


def may_be_read(path: Path, root: Path) -> bool:
    """Whether mounting a folder gives away no more than itself: no home, nothing above one or the root."""
    home = Path.home()
    real = path.resolve()
    too_wide = real == Path(real.anchor) or home.is_relative_to(real) or root.resolve().is_relative_to(real)
    return not too_wide


def _is_hidden(path: Path) -> bool:
    """Whether a folder lies in a hidden one of the user's home, as keys and settings do."""
    real, home = path.resolve(), Path.home().resolve()
    return real.is_relative_to(home) and any(part.startswith(".") for part in real.relative_to(home).parts)


def _named(site: Path) -> Iterator[Path]:
    for file in sorted(site.glob("*.pth"))[:MOST]:
        lines = [line.strip() for line in _read(file).splitlines()]
        yield from (
            site / line for line in lines if line and not line.startswith(("import ", "import\t", "#"))
        )
    for file in sorted(site.glob("__editable__*finder.py"))[:MOST]:
        yield from (Path(text) for text in _mapped(_read(file)))
    for file in sorted(site.glob("*.dist-info/direct_url.json"))[:MOST]:
        url = _url(_read(file))
        if url.startswith("file:"):
            yield Path(unquote(urlsplit(url).path))


def _mapped(text: str) -> list[str]:
    """The folders in the MAPPING of setuptools' finder for an editable install."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    for node in tree.body:
        names = (
            [node.target]
            if isinstance(node, ast.AnnAssign)
            else node.targets
            if isinstance(node, ast.Assign)
            else []
        )
        if any(isinstance(name, ast.Name) and name.id == "MAPPING" for name in names):
            value = cast("ast.Assign | ast.AnnAssign", node).value
            if isinstance(value, ast.Dict):
                return [
                    v.value for v in value.values if isinstance(v, ast.Constant) and isinstance(v.value, str)
                ]
    return []


def _url(text: str) -> str:
    try:
        read: object = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(read, dict):
        return ""
    values = cast("dict[str, object]", read)
    info = values.get("dir_info")
    editable = isinstance(info, dict) and cast("dict[str, object]", info).get("editable") is True
    return str(values.get("url", "")) if editable else ""


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

"""How a project's modules are found and imported, as its own interpreter would."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types


def home_of(root: str, path: str) -> tuple[str, str]:
    """The folder that must be importable for a file, and the file's dotted name from there."""
    folder, name = os.path.split(os.path.join(root, path))
    parts = [] if name == "__init__.py" else [name[:-3]]
    while folder != root and os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    if len(parts) <= 1 and folder != root and _is_relative(os.path.join(root, path)):
        base = os.path.join(root, "src") if path.startswith("src" + os.sep) else root
        return base, ".".join(os.path.relpath(folder, base).split(os.sep) + parts)
    return folder, ".".join(parts)


def prepare(root: str, path: str) -> None:
    """Make the project importable as `python -m pytest` in its root does; a `src` folder comes last."""
    sys.dont_write_bytecode = True
    _forget_bytecode(os.path.join(root, path))
    sys.path.insert(0, root)
    source = os.path.join(root, "src")
    if os.path.isdir(source) and source not in sys.path:
        sys.path.append(source)


def import_target(root: str, path: str) -> types.ModuleType:
    """The module made from the very file, under the name that its relative imports need."""
    folder, name = home_of(root, path)
    full = os.path.join(root, path)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    if name not in sys.modules:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin and os.path.realpath(found.origin) == os.path.realpath(full):
            return importlib.import_module(name)
    return _load(name, full)


def _load(name: str, full: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, full)
    if spec is None or spec.loader is None:
        raise ImportError(f"no loader for {full}")
    module: Any = importlib.util.module_from_spec(spec)
    if name not in sys.modules:
        sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _is_relative(full: str) -> bool:
    with open(full, "rb") as file:
        return any(line.lstrip().startswith(b"from .") for line in file)


def _forget_bytecode(full: str) -> None:
    """Compiled files of the target's old text must not run in its place."""
    try:
        os.remove(importlib.util.cache_from_source(full))
    except (OSError, NotImplementedError):
        return

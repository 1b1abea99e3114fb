"""What a verdict stands on: functions of builtins, unittest and pytest, as they were before the project."""

from __future__ import annotations

import operator
import os
import sys
import types
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FILES = 5000
READ_UNASKED = ("conftest.py", "pytest.ini", "tox.ini", "setup.cfg", "sitecustomize.py", "usercustomize.py")
# What evaluating a call stands on, and what tests stand on besides.
PLAIN = ("builtins", "operator", "math", "json", "hmac")
TESTING = (
    "unittest.case",
    "unittest.suite",
    "unittest.result",
    "unittest.mock",
    "_pytest.assertion",
    "_pytest.assertion.rewrite",
    "_pytest.assertion.util",
    "_pytest.main",
    "_pytest.outcomes",
    "_pytest.python",
    "_pytest.python_api",
    "_pytest.raises",
    "_pytest.reports",
    "_pytest.runner",
    "_pytest.skipping",
    "_pytest.unittest",
)


@lru_cache(maxsize=None)  # noqa: UP033 -- `cache` is not in Python 3.8
def remember(names: tuple[str, ...]) -> Callable[[], list[str]]:
    """A function that names what has changed since now among modules' entry points, in this process.

    "Now" is the first time that it is asked for these names: a worker asks before there is any project.
    """
    modules = [(name, sys.modules[name]) for name in names if name in sys.modules]
    held = {name: _entries(module) for name, module in modules}
    marks = _marks([module for _, module in modules])
    last = [marks()]

    def changed() -> list[str]:
        now_marked = marks()
        if now_marked == last[0]:
            return []
        found: list[str] = []
        for name, module in modules:
            now = _entries(module)
            entries = held[name].items()
            found += [f"{name}.{entry}" for entry, parts in entries if not _same(parts, now.get(entry))]
        if not found:
            last[0] = now_marked
        return found[:20]

    return changed


def testing() -> tuple[str, ...]:
    """The modules that a test's verdict stands on; the names of pluggy's differ between its versions."""
    return (*PLAIN, *TESTING, *(name for name in sys.modules if name.partition(".")[0] == "pluggy"))


def remember_files(root: str) -> Callable[[], list[str]]:
    """A function that names the source and configuration files of a project that are not as they are now.

    A file that was written and put back counts, and so does a new one that Python or pytest would read
    unasked. At most `MOST_FILES` are looked at; environments, hidden and generated folders are not.
    """
    held = _stamps(root)

    def changed() -> list[str]:
        now = _stamps(root)
        new = [path for path in now.keys() - held.keys() if os.path.basename(path) in READ_UNASKED]
        return [path for path, stamp in held.items() if now.get(path) != stamp] + new

    return changed


def _stamps(root: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if not name.startswith((".", "__pycache__", "node_modules"))
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        ]
        for name in files:
            if len(found) >= MOST_FILES:
                return found
            if name.endswith((".py", ".ini", ".cfg", ".toml")):
                path = os.path.join(folder, name)
                found[path] = _stamp(path)
    return found


def _marks(modules: list[types.ModuleType]) -> Callable[[], list[list[int]]]:
    """A function that gives the identities of all that `_entries` looks at, some thirty times faster.

    What it calls is bound now, before a candidate can put something else in its place. No identity is used
    twice, since the entries that are held keep their objects alive.
    """
    places: list[Any] = [vars(module) for module in modules]
    for module in modules:
        places += [
            vars(value)
            for value in list(vars(module).values())
            if isinstance(value, type) and value.__module__ == module.__name__
        ]
    functions: list[Any] = [value for place in places for value in list(place.values()) if _has_code(value)]
    codes, defaults = operator.attrgetter("__code__"), operator.attrgetter("__defaults__")
    mapped, identity = map, id

    def identities(values: Any) -> list[int]:
        return [*mapped(identity, values)]

    def marks() -> list[list[int]]:
        found = [identities(place.values()) for place in places]
        return [*found, identities(mapped(codes, functions)), identities(mapped(defaults, functions))]

    return marks


def _has_code(value: Any) -> bool:
    return isinstance(value, types.FunctionType)


def _entries(module: types.ModuleType) -> dict[str, tuple[Any, ...]]:
    entries: dict[str, tuple[Any, ...]] = {}
    for name, value in list(vars(module).items()):
        if isinstance(value, type):
            entries[name] = (value,)
            if value.__module__ == module.__name__:
                for member, inner in list(vars(value).items()):
                    if callable(inner) or isinstance(inner, (property, classmethod, staticmethod)):
                        entries[name + "." + member] = _parts(inner)
        elif callable(value):
            entries[name] = _parts(value)
    return entries


def _parts(value: Any) -> tuple[Any, ...]:
    if isinstance(value, types.FunctionType):
        return (value, value.__code__, value.__defaults__)
    return (value,)


def _same(before: tuple[Any, ...], now: tuple[Any, ...] | None) -> bool:
    return now is not None and len(before) == len(now) and all(a is b for a, b in zip(before, now))


def _stamp(path: str) -> tuple[int, ...]:
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

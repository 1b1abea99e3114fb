"""`use` declarations: one thing each, the names they make known, the files they lead to."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.target import Imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.text import Source

_USE = re.compile(r"^(?:pub(?:\([^)]*\))?\s+)?use\s+([^;]+);", re.MULTILINE)
_TRAITS = frozenset(
    {"Read", "Write", "BufRead", "Seek", "FromStr", "Hash", "Hasher", "BuildHasher", "Borrow", "BorrowMut"}
    | {"FromIterator", "TryFrom", "TryInto", "Any", "Error", "Rng", "ToPrimitive", "Itertools", "Digest"}
    | {"Deref", "DerefMut", "Pow", "Context", "Zero", "One", "Bounded", "Future", "IntoFuture", "Datelike"}
)
"""Traits whose methods are called without naming them."""


def single(tree: str) -> Iterator[str]:
    """The paths of a use tree: `a::{b, c as d}` gives `a::b` and `a::c as d`."""
    before, opening, rest = tree.partition("{")
    if not opening:
        if tree.strip():
            yield " ".join(tree.split())
        return
    for part in _parts(rest.rpartition("}")[0]):
        for path in single(part):
            yield f"{before.strip()}{path}"


def statements(text: str) -> Iterator[str]:
    """Every path that the text's `use` declarations name."""
    for match in _USE.finditer(text):
        yield from single(match[1])


def name_of(path: str) -> str:
    """What a path makes known; `*` for all there is."""
    plain, _, alias = path.partition(" as ")
    last = plain.removesuffix("::self").rpartition("::")[2]
    return alias.strip() or last.strip()


def bound(statement: str) -> frozenset[str]:
    """The names of a declaration; `*` too where a trait is among them, which is used without being named."""
    names = {name_of(path) for path in statements(statement)}
    silent = any(name == "_" or name in _TRAITS or name.endswith("Ext") for name in names)
    return frozenset(names | ({"*"} if silent else set()))


def settled(before: str, after: str) -> str:
    """The text without what a new `use` declaration makes known a second time: that would not compile."""
    known = {name_of(path) for path in statements(before)} - {"*", "_"}
    old = {match[0] for match in _USE.finditer(before)}

    def kept(match: re.Match[str]) -> str:
        if match[0] in old:
            return match[0]
        paths = list(single(match[1]))
        fresh = [path for path in paths if name_of(path) not in known]
        known.update(name_of(path) for path in fresh if name_of(path) not in ("*", "_"))
        if fresh == paths:
            return match[0]
        return "\n".join(f"use {path};" for path in fresh) or _GONE

    return re.sub(rf"{_GONE}\r?\n?", "", _USE.sub(kept, after))


def imported(source: Source, names: frozenset[str], path: str) -> tuple[Imported, ...]:
    """Files of the same package that may define names: `crate::`, `super::` and `self::` lead there."""
    text = source.text.decode("utf-8", "replace")
    found = (_found(used, path) for used in statements(text) if name_of(used) in names)
    return tuple(each for each in found if each is not None)


def _found(used: str, path: str) -> Imported | None:
    parts = used.partition(" as ")[0].strip().split("::")
    base = _base(parts[0], path)
    if base is None:
        return None
    within = [part for part in parts[1:-1] if part != "super"]
    for _ in range(sum(part == "super" for part in parts[1:-1])):
        base = base.parent
    place = base.joinpath(*within)
    files = _files(place) if within else (f"{base}/lib.rs", f"{base}/main.rs", f"{base}/mod.rs", f"{base}.rs")
    return Imported(name_of(used), parts[-1], files)


def _base(first: str, path: str) -> PurePosixPath | None:
    """The folder that holds the modules of where a path begins."""
    here = PurePosixPath(path)
    own = here.parent if here.name in ("mod.rs", "lib.rs", "main.rs") else here.with_suffix("")
    if first == "self":
        return own
    if first == "super":
        return own.parent
    if first != "crate":
        return None
    return next((folder for folder in here.parents if folder.name == "src"), here.parent)


def _files(module: PurePosixPath) -> tuple[str, ...]:
    return (f"{module}.rs", f"{module}/mod.rs", f"{module.parent}.rs", f"{module.parent}/mod.rs")


def _parts(inner: str) -> Iterator[str]:
    """What stands between a tree's outer commas."""
    depth, start = 0, 0
    for at, sign in enumerate(inner):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            yield inner[start:at]
            start = at + 1
    yield inner[start:]


_GONE = "\x00"

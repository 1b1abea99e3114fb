"""What `#include` makes known, and where what a project's own headers declare may be found."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.target import Imported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.text import Source

_INCLUDE = re.compile(r'#\s*include\s*(?:<([^>\n]+)>|"([^"\n]+)")')
_OWN = re.compile(
    rb'^[ \t]*#\s*include\s*["<]([^">\n]+\.(?:h|hh|hpp|hxx|h\+\+|ipp|inl|tpp))[">]', re.MULTILINE
)
_FOLDERS = ("", "include", "src", "inc", "lib")
_MOST = 12


def bound(statement: str) -> frozenset[str]:
    """Names by which an include shows that it is wanted.

    Of a standard header what is used of it, of another system header anything; of a header of the project
    what is called like it, for a reply that repeats the includes of its file by other paths must add nothing.
    """
    found = _INCLUDE.match(statement.strip())
    if found is None:
        return frozenset()
    if found[1]:
        name = f"c{found[1].removesuffix('.h')}" if found[1].endswith(".h") else found[1]
        return _standard().get(name, frozenset("*"))
    stem = PurePosixPath(found[2]).stem
    return frozenset({stem, "".join(part[:1].upper() + part[1:] for part in re.split(r"[_-]", stem))})


@cache
def _standard() -> Mapping[str, frozenset[str]]:
    """What each standard header is included for."""
    text = re.sub(r"\n\s+", " ", (files("cope_lsp.languages.cpp") / "standard.txt").read_text("utf-8"))
    told = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {name: frozenset(words.split()) for name, _, words in told}


def imported(source: Source, names: frozenset[str], path: str) -> tuple[Imported, ...]:
    """Headers of the project that may declare what the code uses: those that its file includes."""
    here = PurePosixPath(path).parent
    folders = dict.fromkeys((here.as_posix(), *_above(here)))
    wanted = [found.decode("utf-8", "replace") for found in _OWN.findall(source.text)][:_MOST]
    places = [posixpath.normpath(f"{folder}/{name}") for name in wanted for folder in folders]
    inside = tuple(place for place in places if not place.startswith("..") and place != path)
    return tuple(Imported(name, name, inside) for name in sorted(names)) if inside else ()


def _above(folder: PurePosixPath) -> list[str]:
    """Folders from which headers are usually named: the file's, those above, and where they keep headers."""
    roots = [folder, *folder.parents]
    return [(root / each).as_posix() for root in roots for each in _FOLDERS]

"""The target at awkward places, language by language: what `places.txt` of each says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from cope_lsp.languages.registry import LANGUAGES
from cope_lsp.languages.text import Span

HERE = Path(__file__).parent
CURSOR = "¦"
LEAST = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor in a text, and the target that it means: its qualname and what it is, or nothing."""

    language: str
    claim: str
    text: bytes
    cursor: int
    expected: str


def _read(path: Path) -> list[Place]:
    blocks = path.read_text("utf-8").split("\n=== ")
    return [_place(path.parent.name, block) for block in blocks[1:]]


def _place(language: str, block: str) -> Place:
    head, text, expected = block.split("\n---\n")
    claim, _, other = head.partition("\n")
    raw = text.replace("␍\n", "\r\n").encode()
    cursor = raw.index(CURSOR.encode())
    plain = raw[:cursor] + raw[cursor + len(CURSOR.encode()) :]
    return Place(other.strip() or language, claim, plain, cursor, expected.strip())


FILES = sorted(HERE.glob("*/places.txt"))
PLACES = [place for path in FILES for place in _read(path)]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.language}: {place.claim}")
def test_the_target_is_found(place: Place) -> None:
    """What stands at the cursor is found by name, and known for a stub or for written."""
    language = next(each for each in LANGUAGES if each.id == place.language)
    source = language.syntax.parse(place.text)
    target = language.syntax.target_at(source, Span(place.cursor, place.cursor))
    if target is None:
        found = "none"
    else:
        parts = [target.qualname, "stub" if target.stub else "written"]
        found = " ".join([*parts, *([] if target.offerable else ["unoffered"])])
    assert found == place.expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_there_are_enough_places(path: Path) -> None:
    """At least forty a language."""
    assert len(_read(path)) >= LEAST

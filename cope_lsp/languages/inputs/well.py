"""Where values are drawn from: chance, the numbers and texts that were seen, and what the words allow."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.inputs.shapes import values_in

if TYPE_CHECKING:
    from collections.abc import Sequence

UNBOUNDED = -(10**9)
LETTERS = "abcdefgxyzABC 12"
LARGEST = 1000
"""Numbers of a docstring beyond this are limits or years, no values to call with."""

_POSITIVE = re.compile(
    # What only the positive ones are to be taken from holds others too.
    r"(?<!only )(?<!return )(?<!all )(?<!count )(?<!sum of )\bpositive (?:[a-z]+ ){0,2}(?:integer|number|int)"
    r"|greater than (?:0|zero)|\bn > 0|>= 1\b",
    re.IGNORECASE,
)
_NATURAL = re.compile(r"non-?\s?negative|natural number|unsigned|>= 0\b", re.IGNORECASE)
_FILLED = re.compile(r"non-?\s?empty|not empty|at least one", re.IGNORECASE)
_QUOTED = re.compile(r"(?<!\w)(?:\"([^\"\n]{1,24})\"|'([^'\n]{1,24})'|`([^`\n]{1,24})`)(?!\w)")
_PROPER = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,4}(?![\w.]\d|\w)")
_PAIRS = (("parenthes", "()"), ("square bracket", "[]"), ("braces", "{}"), ("angle bracket", "<>"))
_ALPHABETS = (("binary", "01"), ("digits", "0123456789"), ("vowel", "aeioubcdyAEIOU"))


@dataclass(frozen=True, slots=True)
class Well:
    """The scalars that were seen, and bounds.

    `least` is the least number allowed, `fewest` the items that a list has at least; `alphabet` is what new
    texts are made of, and where it is `closed` all of them.
    """

    chance: random.Random
    integers: tuple[int, ...] = ()
    floats: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    least: int = UNBOUNDED
    alphabet: str = LETTERS
    closed: bool = False
    fewest: int = 0

    def likely(self, share: float) -> bool:
        """True in that share of the times."""
        return self.chance.random() < share


def well_of(seen: Sequence[object], docstring: str, seed: int) -> Well:
    """A well that knows the scalars inside the values that were seen; without any, those of the docstring."""
    values = list(seen) or [*_words(docstring), *_numbers(docstring)]
    texts = tuple(dict.fromkeys(text for value in values for text in values_in(value, str)))
    told = [text for value in seen for text in values_in(value, str)]
    alphabet = _letters(told) or _signs(docstring)
    return Well(
        random.Random(seed),  # noqa: S311 -- reproducible inputs, not secrets
        tuple(dict.fromkeys(number for value in values for number in values_in(value, int))),
        tuple(dict.fromkeys(number for value in values for number in values_in(value, float))),
        texts,
        1 if _POSITIVE.search(docstring) else 0 if _NATURAL.search(docstring) else UNBOUNDED,
        alphabet or next((letters for word, letters in _ALPHABETS if word in docstring.lower()), LETTERS),
        fewest=1 if _FILLED.search(docstring) else 0,
        closed=alphabet != "" and not any(map(str.isalnum, alphabet)),
    )


def _letters(seen: list[str]) -> str:
    """The letters of the texts that were seen, if they are more than one."""
    letters = "".join(sorted(set("".join(seen))))
    return letters if len(letters) > 1 else ""


def _signs(docstring: str) -> str:
    """The signs that the docstring speaks of, if they are more than one and no letters."""
    signs = "".join(word for word in _words(docstring) if len(word) == 1)
    signs += "".join(pair for word, pair in _PAIRS if word in docstring.lower())
    return signs if len(signs) > 1 and not signs.isalnum() else ""


def _words(docstring: str) -> list[str]:
    """What the docstring quotes, and names in the midst of its sentences."""
    quoted = ["".join(match.groups("")) for match in _QUOTED.finditer(docstring)]
    found = dict.fromkeys([*quoted, *_PROPER.findall(docstring)])
    return [word for word in found if word not in ("True", "False", "None")]


def _numbers(docstring: str) -> list[int]:
    numbers = (int(text) for text in _NUMBER.findall(docstring))
    return [number for number in dict.fromkeys(numbers) if abs(number) <= LARGEST]

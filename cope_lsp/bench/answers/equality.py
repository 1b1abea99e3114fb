"""When two answers are the same: equal as mathematics, in whatever notation."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.answers.latex import bare, braced, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 200
"""Characters of an answer up to which it is worked out; a longer one is compared as text."""

HIGHEST_POWER = 3000
"""Largest product of the exponents over numbers."""

HIGHEST_DEGREE = 24
"""Largest product of the exponents over sums with variables, which may be multiplied out."""

LARGEST_FACTORIAL = 1000
"""Largest number in an answer with factorials or binomials."""

Comparison: TypeAlias = Callable[[str, str], bool]


@lru_cache(maxsize=4096)
def same(known: str, answer: str) -> bool:
    """Whether an answer is the known one: first as text and as a fraction, then by algebra.

    A decimal stands for what it is rounded from if it has six places (math-verify's rule).
    """
    if bare(known) == bare(answer):
        return True
    if max(len(known), len(answer)) > LONGEST:
        return False
    one, other = tidy(known), tidy(answer)
    left, right = rational(one), rational(other)
    if left is not None and right is not None and (left == right or left.denominator == right.denominator):
        return left == right
    return is_small(one) and is_small(other) and _by_algebra()(one, other)


def rational(text: str) -> Fraction | None:
    """The value of a plain number or fraction, its unit or per cent sign left out; None: it is neither."""
    found = _RATIONAL.fullmatch(text.strip())
    if found is None or found["unit"] in _NO_UNITS:
        return None
    below = found["below"] or found["low"] or found["digit"] or "1"
    above = found["above"] or found["up"] or found["number"]
    if not int(below):
        return None
    value = Fraction(above.replace(",", "").replace(" ", "")) / int(below)
    return -value if found["sign"] == "-" else value


def is_small(text: str) -> bool:
    """Whether working an answer out is sure to end soon: nothing in it grows beyond bounds."""
    if _ENDLESS.search(text):
        return False
    raised, counted = "^" in text, bool(_COUNTING.search(text))
    if counted:
        numbers = map(int, re.findall(r"\d+", text))
        return not raised and not _NESTED.search(text) and max(numbers, default=0) <= LARGEST_FACTORIAL
    highest = HIGHEST_DEGREE if _LETTER.search(_COMMAND.sub("", text)) else HIGHEST_POWER
    return not raised or _has_small_powers(text, highest)


def _has_small_powers(text: str, highest: int) -> bool:
    product = 1
    for base, exponent in _powers(text):
        if "^" in exponent:
            return False
        size = math.prod(int(number) for number in re.findall(r"[1-9]\d*", exponent))
        product *= 1 if base.isalpha() and size <= HIGHEST_POWER else size
    return product <= highest


def _powers(text: str) -> Iterator[tuple[str, str]]:
    """The last sign of each base with its exponent."""
    for power in _POWER.finditer(text):
        exponent = braced(text, power.end() - 1) if text[power.end() - 1] == "{" else power[2]
        yield power[1], exponent or ""


@cache
def _by_algebra() -> Comparison:
    """Math-verify over its LaTeX grammar; its other one hands what it reads to Python."""
    algebra = import_module("math_verify")  # not before it is needed: sympy takes a second
    logging.getLogger("math_verify").setLevel(logging.ERROR)  # it warns that its timeouts are off
    grammar = (algebra.LatexExtractionConfig(),)

    def read(text: str) -> object:
        box = f"\\boxed{{{text}}}"
        return algebra.parse(box, grammar, fallback_mode="no_fallback", parsing_timeout=None)

    def equal(known: str, answer: str) -> bool:
        return bool(algebra.verify(read(known), read(answer), timeout_seconds=None))

    return equal


_RATIONAL = re.compile(
    r"""(?P<sign>[-+]?)\s*
    (?: \\frac\s*\{\s*(?P<above>\d+)\s*\}\s*\{\s*(?P<below>\d+)\s*\}
      | \\frac\s*(?P<up>\d)\s*(?P<digit>\d)
      | (?P<number>\d{1,3}(?:,\ ?\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+) (?:\s*/\s*(?P<low>\d+))?
    )
    (?: \s*\\?% | \s*\\(?:text|mathrm|mbox)\s*\{[^{}]*\}(?:\s*\^\s*\{?[23]\}?)?
      | (?:\s+|-)(?P<unit>[A-Za-z]{2,}(?:\s[A-Za-z]+)*)(?:\s*\^\s*\{?[23]\}?)? )?""",
    re.VERBOSE,
)
_NO_UNITS = {"pi", "sqrt", "log", "ln", "sin", "cos", "tan", "exp"}
_ENDLESS = re.compile(r"\\(?:int|i+nt|oint|sum|prod|lim)(?![a-zA-Z])|\d{100}")
_COUNTING = re.compile(r"!|\\[dt]?binom(?![a-zA-Z])|\\choose(?![a-zA-Z])")
_NESTED = re.compile(r"[)}\]!]\s*!|binom.*binom")
_COMMAND = re.compile(r"\\[a-zA-Z]+")
_LETTER = re.compile(r"[a-zA-Z]")
_POWER = re.compile(r"(\S?)\s*\^\s*(\S)")

"""Mutants of a function: which faults are made, that each parses and differs, and that none runs for ever."""

from __future__ import annotations

import ast
import difflib
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.languages.python.language import PYTHON

if TYPE_CHECKING:
    from types import FrameType

ALL = 500

FAULTS = {
    "a boundary": ("return a < b", "return (a <= b)"),
    "an opposite": ("return a == b", "return (a != b)"),
    "membership": ("return a in b", "return (a not in b)"),
    "one too many": ("return a + 10", "return a + 11"),
    "one too few": ("return a + 10", "return a + 9"),
    "another operator": ("return a + b", "return (a - b)"),
    "an operand lost": ("return a + b", "return a"),
    "texts the wrong way round": ("return a + ', '", "return (', ' + a)"),
    "another connective": ("return a and b", "return (a or b)"),
    "a condition forgotten": ("return a and b", "return b"),
    "a negation forgotten": ("return not a", "return a"),
    "a branch never taken": ("if a:\n    return b\nreturn a", "if (False):"),
    "a condition turned round": ("if a:\n    return b\nreturn a", "if (not (a)):"),
    "a default returned": ("return sorted(a)", "return None"),
    "the order forgotten": ("return sorted(a)", "return (list(a))"),
    "a key forgotten": ("return max(a, key=len)", "return (max(a))"),
    "max for min": ("return min(a)", "return max(a)"),
    "lower for upper": ("return a.upper()", "return a.lower()"),
    "a case change forgotten": ("return a.upper()", "return a"),
    "arguments in each other's place": ("return divmod(a, b)", "return (divmod(b, a))"),
    "a slice off by one": ("return a[:b]", "return a[:b - 1]"),
    "a step forgotten": ("return a[::-1]", "return a[:]"),
    "a range off by one": ("return list(range(a))", "return list((range(a - 1)))"),
    "a loop never entered": ("for c in a:\n    b += c\nreturn b", "for c in ():"),
    "a statement forgotten": ("for c in a:\n    b += c\nreturn b", "    pass"),
    "a sum that is set": ("for c in a:\n    b += c\nreturn b", "    b = c"),
    "another variable": ("for c in a:\n    b += c\nreturn b", "    b += b"),
    "on for out": ("for c in a:\n    if c:\n        break\nreturn c", "        continue"),
    "a filter forgotten": ("return [c for c in a if c]", "return [c for c in a]"),
    "an error not raised": ("if a < 0:\n    raise ValueError('no')\nreturn a", "    pass"),
    "a text lost": ("return a.split(',')", "return a.split('')"),
}

SAMPLE = '''
from functools import lru_cache


class Shelf:
    """Books."""

    @lru_cache
    def longest(self, names: list[str], least: int = 3) -> str:
        """The longest name.

        >>> Shelf().longest(["ab", "abc"])
        'abc'
        """
        best = ""
        log.debug("looking")
        for number, name in enumerate(names):  # in order
            if len(name) >= least and (not best or len(name) > len(best)):
                best = name
            elif f"{number + 1}" == name:
                raise ValueError("a number: %d" % number)
        return best or "ü"
'''

LOOPS = {
    "gcd": ("def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a\n", "gcd(12, 18)"),
    "search": (
        (
            "def search(a, x):\n    low, high = 0, len(a)\n    while low < high:\n"
            "        mid = (low + high) // 2\n        if a[mid] < x:\n            low = mid + 1\n"
            "        else:\n            high = mid\n    return low\n"
        ),
        "search([1, 3, 5, 7], 5)",
    ),
    "digits": (
        (
            "def digits(n):\n    out = []\n    while True:\n        out.append(n % 10)\n        n //= 10\n"
            "        if n == 0:\n            break\n    return out[::-1]\n"
        ),
        "digits(1234)",
    ),
    "drain": (
        (
            "def drain(a):\n    out = []\n    while a:\n        x = a.pop()\n        if x % 2:\n"
            "            out.append(x + 1)\n    return out\n"
        ),
        "drain([1, 2, 3])",
    ),
}


def mutants_of(text: str, name: str, *, most: int = ALL, seed: int = 0) -> list[str]:
    """The mutants of a function of a text."""
    target = PYTHON.syntax.target_named(PYTHON.syntax.parse(text.encode()), name)
    assert target is not None
    return [each.decode() for each in PYTHON.running.mutants(text.encode(), target, most, seed)]


def function_of(body: str) -> str:
    """A function `f(a, b)` of that body."""
    return f"def f(a, b):\n{textwrap.indent(body, '    ')}\n"


def new_lines(text: str, mutant: str) -> list[str]:
    """The lines that a mutant has and the text has not."""
    return [line[2:] for line in difflib.ndiff(text.splitlines(), mutant.splitlines()) if line[0] == "+"]


@pytest.mark.parametrize(("body", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_made(body: str, fault: str) -> None:
    """Every fault of the table is among a function's mutants."""
    text = function_of(body)
    lines = [line for mutant in mutants_of(text, "f") for line in new_lines(text, mutant)]
    assert textwrap.indent(fault, "    ") in lines


def test_every_mutant_parses_and_differs_in_meaning() -> None:
    """For every function here: no two have the same tree, none has the original's, and all compile."""
    texts = [(function_of(body), "f") for body, _ in FAULTS.values()]
    texts += [(text, call.partition("(")[0]) for text, call in LOOPS.values()]
    for text, name in [(SAMPLE, "Shelf.longest"), *texts]:
        found = mutants_of(text, name)
        trees = {ast.dump(ast.parse(each)) for each in (text, *found)}
        assert found
        assert len(trees) == len(found) + 1
        for mutant in found:
            compile(mutant, "mutant", "exec")


def test_only_the_body_is_touched() -> None:
    """Heads, docstrings, comments, f-strings, logging and messages of exceptions stay."""
    lines = [line for text in mutants_of(SAMPLE, "Shelf.longest") for line in new_lines(SAMPLE, text)]
    kept = ("def longest", "lru_cache", ">>>", '"""', "log.debug")
    assert not [line for line in lines if any(word in line for word in kept)]
    for text in mutants_of(SAMPLE, "Shelf.longest"):
        assert "a number: %d" in text or "raise" not in text
        assert "{number + 1}" in text or "elif (False)" in text


def test_mutants_are_spread_over_kinds_and_lines() -> None:
    """Few mutants of a function touch most of its lines, not one line many times."""
    few = [new_lines(SAMPLE, text)[0].strip() for text in mutants_of(SAMPLE, "Shelf.longest", most=6)]
    assert len(few) == 6
    assert len({line.split("(")[0].split(" ")[0] for line in few}) >= 4


def test_a_seed_gives_the_same_mutants_again() -> None:
    """The choice is random, and reproducible."""
    first = mutants_of(SAMPLE, "Shelf.longest", most=5, seed=1)
    assert first == mutants_of(SAMPLE, "Shelf.longest", most=5, seed=1)
    assert first != mutants_of(SAMPLE, "Shelf.longest", most=5, seed=2)


def test_a_file_broken_elsewhere_still_has_mutants() -> None:
    """Only the target has to parse."""
    assert mutants_of("x = (\n\n\ndef f(a):\n    return a + 1\n", "f")
    assert not mutants_of("def f(a):\n    return a + (\n", "f")


@pytest.mark.parametrize(("text", "call"), LOOPS.values(), ids=LOOPS)
def test_no_mutant_of_a_loop_runs_for_ever(text: str, call: str) -> None:
    """A fault that would keep `while` going is not made; others in the loop are."""
    name = call.partition("(")[0]
    found = mutants_of(text, name)
    assert len(found) > 2
    for mutant in found:
        names: dict[str, Any] = {}
        exec(compile(mutant, "mutant", "exec"), names)  # noqa: S102 -- mutants of the functions above
        assert ends(call, names), mutant


def ends(call: str, names: dict[str, Any]) -> bool:
    """Whether a call comes to an end, whatever it gives, within some thousand lines."""
    left = 5000

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 -- a tracer returns itself
        nonlocal left
        left -= event == "line"
        if left < 0:
            raise TimeoutError
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        eval(call, names)  # noqa: S307 -- likewise
    except TimeoutError:
        return False
    except Exception:  # noqa: BLE001 -- a mutant may raise anything
        return True
    finally:
        sys.settrace(before)
    return True

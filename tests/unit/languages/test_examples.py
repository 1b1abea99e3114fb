"""Examples are read from docstrings in the forms that people write, and nothing else is taken for one."""

from __future__ import annotations

from textwrap import indent

import pytest

from cope_lsp.languages.python import syntax
from cope_lsp.languages.running import Example


def read(doc: str, quote: str = '"""', prefix: str = "", above: str = "") -> tuple[Example, ...]:
    """Examples of a function `f` with that docstring."""
    text = f"{above}def f(x, y=0):\n    {prefix}{quote}{indent(doc, '    ').lstrip()}\n    {quote}\n    ...\n"
    source = syntax.parse(text.encode())
    target = syntax.target_named(source, "f")
    assert target is not None
    assert target.docstring is not None
    return syntax.examples(source, target)


def pairs(doc: str) -> list[tuple[str, str]]:
    """Calls and what they must give."""
    return [(example.call, example.expected) for example in read(doc)]


INLINE = {
    "f(1) == 2": ("f(1)", "2"),
    "f(1) -> 2": ("f(1)", "2"),
    "f(1) ➞ 2": ("f(1)", "2"),
    "f(1) → 2": ("f(1)", "2"),
    "f(1) => [2, 3]": ("f(1)", "[2, 3]"),
    "f(1) returns None": ("f(1)", "None"),
    "f(1) should return True": ("f(1)", "True"),
    "f(1)  # => 2": ("f(1)", "2"),
    "For example, f(1) == 2.": ("f(1)", "2"),
    "- `f('a')` -> `'b'`": ("f('a')", "'b'"),
    "* f('a') == 'b';": ("f('a')", "'b'"),
    "1. f('a -> b') -> 'a == b'": ("f('a -> b')", "'a == b'"),
    "assert f({'a': 1}) == {'b'}": ("f({'a': 1})", "{'b'}"),
    "f([i for i in range(3)]) == set()": ("f([i for i in range(3)])", "set()"),
    "f(-1.5, y=2) == float('inf')": ("f(-1.5, y=2)", "float('inf')"),
    "f(1) ==> true": ("f(1)", "True"),
    "Input: x = [1], y = 2\n    Output: [3]": ("f(x = [1], y = 2)", "[3]"),
    "Input: [1]\nOutput: 3 # three": ("f([1])", "3"),
    ">>> f(1) == 2": ("f(1)", "2"),
    "f(x=1) == 2  # twice": ("f(x=1)", "2"),
    "await f(1) == 2": ("await f(1)", "2"),
}


@pytest.mark.parametrize(("line", "example"), INLINE.items(), ids=INLINE.keys())
def test_an_inline_example_is_read(line: str, example: tuple[str, str]) -> None:
    """Arrows, equals and words, with bullets, backticks and prose around."""
    assert pairs(f"Does it.\n\n{line}\n") == [example]


@pytest.mark.parametrize(
    "line",
    [
        "f(x) -> int",
        "f(x) == y",
        "f(a, b) returns a + b",
        "f(1) returns the number twice",
        "f(1) -> result",
        "g(1) == 2",
        "f == 2",
        "x -> f(1)",
        "f(1) > 2",
        "returns 2",
        "f(1) ==",
        "f(1 == 2",
        "if f(1) == 2: pass",
        "self.f(1) == 2",
        "f(1) -> (2",
        "f(1) = 2",
        "Input: z = 1\nOutput: 2",
        "Input: a number\nOutput: 2",
    ],
)
def test_what_is_no_example_is_left_alone(line: str) -> None:
    """Signatures, formulas, other functions, prose: strictness costs an example, laxness a right answer."""
    assert pairs(f"Does it.\n\n{line}\n") == []


def test_doctests_share_what_stands_before_them() -> None:
    """Assignments and imports of the block are the setup; calls that change nothing known are not."""
    found = read(
        ">>> import math\n>>> a = [1]\n>>> f(1)\n2\n>>> f(a)\n[2]\n>>> a.append(2)\n>>> f(a)\n[2, 3]\n"
    )
    assert [example.setup for example in found] == [
        ("import math", "a = [1]"),
        ("import math", "a = [1]"),
        ("import math", "a = [1]", "f(a)", "a.append(2)"),
    ]
    assert [example.expected for example in found] == ["2", "[2]", "[2, 3]"]


def test_a_doctest_may_be_long() -> None:
    """Continuation lines, results of several lines, blank lines marked as such."""
    doc = ">>> f(\n...     1,\n... )\n{'a': 1,\n 'b': 2}\n\nWords.\n\n"
    doc += ">>> for i in range(2):\n...     print(f(i))\n0\n1\n"
    assert read(doc) == (
        Example("f(\n    1,\n)", "{'a': 1,\n 'b': 2}"),
        Example("for i in range(2):\n    print(f(i))", "0\n1"),
    )
    assert read(">>> print(f(1))\na\n<BLANKLINE>\nb\n")[0].expected == "a\n<BLANKLINE>\nb"


def test_an_exception_is_named_with_its_message() -> None:
    """Traceback blocks, with and without a stack, with a dotted name, without a message."""
    doc = ">>> f(-1)\nTraceback (most recent call last):\n    ...\nValueError: no: never\n"
    assert read(doc) == (Example("f(-1)", "no: never", raises="ValueError"),)
    doc = ">>> f(0)\nTraceback (most recent call last):\nmy.mod.Error\n>>> f(1)\n2\n"
    assert read(doc) == (Example("f(0)", "", raises="Error"), Example("f(1)", "2"))


def test_doctest_options_come_along_and_skip_is_obeyed() -> None:
    """`# doctest:` comments leave the call and become options."""
    doc = ">>> f(1)  # doctest: +ELLIPSIS, +NORMALIZE_WHITESPACE\n[1, ...]\n>>> f(2)  # doctest: +SKIP\n9\n"
    assert read(doc) == (Example("f(1)", "[1, ...]", options=("ELLIPSIS", "NORMALIZE_WHITESPACE")),)


def test_a_malformed_block_does_not_hide_the_others() -> None:
    """`>>>f(1)` without a blank is an error to doctest; the next paragraph is read all the same."""
    assert read(">>>f(1)\n2\n\n>>> f(2)\n3\n") == (Example("f(2)", "3"),)


def test_escapes_are_those_of_the_literal() -> None:
    r"""In a raw docstring `\n` is two characters, in a plain one a line break."""
    assert read(">>> f('\\n')\n1\n", prefix="r")[0].call == "f('\\n')"
    assert read(">>> f('\\\\n')\n1\n")[0].call == "f('\\n')"


def test_examples_speak_of_names_the_file_defines() -> None:
    """A module's own constants and functions may stand in a value."""
    above = "LIMIT = 3\n\ndef g(): ...\n\n"
    assert read("f(LIMIT) == g()\n", above=above) == (Example("f(LIMIT)", "g()", form="=="),)


def test_both_forms_in_one_docstring_and_no_example_twice() -> None:
    """Repetition counts once; the order is doctests first."""
    found = read("f(1) == 2\nf(1) == 2\n\n>>> f(1)\n2\n>>> f(1)\n2\n")
    assert [example.form for example in found] == ["doctest", "=="]


def test_a_method_is_called_on_something_that_is_known() -> None:
    """`A(1).m(2)`, an object from the lines above, the class itself; a bare `m(2)` is nothing."""
    doc = "a = A(1)\n        a.m(2) == 3\n\n        A(1).m(3) -> 4\n        m(4) == 5\n        b.m(5) == 6\n"
    text = f'class A:\n    def m(self, x):\n        """Does.\n\n        {doc}        """\n        ...\n'
    source = syntax.parse(text.encode())
    target = syntax.target_named(source, "A.m")
    assert target is not None
    assert syntax.examples(source, target) == (
        Example("a.m(2)", "3", ("a = A(1)",), form="=="),
        Example("A(1).m(3)", "4", form="->"),
    )


def test_no_docstring_no_examples() -> None:
    """An f-string is no docstring either."""
    source = syntax.parse(b"def f(x):\n    f'''f(1) == 2'''\n    ...\n")
    target = syntax.target_named(source, "f")
    assert target is not None
    assert syntax.examples(source, target) == ()

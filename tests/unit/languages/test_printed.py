"""Results of doctests as Python prints them."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python.printed import as_printed


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ('"a-b"', "'a-b'"),
        ('"it\'s"', '"it\'s"'),
        ("[1,2]", "[1, 2]"),
        ("{'a':1}", "{'a': 1}"),
        ("{2, 1}", "{2, 1}"),
        ("a sentence", "a sentence"),
        ("None", "None"),
    ],
)
def test_a_result_is_spelt_as_python_prints_it(written: str, printed: str) -> None:
    """What is no plain value stays, and so does a set, whose order is nobody's."""
    text = "Do it.\n\n>>> f(\n...     1)\n{0}\n\nMore {0}.\n\n    >>> f(2)\n    {0}\n"
    wanted = "Do it.\n\n>>> f(\n...     1)\n{1}\n\nMore {0}.\n\n    >>> f(2)\n    {1}\n"
    assert as_printed(text.replace("{0}", written)) == wanted.replace("{0}", written).replace("{1}", printed)


def test_an_exception_gets_the_traceback_that_doctest_looks_for() -> None:
    """Models write its last line alone."""
    text = ">>> f('')\nValueError: empty\n\n>>> f(1)\n1"
    assert as_printed(text) == (
        ">>> f('')\nTraceback (most recent call last):\n    ...\nValueError: empty\n\n>>> f(1)\n1"
    )


def test_what_is_no_doctest_stays() -> None:
    """Also where doctest would complain."""
    for text in ('"a"\n', ">>>f()\n1\n", ">>> f()\n1\n2\n"):
        assert as_printed(text) == text

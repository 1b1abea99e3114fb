"""One more example in a docstring: where it goes, and where it has no place."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python.language import PYTHON


def added(text: str, call: str = "f(2)", shown: str = "4") -> str | None:
    """The text with an example added to `f`."""
    source = PYTHON.syntax.parse(text.encode())
    target = PYTHON.syntax.target_named(source, "f")
    assert target is not None
    new = PYTHON.syntax.with_example(source, target, call, shown)
    return None if new is None else new.decode()


def test_it_follows_the_examples_that_are_there() -> None:
    """The last block of examples grows by two lines; nothing else changes."""
    before = 'def f(x):\n    """Twice.\n\n    >>> f(1)\n    2\n    """\n    return 2 * x\n'
    assert added(before) == before.replace("    2\n", "    2\n    >>> f(2)\n    4\n")


@pytest.mark.parametrize("body", ['"""Twice."""', '"""Twice.\n    """', '"""\n    Twice.\n    """'])
def test_it_stands_apart_from_prose(body: str) -> None:
    """A docstring without examples gets a paragraph of its own for it."""
    new = added(f"def f(x):\n    {body}\n    return 2 * x\n")
    assert new is not None
    assert new.endswith('Twice.\n\n    >>> f(2)\n    4\n    """\n    return 2 * x\n')


def test_backslashes_are_doubled_in_a_plain_literal_only() -> None:
    """What a reader of the docstring sees is the call."""
    call, shown = r"f('\n')", r"'\\n'"
    plain = added('def f(x):\n    """Twice."""\n', call, shown)
    raw = added('def f(x):\n    r"""Twice."""\n', call, shown)
    assert plain is not None
    assert r">>> f('\\n')" in plain
    assert raw is not None
    assert r">>> f('\n')" in raw
    for text in (plain, raw):
        source = PYTHON.syntax.parse(text.encode())
        target = PYTHON.syntax.target_named(source, "f")
        assert target is not None
        (example,) = PYTHON.syntax.examples(source, target)
        assert (example.call.strip(), example.expected.strip()) == (call, shown)


def test_line_ends_are_the_files_own() -> None:
    """CRLF stays CRLF."""
    new = added('def f(x):\r\n    """Twice."""\r\n    return 2 * x\r\n')
    assert new is not None
    assert "\n" not in new.replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("def f(x):\n    return 2 * x\n", "4"),
        ("def f(x):\n    'Twice.'\n", "4"),
        ('def f(x):\n    """Twice."""\n', '\'"""\''),
        ('def f(x):\n    """Twice."""\n', "one\ntwo"),
        ('def f(x):\n    """Twice."""\n', "..."),
        ('def f(x):\n    """Twice."""\n', "'\x1b[2J'"),
    ],
)
def test_what_has_no_place_is_left_out(text: str, shown: str) -> None:
    """No docstring, one in single quotes, a value that would end it or read as something else."""
    assert added(text, shown=shown) is None

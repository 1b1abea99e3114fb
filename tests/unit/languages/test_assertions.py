"""Tests that a model wrote, in whatever shape, become examples; garbage does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.python.language import PYTHON

if TYPE_CHECKING:
    from cope_lsp.languages.running import Example

FUNCTION = "def f(x, y=0):\n    ...\n"
METHOD = "class Stack:\n    def push(self, x):\n        ...\n"


def read(text: str, code: str = FUNCTION, name: str = "f") -> list[str]:
    """The examples of a text, each on one line."""
    target = PYTHON.syntax.target_named(PYTHON.syntax.parse(code.encode()), name)
    assert target is not None
    return [shown(example) for example in PYTHON.syntax.assertions(text, target)]


def shown(example: Example) -> str:
    """Setup, call and outcome."""
    outcome = f"raises {example.raises}" if example.raises else f"== {example.expected}"
    return "; ".join([*example.setup, f"{example.call} {outcome}"])


SHAPES = {
    "assert f(1) == 2": ["f(1) == 2"],
    "assert 2 == f(1)": ["f(1) == 2"],
    "assert f(1) is None, 'nothing'": ["f(1) == None"],
    "assert f(1)": ["bool(f(1)) == True"],
    "assert not f(1)": ["bool(f(1)) == False"],
    "assert f(1) == 2 and f(2) == 3": ["f(1) == 2", "f(2) == 3"],
    "assert f(1) > 0": ["f(1) > 0 == True"],
    "assert f(2) == f(-2)": ["f(2) == f(-2) == True"],
    "assert f(f(1)) == 1": ["f(f(1)) == 1"],
    "assert sorted(f([2, 1])) == [1, 2]": ["sorted(f([2, 1])) == [1, 2]"],
    "assert f(0.1) == pytest.approx(0.3)": ["abs(f(0.1) - 0.3) <= 1e-06 == True"],
    "self.assertEqual(f(1), 2)": ["f(1) == 2"],
    "self.assertAlmostEqual(f(1), 2.5)": ["abs(f(1) - 2.5) <= 1e-06 == True"],
    "self.assertTrue(f(1))": ["bool(f(1)) == True"],
    "self.assertRaises(ValueError, f, 1)": ["f(1) raises ValueError"],
    "with pytest.raises(ValueError):\n    f(1)": ["f(1) raises ValueError"],
    "x = [1]\nassert f(x) == x + x": ["x = [1]; f(x) == x + x"],
    "def test_it():\n    unused = 1\n    x = 1\n    y = x\n    assert f(y) == 2": ["x = 1; y = x; f(y) == 2"],
    "def check(candidate):\n    assert candidate(1) == 2": ["f(1) == 2"],
    "import solution\nassert solution.f(1) == 2": ["f(1) == 2"],
    "for x, y in [(1, 2), (3, 4)]:\n    assert f(x) == y": [
        "(x, y) = (1, 2); f(x) == y",
        "(x, y) = (3, 4); f(x) == y",
    ],
    "@pytest.mark.parametrize('x, y', [(1, 2)])\ndef test_it(x, y):\n    assert f(x) == y": [
        "x, y = (1, 2); f(x) == y"
    ],
    ">>> f(1)\n2": ["f(1) == 2"],
    "Here:\n```python\nassert f(1) == 2\n```\nI hope `assert f(9) == 9` helps.": ["f(1) == 2"],
    "```python\nassert f(1) == 2\nassert f(2) ==": ["f(1) == 2"],
}


@pytest.mark.parametrize("text", SHAPES)
def test_a_shape_is_read(text: str) -> None:
    """As call and value; with what was assigned before where it is needed."""
    assert [each.replace("(0.3)", "0.3").replace("(2.5)", "2.5") for each in read(text)] == SHAPES[text]


def test_a_text_may_go_on_where_a_prompt_ended_with_assert() -> None:
    """As a completion model writes: its first line lacks the word, the last is cut off."""
    text = " f(1) == 2\nassert \n    f([1,\n      2]) == 3\nassert f(3) == [\nassert f(4) == 5, 'no\n"
    text += "assert f(5) == 6"
    assert read(text) == ["f(1) == 2", "f([1, 2]) == 3", "f(5) == 6"]


GARBAGE = (
    *("", "\n\n", "assert", "____ == ____\nassert f(1) == ____", "assert g(1) == 2", "assert f(1) == f(1)"),
    *("import x; ) f(1)", "f f f\n" * 200, "\0assert f(", "assert f(" + "(" * 500),
)


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_gives_nothing(text: str) -> None:
    """Neither an error nor an example."""
    assert read(text) == []


def test_a_test_is_read_once_and_not_more_than_forty_are() -> None:
    """However often a model repeats itself."""
    assert read("assert f(1) == 2\n" * 50) == ["f(1) == 2"]
    assert len(read("\n".join(f"assert f({number}) == 0" for number in range(60)))) == 40


def test_a_method_is_tested_on_its_object() -> None:
    """The object's making is the setup; a function of the same name is another."""
    text = "s = Stack()\ns.push(1)\nassert s.push(2) == 2\nassert push(3) == 3"
    assert read(text, METHOD, "Stack.push") == ["s = Stack(); s.push(2) == 2"]

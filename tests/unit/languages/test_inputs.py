"""Which calls are made: like those seen, at the boundaries, of the kinds that annotations and words name."""

from __future__ import annotations

import ast
import builtins
import keyword
from typing import Any

import pytest

from cope_lsp.languages.python.inputs.calls import CALLS
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.running import Example


def calls(
    code: str, name: str, *examples: Example, seed: int = 0, texts: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The calls of a function."""
    source = PYTHON.syntax.parse(code.encode())
    target = PYTHON.syntax.target_named(source, name)
    assert target is not None
    return PYTHON.running.inputs(source, target, examples, seed, tuple(text.encode() for text in texts))


def arguments(call: str) -> list[Any]:
    """The values of a call's positional arguments."""
    node = ast.parse(call, mode="eval").body
    assert isinstance(node, ast.Call)
    return [ast.literal_eval(each) for each in node.args]


def kinds(code: str, *examples: Example) -> set[str]:
    """The types of the first argument in all calls of `f`."""
    return {type(arguments(call)[0]).__name__ for call in calls(code, "f", *examples)}


def test_the_same_seed_gives_the_same_calls() -> None:
    """Many, none twice; another seed gives others."""
    code = "def f(words: list[str], n: int) -> str:\n    ...\n"
    first = calls(code, "f")
    assert first == calls(code, "f")
    assert first != calls(code, "f", seed=1)
    assert len(set(first)) == len(first) == CALLS


@pytest.mark.parametrize(
    ("annotation", "wanted"),
    [
        ("int", {"int"}),
        ("'str'", {"str"}),
        ("list[int]", {"list"}),
        ("Optional[dict[str, int]]", {"dict", "NoneType"}),
        ("int | None", {"int", "NoneType"}),
        ("typing.Tuple[int, str]", {"tuple"}),
        ("Literal['a', 'b']", {"str"}),
        ("set[str]", {"set"}),
    ],
)
def test_arguments_fit_their_annotation(annotation: str, wanted: set[str]) -> None:
    """Built-in names and those of typing."""
    assert kinds(f"def f(value: {annotation}):\n    ...\n") == wanted


@pytest.mark.parametrize(
    ("name", "docstring", "wanted"),
    [
        ("lst", "", {"list"}),
        ("text", "", {"str"}),
        ("n", "", {"int"}),
        ("q", "Given a dictionary q, invert it.", {"dict"}),
        ("a", "Reverse the given string.", {"str"}),
    ],
)
def test_without_annotation_the_words_decide(name: str, docstring: str, wanted: set[str]) -> None:
    """First those beside the argument, then its name, then the opening."""
    assert kinds(f'def f({name}):\n    """{docstring}"""\n    ...\n') == wanted


def test_what_was_seen_is_varied() -> None:
    """In examples, tests and at call sites; what has a form keeps it."""
    code = "def f(fruit, n):\n    ...\n\nf('3 apples and 9 pears', 20)\n"
    test = "from m import f\n\ndef test_it():\n    assert f('5 apples and 6 pears', 19) == 8\n"
    found = calls(code, "f", Example("f('1 apples and 2 pears', 7)", "4"), texts=(test,))
    assert found[:3] == (
        "f('1 apples and 2 pears', 7)",
        "f('5 apples and 6 pears', 19)",
        "f('3 apples and 9 pears', 20)",
    )
    like = [
        call for call in found[3:] if " apples and " in call and call.endswith("pears', " + call.split()[-1])
    ]
    assert len(like) >= 8


def test_words_bound_numbers() -> None:
    """A positive integer is never zero or less."""
    code = 'def f(n):\n    """Given a positive integer n, count."""\n    ...\n'
    assert min(arguments(call)[0] for call in calls(code, "f")) == 1


def test_no_call_is_much_larger_than_what_was_seen() -> None:
    """So that nothing explodes."""
    code = 'def f(n, xs):\n    """Grow."""\n    ...\n'
    for seed in range(5):
        for number, items in map(arguments, calls(code, "f", Example("f(12, [1, 2])", "3"), seed=seed)):
            assert abs(number) <= 400
            assert len(items) <= 40


def test_every_call_stands_on_its_own() -> None:
    """Objects are made in the call; names that the file does not know make none."""
    code = "class Box:\n    def __init__(self, size: int): ...\n    def put(self, x: int):\n        ...\n"
    setup = Example("b.put(1)", "1", setup=("b = Box(3)",))
    foreign = Example("Unknown(1).put(2)", "2")
    found = calls(code, "Box.put", setup, foreign)
    assert found[0] == "Box(3).put(1)"
    assert len(found) == CALLS
    for call in found:
        names = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)}
        assert names <= {"Box", *dir(builtins), *keyword.kwlist}


def test_keywords_and_several_arguments_are_given_as_the_signature_wants() -> None:
    """Each call is one that Python accepts."""
    code = "def f(a: int, *more: str, key: bool, other: int = 2):\n    ...\n"
    accepted: dict[str, Any] = {}
    exec(code, accepted)  # noqa: S102 -- the line above
    found = calls(code, "f")
    assert any(len(arguments(call)) > 2 for call in found)
    for call in found:
        eval(call, accepted)  # noqa: S307 -- likewise


def test_a_function_whose_call_cannot_be_made_has_only_those_that_were_seen() -> None:
    """A class that says nothing of how it is made."""
    code = "class Box(Base):\n    def put(self, x: int):\n        ...\n"
    assert calls(code, "Box.put") == ()
    assert calls("def f(:\n    ...\n", "f") == ()

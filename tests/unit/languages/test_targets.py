"""Targets are found where people write them, also in files that do not parse elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cope_lsp.languages.python import syntax
from cope_lsp.languages.text import Span, TextChange


@dataclass(frozen=True)
class Place:
    """A text with the cursor at `§`, and the target that must be found there."""

    claim: str
    text: str
    qualname: str | None
    stub: bool = True
    offerable: bool = True
    is_async: bool = False
    body_indent: str = "    "
    parses: bool = True


PLACES = [
    Place("a plain function", "def f(x):\n    §...\n", "f"),
    Place("cursor on the header", "def §f(x):\n    ...\n", "f"),
    Place("cursor at the very start of the line", "§def f(x):\n    ...\n", "f"),
    Place("cursor at the end of the last line", "def f(x):\n    ...§\n", "f"),
    Place("cursor in the docstring", 'def f(x):\n    """Do§c."""\n', "f"),
    Place("cursor on the decorator", "@§cache\n@other(1)\ndef f(x):\n    pass\n", "f"),
    Place("pass is a stub", "def f(x):\n    §pass\n", "f"),
    Place("raise NotImplementedError is a stub", "def f():\n    §raise NotImplementedError\n", "f"),
    Place("with a message too", "def f():\n    §raise NotImplementedError('later')\n", "f"),
    Place("a docstring and a raise", 'def f():\n    "d"\n    raise §NotImplementedError()\n', "f"),
    Place("another exception is code", "def f():\n    §raise ValueError\n", "f", stub=False),
    Place("a TODO over a bare return", "def f():\n    # TODO: write\n    §return None\n", "f"),
    Place("a bare return alone is code", "def f():\n    §return None\n", "f", stub=False),
    Place("only comments for a body", "def f(x):\n    # TODO: §write\n\nx = 1\n", "f"),
    Place("no body at all", "def §f(x):\n", "f"),
    Place("no body, no line break, end of file", "class A:\n    def §f(self):", "A.f", body_indent=" " * 8),
    Place("one line", "def f(x): §...\n", "f"),
    Place("one line with a comment", "def f(x): ...  # §later\n", "f"),
    Place("a body that works", "def f(x):\n    §return x\n", "f", stub=False),
    Place("a method", "class A:\n    def m(self):\n        §...\n", "A.m", body_indent=" " * 8),
    Place(
        "a method of a nested class",
        "class A:\n  class B:\n    def m(self):\n      §...\n",
        "A.B.m",
        body_indent=" " * 6,
    ),
    Place(
        "an async method",
        "class A:\n    async def m(self):\n        §...\n",
        "A.m",
        is_async=True,
        body_indent=" " * 8,
    ),
    Place(
        "a nested function",
        "def f():\n    def g():\n        §...\n    return g\n",
        "f.g",
        body_indent=" " * 8,
    ),
    Place("the outer one after it", "def f():\n    def g():\n        ...\n    §return g\n", "f", stub=False),
    Place("tabs", "class A:\n\tdef m(self):\n\t\t§...\n", "A.m", body_indent="\t\t"),
    Place("tabs without a body", "class A:\n\tx = 1\n\tdef §m(self):\n", "A.m", body_indent="\t\t"),
    Place("two spaces", "if x:\n  y = 1\n\ndef §f(): ...\n", "f", body_indent="  "),
    Place("CRLF", "class A:\r\n    def m(self):\r\n        §...\r\n", "A.m", body_indent=" " * 8),
    Place("non-ASCII left of the cursor", "s = 'äöü→😀'; t = 2\ndef grüße(ß='ü'): §...\n", "grüße"),
    Place("a signature over several lines", "def f(\n    a,\n    b=1,\n) -> int:\n    §...\n", "f"),
    Place("cursor in that signature", "def f(\n    a§,\n) -> int:\n    ...\n", "f"),
    Place("type parameters", "def f[T: int](x: T) -> T:\n    §...\n", "f"),
    Place("a lambda default", "def f(k=lambda a: a, *, z):\n    §...\n", "f"),
    Place(
        "inside if TYPE_CHECKING", "if TYPE_CHECKING:\n    def f():\n        §...\n", "f", body_indent=" " * 8
    ),
    Place(
        "inside try", "try:\n    import x\nexcept E:\n    def f():\n        §...\n", "f", body_indent=" " * 8
    ),
    Place("a comment before the docstring", 'def f():\n    # why\n    "doc"\n    §...\n', "f"),
    Place(
        "a property setter",
        "class A:\n    @x.setter\n    def x(self, v):\n        §...\n",
        "A.x",
        body_indent=" " * 8,
    ),
    Place(
        "a match in a body", "def f(x):\n    match x:\n        case 1:\n            §pass\n", "f", stub=False
    ),
    Place(
        "an abstract method",
        "class A(ABC):\n    @abc.abstractmethod\n    def m(self):\n        §...\n",
        "A.m",
        offerable=False,
        body_indent=" " * 8,
    ),
    Place("an overload", "@typing.overload\ndef f(x: int) -> int: §...\n", "f", offerable=False),
    Place(
        "a Protocol's member",
        "class P(Protocol[T]):\n    def m(self) -> int: §...\n",
        "P.m",
        offerable=False,
        body_indent=" " * 8,
    ),
    Place(
        "a class after a Protocol",
        "class P(Protocol): ...\nclass Q:\n    def m(self): §...\n",
        "Q.m",
        body_indent=" " * 8,
    ),
    Place("an error below", "def f(x):\n    §...\n\ndef g(:\n    return ((\n", "f"),
    Place("an unclosed bracket above", "x = foo(\n\ndef f(a):\n    §...\n", "f"),
    Place(
        "an unclosed bracket above a method",
        "x = [1,\n\nclass A:\n    def m(self, a):\n        §...\n",
        "A.m",
        body_indent=" " * 8,
    ),
    Place(
        "the same with decorators",
        "x = {\n\nclass A:\n    @cached(1)\n    def m(§self):\n        ...\n",
        "A.m",
        body_indent=" " * 8,
    ),
    Place("the same on the decorator", "x = {\n\n@cached§\ndef m(x):\n    ...\n", "m"),
    Place("the same with a long signature", "x = (\n\ndef f(\n    a,\n) -> int:\n    §...\n", "f"),
    Place(
        "the same in CRLF",
        "x = (\r\n\r\nclass A:\r\n\tasync def f(self):\r\n\t\t§...\r\n",
        "A.f",
        is_async=True,
        body_indent="\t\t",
    ),
    Place(
        "the same in a Protocol",
        "x = [1,\n\nclass P(Protocol):\n    def m(self, a):\n        §...\n",
        "P.m",
        offerable=False,
        body_indent=" " * 8,
    ),
    Place("an unclosed string above", "s = 'abc\ndef f(a):\n    §...\n", "f"),
    Place(
        "a half-written line in the function itself",
        "def f(a):\n    x = (a §+\n",
        "f",
        stub=False,
        parses=False,
    ),
    Place(
        "merge markers above", "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n\ndef f():\n    §pass\n", "f"
    ),
    Place("an indented empty line after the docstring", 'def f():\n    "doc"\n    §\n\nx = 1\n', "f"),
    Place("the same after a nested function", "def f():\n    def g(): ...\n    §\n", "f", stub=False),
    Place("the same in a method", "class A:\n\tdef m(self): ...\n\t\t§", "A.m", body_indent="\t\t"),
    Place("an indented empty line of a class", "class A:\n    def m(self): ...\n    §\n", None),
    Place("outside any function", "x = 1\n§\ndef f():\n    ...\n", None),
    Place("in a class, outside its methods", "class A:\n    x: §int = 1\n    def m(self): ...\n", None),
    Place("an empty file", "§", None),
]


def marked(text: str) -> tuple[bytes, int]:
    """The text without its `§`, and the byte offset at which that stood."""
    before, _, after = text.partition("§")
    return (before + after).encode(), len(before.encode())


@pytest.mark.parametrize("place", PLACES, ids=[place.claim for place in PLACES])
def test_the_target_is_found_in_awkward_places(place: Place) -> None:
    """The innermost definition around the cursor is found, with what is to be known of it."""
    text, cursor = marked(place.text)
    target = syntax.target_at(syntax.parse(text), Span(cursor, cursor))
    if place.qualname is None:
        assert target is None
        return
    assert target is not None
    assert target.qualname == place.qualname
    assert target.stub is place.stub
    assert target.offerable is place.offerable
    assert target.is_async is place.is_async
    assert target.body_indent == place.body_indent
    assert target.parses is place.parses


@pytest.mark.parametrize("place", PLACES, ids=[place.claim for place in PLACES])
def test_spans_are_bytes_that_cut_the_text_where_they_say(place: Place) -> None:
    """The definition ends with its body, the signature runs from `def` to the colon, names match."""
    text, cursor = marked(place.text)
    target = syntax.target_at(syntax.parse(text), Span(cursor, cursor))
    if target is None:
        return
    signature = text[target.signature.start : target.signature.end].decode()
    assert signature.startswith(("def ", "async def "))
    assert signature.endswith(":")
    assert target.name in signature
    assert target.span.holds(target.signature)
    assert target.span.holds(target.body)
    assert text[: target.signature.start].decode().endswith(target.indent)


@pytest.mark.parametrize("place", PLACES, ids=[place.claim for place in PLACES])
def test_what_is_found_at_a_place_is_found_by_its_name_too(place: Place) -> None:
    """`target_named` and `targets` know every definition that `target_at` finds."""
    text, cursor = marked(place.text)
    source = syntax.parse(text)
    target = syntax.target_at(source, Span(cursor, cursor))
    if target is not None:
        assert syntax.target_named(source, target.qualname) == target
        assert target in syntax.targets(source)


def test_of_several_of_one_name_the_stub_is_meant() -> None:
    """A getter that is written and a setter that is not: the setter is asked for."""
    source = syntax.parse(
        b"class A:\n    @property\n    def x(self): return 1\n    @x.setter\n    def x(self, v): ...\n"
    )
    target = syntax.target_named(source, "A.x")
    assert target is not None
    assert b"setter" in source.text[target.span.start : target.span.end]


def test_the_twin_of_a_target_is_the_same_one_of_those_that_share_its_name() -> None:
    """After an edit above, the second `x` is still the second."""
    before = syntax.parse(b"def x(): ...\ndef x(a): ...\n")
    after = syntax.parse(b"import os\ndef x(): ...\ndef x(a):\n    return a\n")
    second = syntax.targets(before)[1]
    twin = syntax.twin(before, second, after)
    assert twin is not None
    assert not twin.stub


def changed(text: bytes, start: int, old_end: int, new: bytes) -> tuple[bytes, TextChange]:
    """A text with bytes replaced, and the change."""
    return text[:start] + new + text[old_end:], TextChange(start, old_end, start + len(new))


def test_an_incremental_parse_gives_the_tree_of_a_full_one() -> None:
    """Typing, deleting and pasting, also several changes at once, end in the same tree."""
    source = syntax.parse(("x = 'ä'\n\ndef f(a):\n    return a\n\n" * 50).encode())
    for start, old_end, new in [(20, 20, b"b, "), (0, 9, b""), (60, 90, "→\n(\n".encode()), (61, 70, b")")]:
        text, change = changed(source.text, start, old_end, new)
        source = syntax.reparse(source, text, (change,))
        assert str(source.tree.root_node) == str(syntax.parse(text).tree.root_node)
    once, first = changed(source.text, 100, 110, b"abc\n")
    twice, second = changed(once, 40, 50, b"")
    thrice, third = changed(twice, 95, 300, b"def g(): pass\n")
    source = syntax.reparse(source, thrice, (first, second, third))
    assert str(source.tree.root_node) == str(syntax.parse(thrice).tree.root_node)
    last = syntax.targets(source)[-1]
    assert last == syntax.targets(syntax.parse(thrice))[-1]


def test_changes_that_do_not_lead_to_the_text_cost_a_full_parse_and_no_wrong_tree() -> None:
    """An editor that tells wrong ranges cannot make us see a wrong tree."""
    source = syntax.parse(b"def f(): ...\n")
    text = b"class A:\n    def g(self): ...\n"
    wrong = syntax.reparse(source, text, (TextChange(3, 4, 9),))
    assert str(wrong.tree.root_node) == str(syntax.parse(text).tree.root_node)
    many = syntax.parse(b"x = 1\n" * 100)
    for text in (b"x(1)]\n" * 100, b'"""x\n' + b"x = 1\n" * 99):
        wrong = syntax.reparse(many, text, (TextChange(590, 591, 591),))
        assert str(wrong.tree.root_node) == str(syntax.parse(text).tree.root_node)
    assert syntax.reparse(source, text, ()).text == text

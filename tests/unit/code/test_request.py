"""What is offered at a place, and how an offer becomes a request."""

from __future__ import annotations

import pytest

from cope_lsp.code.problem import Diagnostic, Offer, RequestKind
from cope_lsp.code.request import (
    LARGEST_FILE,
    NothingToAsk,
    edit_offer,
    find_again,
    head_of,
    is_at_head,
    offers,
    quiet_offers,
    take_up,
    target_hash,
    written_request,
)
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.target import Head
from cope_lsp.languages.text import Span
from cope_lsp.workspace.snapshot import Snapshot
from tests.unit.code.asking import ROOT, ask, document


def offered(text: str, *found: tuple[str, str, str]) -> tuple[Offer, ...]:
    """Offers at `§`; each finding is (source, message, the text it marks)."""
    before, _, after = text.partition("§")
    data = (before + after).encode()
    cursor = len(before.encode())
    diagnostics = [
        Diagnostic(
            source, "X1", message, Span(data.index(at.encode()), data.index(at.encode()) + len(at.encode()))
        )
        for source, message, at in found
    ]
    return offers(PYTHON, PYTHON.syntax.parse(data), Span(cursor, cursor), diagnostics)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("def f(x):\n    §...\n", ["Implement f"]),
        ("class A:\n    def m(self): §...\n", ["Implement m"]),
        ("def f(x):\n    return §x\n", []),
        ("# cope: make it iterative\ndef f(x):\n    return §x\n", ["Edit f: make it iterative"]),
        ("# cope: make §it iterative\ndef f(x):\n    return x\n", ["Edit f: make it iterative"]),
        ("# cope: a\n# note\n@d\ndef f(x):\n    return §x\n", ["Edit f: a"]),
        ("def f(x):\n    # cope: § faster\n    return x\n", ["Edit f: faster"]),
        ("def f(x):\n    return x  # cope: twice§\n", ["Edit f: twice"]),
        ("def f(x):\n    return x\n    # cope: a\n\ndef g(): return §1\n", []),
        ("# cope: go\ndef f(x): §...\n", ["Implement f"]),
        ("# cope: go\nx = 1§\n", []),
        ("class P(Protocol):\n    def m(self): §...\n", []),
        ("@abstractmethod\ndef m(self): §...\n", []),
        ("x = 1§\n", []),
    ],
)
def test_only_what_makes_sense_is_offered(text: str, titles: list[str]) -> None:
    """Stubs are implemented, written functions edited where a comment asks; nothing else."""
    assert [offer.title for offer in offered(text)] == titles


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("def f(x):\n    return x\n", ["Write tests for f", "Document f", "Explain f"]),
        ('def f(x):\n    """F."""\n    return x\n', ["Write tests for f", "Explain f"]),
        ("def test_f(x):\n    assert x\n", ["Document test_f", "Explain test_f"]),
        ("class TestA:\n    def m(self):\n        return 1\n", ["Document m", "Explain m"]),
        ("def f(x):\n    ...\n", []),
        ("class P(Protocol):\n    def m(self) -> int:\n        return 1\n", []),
    ],
)
def test_of_what_is_written_more_can_be_asked(text: str, titles: list[str]) -> None:
    """A docstring that is there is not replaced, no test is tested, what is not written says nothing."""
    (target,) = PYTHON.syntax.targets(PYTHON.syntax.parse(text.encode()))
    assert [offer.title for offer in quiet_offers(PYTHON, target)] == titles


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("document it", RequestKind.DOCUMENT),
        ("please update the docs", RequestKind.DOCUMENT),
        ("add a docstring with examples", RequestKind.DOCUMENT),
        ("add a docstring and make it faster", RequestKind.EDIT),
        ("use documents, not files", RequestKind.EDIT),
        ("documents may be None", RequestKind.EDIT),
    ],
)
def test_a_comment_that_asks_for_documentation_alone_is_taken_at_its_word(
    comment: str, kind: RequestKind
) -> None:
    """Then nothing but the docstring can change, also where there is one."""
    (offer,) = offered(f'# cope: {comment}\ndef f(x):\n    """F."""\n    return §x\n')
    assert (offer.kind, offer.instruction is not None) == (kind, True)


def test_a_function_is_asked_about_by_name() -> None:
    """By the command line; what is not written cannot be documented, tested or explained."""
    opened = document("def f(): return 1\n\ndef g(): ...\n")
    snapshot = Snapshot(ROOT, {"pkg/words.py": opened})
    request = written_request(RequestKind.EXPLAIN, PYTHON, opened, snapshot, "f")
    assert (request.kind, request.target.name) == (RequestKind.EXPLAIN, "f")
    with pytest.raises(NothingToAsk, match="nothing to write tests for"):
        written_request(RequestKind.TESTS, PYTHON, opened, snapshot, "g")


def test_the_head_is_where_a_function_is_named_and_described() -> None:
    """Decorators, signature, docstring."""
    text = b'@d\ndef f(x):\n    """F."""\n    return x\n'
    target = PYTHON.syntax.targets(PYTHON.syntax.parse(text))[0]
    places = [text.index(piece) for piece in (b"d\n", b"f(", b"F.", b"return")]
    assert [is_at_head(target, Span(at, at)) for at in places] == [True, True, True, False]


def test_findings_of_other_tools_are_offered_as_fixes() -> None:
    """Those under the cursor first, ours and nameless ones never, one offer a finding."""
    text = "def f(x):\n    y = 1§\n    return z\n"
    both = offered(text, ("ruff", "y is unused", "y = 1"), ("pyright", "z is not defined", "z"))
    assert [offer.title for offer in both] == ["Fix f: y is unused"]
    far = offered(text.replace("§", "").replace("f(x)", "f(§x)"), ("pyright", "z is not defined", "return z"))
    assert [(offer.kind, offer.title) for offer in far] == [(RequestKind.FIX, "Fix f: z is not defined")]
    assert offered(text, ("cope", "mine", "y = 1"), ("", "whose?", "y = 1")) == ()
    assert offered("def f(x):\n    return 1§\n\ny = z\n", ("pyright", "z", "z")) == ()


def test_a_stub_is_implemented_and_not_fixed() -> None:
    """What another tool says of an empty body goes away with the body."""
    found = offered("def f(x) -> int:\n    §...\n", ("pyright", "must return int", "int"))
    assert [offer.title for offer in found] == ["Implement f"]


def test_long_titles_are_cut() -> None:
    """A lightbulb shows one short line."""
    (offer,) = offered(f"# cope: {'very ' * 40}\ndef f(): return §1\n")
    assert len(offer.title) <= 72
    assert offer.title.endswith("…")


def test_a_file_over_one_mebibyte_is_left_alone() -> None:
    """Security, part 4.1."""
    text = "def f(x):\n    §...\n"
    assert offered(text + "#" * LARGEST_FILE) == ()
    with pytest.raises(NothingToAsk, match="1 MiB"):
        ask("def f(): ...\n#" + "#" * LARGEST_FILE, "f")


def test_an_offer_taken_up_carries_all_that_was_known() -> None:
    """Document, snapshot, instruction with the comment to remove, findings."""
    text = "# cope: faster\ndef f(): return 1\n"
    (offer,) = offered(text.replace("return", "§return"))
    opened = document(text)
    request = take_up(offer, PYTHON, opened, Snapshot(ROOT, {"pkg/words.py": opened}))
    assert (request.kind, request.instruction, request.marker) == (RequestKind.EDIT, "faster", Span(0, 15))
    assert request.document.version == 7


def test_a_given_instruction_has_no_comment_to_remove() -> None:
    """It came from an input box or the command line."""
    request = ask("def f(): return 1\n", "f", "make it async")
    assert (request.kind, request.instruction, request.marker) == (RequestKind.EDIT, "make it async", None)
    assert edit_offer(request.target, " x ").title == "Edit f: x"


def test_a_request_by_name_says_what_it_lacks() -> None:
    """Unknown names, written functions without an instruction, declarations: each with a remedy."""
    with pytest.raises(NothingToAsk, match="Did you mean slugify"):
        ask("def slugify(): ...\n", "slugfy")
    with pytest.raises(NothingToAsk, match="--instruction"):
        ask("def f(): return 1\n", "f")
    with pytest.raises(NothingToAsk, match="declares"):
        ask("class P(Protocol):\n    def m(self): ...\n", "P.m")
    assert ask("def f(): ...\n", "f").kind is RequestKind.IMPLEMENT
    assert ask("def f(): ...\n", "f", "by hand").instruction == "by hand"
    assert ask("# cope: a\ndef f(): return 1\n", "f").instruction == "a"


def test_a_target_is_found_again_exactly_when_it_was_not_touched() -> None:
    """The fingerprint follows the text, wherever it moves."""
    before = PYTHON.syntax.parse(b"def f(): ...\n")
    target = PYTHON.syntax.targets(before)[0]
    mark = target_hash(before, target)
    moved = PYTHON.syntax.parse(b"import os\n\ndef f(): ...\n")
    again = find_again(PYTHON, moved, "f", mark)
    assert again is not None
    assert again.span.start == 11
    assert find_again(PYTHON, PYTHON.syntax.parse(b"def f(): pass\n"), "f", mark) is None


@pytest.mark.parametrize(
    ("instruction", "head"),
    [
        ("make it iterative", Head.FIXED),
        ("handle empty input", Head.FIXED),
        ("add a parameter sep", Head.FREE),
        ("make it async", Head.FREE),
        ("write a docstring", Head.FREE),
        ("add type hints", Head.FREE),
    ],
)
def test_the_head_is_free_where_the_instruction_is_about_it(instruction: str, head: Head) -> None:
    """Signature, decorators and docstring stay word for word otherwise."""
    assert head_of(ask("def f(x):\n    '''Doc.'''\n    return x\n", "f", instruction)) is head


def test_the_head_is_free_where_the_finding_is_in_it() -> None:
    """A mutable default can only be fixed in the signature."""
    text = "def f(x=[]):\n    y = 1\n    return x§\n"
    opened = document(text.replace("§", ""))
    for at, head in (("[]", Head.FREE), ("y = 1", Head.FIXED)):
        (offer,) = offered(text, ("ruff", "bad", at))
        assert head_of(take_up(offer, PYTHON, opened, Snapshot(ROOT))) is head

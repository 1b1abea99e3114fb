"""A child parses texts first, and what it does not survive is not parsed here."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
from tree_sitter import Language as Grammar

from cope_lsp.languages import trees
from cope_lsp.languages.registry import LANGUAGES
from cope_lsp.languages.text import TextChange
from cope_lsp.languages.trial import Answer
from cope_lsp.workspace.files import Unreadable
from cope_lsp.workspace.tasting import PROGRAM, WHY, Since, Taster, check

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from cope_lsp.languages.language import Language

PYTHON = ("tree_sitter_python:language", "cope_lsp.languages.trees:nothing")
TSX = ("tree_sitter_typescript:language_tsx", "cope_lsp.languages.trees:nothing")
ENDLESS = b"<a {{b:>c:d(e f)"
"""tree-sitter-typescript#323."""

DIES = """
import os, sys
sys.stdout.write("ready\\n"); sys.stdout.flush()
while line := sys.stdin.buffer.readline():
    import json
    request = json.loads(line)
    text = sys.stdin.buffer.read(request["size"])
    if b"die" in text:
        os.abort()
    if b"sleep" in text:
        import time
        time.sleep(60)
    sys.stdout.write(f"{request['number']} fine\\n"); sys.stdout.flush()
"""
"""A child that some texts end or hold up, as a parser with a bug would be."""


@pytest.fixture
async def taster() -> AsyncGenerator[Taster]:
    """The real child."""
    made = Taster()
    yield made
    await made.close()


@pytest.fixture
async def frail() -> AsyncGenerator[Taster]:
    """A child with bugs."""
    made = Taster((sys.executable, "-I", "-c", DIES), wall_s=0.5)
    yield made
    await made.close()


def children() -> list[psutil.Process]:
    """The children that try texts."""
    return [each for each in psutil.Process().children() if PROGRAM[-1] in each.cmdline()]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.id)
async def test_the_child_knows_the_parser_of_every_language(taster: Taster, language: Language) -> None:
    """By the name that the language gives; a text without content is fine in any."""
    assert await taster.taste(language.syntax.parser_name, b"\n") == ""


async def test_a_text_that_loops_the_parser_is_refused_and_the_next_one_is_not(taster: Taster) -> None:
    """The 16 bytes of tree-sitter-typescript#323; the second time nobody tries them."""
    assert await taster.taste(TSX, ENDLESS) == WHY[Answer.SLOW]
    assert await taster.taste(TSX, b"let a = 1\n") == ""
    await taster.close()
    assert await taster.taste(TSX, ENDLESS) == WHY[Answer.SLOW]
    assert children() == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"(" * 2000 + b")" * 2000, Answer.DEEP),
        (b"[" * 400_000, Answer.MANY),
        (b"x = 1\n" * 60_000, Answer.MANY),
        (b"x = 1\n" * 10_000, None),
        (b"(" * 400 + b")" * 400, None),
    ],
    ids=["nested deeply", "open brackets", "many statements", "fewer statements", "nested less"],
)
async def test_what_would_take_long_to_read_is_refused(
    taster: Taster, text: bytes, why: Answer | None
) -> None:
    """Bounds of depth and of size stand above any file that a person writes."""
    assert await taster.taste(PYTHON, text) == (WHY[why] if why else "")


async def test_a_text_is_followed_by_its_changes(taster: Taster) -> None:
    """Each step is tried as a step; a change that lays a hostile part open is refused."""
    brackets = b"(" * 2000 + b")" * 2000
    text = b'a = 1\nb = """' + brackets + b'"""\n'
    first = await taster.follow(PYTHON, text)
    assert first.name
    wider = text.replace(b"a = 1", b"a = 12")
    second = await taster.follow(PYTHON, wider, Since(first.name, TextChange(5, 5, 6)))
    assert (second.why, bool(second.name)) == ("", True)
    open_ = wider.replace(b'"""', b"", 1)
    at = wider.index(b'"""')
    third = await taster.follow(PYTHON, open_, Since(second.name, TextChange(at, at + 3, at)))
    assert third.why == WHY[Answer.DEEP]


async def test_a_child_that_was_killed_is_started_again_and_knows_nothing(taster: Taster) -> None:
    """A text that was followed has to be tried from nothing; nothing is refused."""
    first = await taster.follow(PYTHON, b"a = 1\n")
    (child,) = children()
    child.kill()
    child.wait(5)
    second = await taster.follow(PYTHON, b"a = 12\n", Since(first.name, TextChange(5, 5, 6)))
    assert (second.why, second.name) == ("", 0)
    assert (await taster.follow(PYTHON, b"a = 12\n")).name


async def test_a_text_that_ends_the_child_twice_is_refused(frail: Taster) -> None:
    """Others are answered by the next child."""
    assert await frail.taste(PYTHON, b"die") == WHY[Answer.DEADLY]
    assert await frail.taste(PYTHON, b"live") == ""


async def test_a_child_that_does_not_answer_in_time_is_replaced(frail: Taster) -> None:
    """Whatever holds it up, such as a loop in which no clock ticks for it."""
    assert await frail.taste(PYTHON, b"sleep") == WHY[Answer.SLOW]
    assert await frail.taste(PYTHON, b"live") == ""


async def test_where_no_child_can_be_started_texts_are_let_through() -> None:
    """A machine that starts none is no reason to refuse all files; what bounds a parse here still holds."""
    taster = Taster((sys.executable, "-c", "pass"))
    assert await taster.taste(TSX, ENDLESS) == ""
    assert trees.parse(_tsx(), ENDLESS).given_up


async def test_a_text_that_loops_the_parser_holds_up_nobody_else(taster: Taster) -> None:
    """Steps from one text to the next are answered meanwhile, in their own time."""
    latest = await taster.follow(PYTHON, b"a = 1\n")
    slow = asyncio.create_task(taster.taste(TSX, ENDLESS))
    for number in range(1, 20):
        step = Since(latest.name, TextChange(0, 0, 1))
        latest = await taster.follow(PYTHON, b"a" * (number + 1) + b" = 1\n", step)
        assert latest.name
    assert not slow.done()
    assert await slow == WHY[Answer.SLOW]


async def test_a_text_that_ends_its_fork_is_refused_and_the_child_goes_on(taster: Taster) -> None:
    """A parser that aborts, as one does that is refused memory."""
    await taster.begin()
    before = [each.pid for each in children()]
    assert await taster.taste(("os", "abort"), b"a") == WHY[Answer.DEADLY]
    assert await taster.taste(PYTHON, b"a") == ""
    assert [each.pid for each in children()] == before


async def test_a_refusal_says_which_file_and_what_to_do(taster: Taster) -> None:
    """One sentence for the command line, the log and a job's message."""
    (python,) = (each for each in LANGUAGES if each.id == "python")
    with pytest.raises(Unreadable, match=r"deep\.py is left alone.*Change it and open it again"):
        await check(taster, python, "deep.py", b"(" * 2000 + b")" * 2000)


def test_a_text_that_takes_too_long_reads_as_broken_and_empty_here_too() -> None:
    """Replies and files that nobody tried: they hold nothing, and the process goes on."""
    source = trees.parse(_tsx(), ENDLESS)
    assert source.given_up
    assert source.tree.root_node.has_error
    assert trees.reparse(_tsx(), source, b"let a\n", (TextChange(0, 16, 6),)).tree.root_node.end_byte == 6


async def test_the_child_gets_no_keys_and_stands_outside_the_workspace(
    taster: Taster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could take it over finds nothing in its environment, and no module of a project is in reach."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    await taster.begin()
    (child,) = children()
    assert "OPENAI_API_KEY" not in child.environ()
    assert child.cwd() == "/"


def _tsx() -> trees.Reader:
    from tree_sitter_typescript import language_tsx  # noqa: PLC0415 -- its types are unknown at the top

    return trees.Reader(Grammar(language_tsx()))

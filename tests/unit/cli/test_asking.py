"""Questions at a terminal: before a call leaves this machine, and what a call must give."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from cope_lsp.cascade.problem import NEITHER, Inquiry
from cope_lsp.cli.asking import ask_at_terminal, refuse, which_at_terminal
from cope_lsp.engine.front import Answer, Question

QUESTION = Question("May it be sent to big at llm.example?", "the prompt \x1b[2J", "llm.example", "big")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("o\n", Answer.ONCE),
        ("Always\n", Answer.ALWAYS),
        ("v\n", Answer.NEVER),
        ("n\n", Answer.NO),
        ("\n", Answer.NO),
        ("", Answer.NO),
        ("what?\no\n", Answer.ONCE),
    ],
)
async def test_only_a_clear_yes_is_a_yes(
    typed: str, answer: Answer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty line and the end of input are no; what is not understood is asked again."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert await ask_at_terminal(Console(file=io.StringIO()), QUESTION) is answer
    capsys.readouterr()


async def test_what_would_be_sent_can_be_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The preview is shown as it is, without power over the terminal, and then asked again."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("p\na\n"))
    out = io.StringIO()
    assert await ask_at_terminal(Console(file=out, width=200), QUESTION) is Answer.ALWAYS
    assert "the prompt \\u001b[2J" in out.getvalue()


async def test_where_nobody_can_be_asked_the_answer_is_no(capsys: pytest.CaptureFixture[str]) -> None:
    """And the message names the command that allows it."""
    assert await refuse(QUESTION) is Answer.NO
    assert "cope-lsp consent --allow" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("2\n", "'ae-b'"), ("n\n", NEITHER), ("Neither\n", NEITHER), ("\n", None), ("", None), ("9\n", None)],
)
async def test_what_a_call_must_give_is_picked_by_number(
    typed: str, answer: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values are shown without power over the terminal; whatever is no number on offer is no answer."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    out = io.StringIO()
    inquiry = Inquiry("slugify('Ä b\x1b')", ("'a-b'", "'ae-b'"))
    assert await which_at_terminal(Console(file=out, width=200), inquiry) == answer
    assert "What must slugify('Ä b\\u001b') give?" in out.getvalue()
    assert "  2  'ae-b'" in out.getvalue()

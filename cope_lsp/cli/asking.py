"""Questions at a terminal: before a call leaves this machine, and what a call must give."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from anyio import to_thread, wait_readable
from rich.text import Text

from cope_lsp.cascade.problem import NEITHER
from cope_lsp.cli.words import visible
from cope_lsp.engine.front import Answer

if TYPE_CHECKING:
    from rich.console import Console

    from cope_lsp.cascade.problem import Inquiry
    from cope_lsp.engine.front import Question

_ANSWERS = {"o": Answer.ONCE, "a": Answer.ALWAYS, "n": Answer.NO, "v": Answer.NEVER}
_CHOICES = "[o]nce, [a]lways, [n]o, ne[v]er, [p]review what would be sent: "


async def ask_at_terminal(console: Console, question: Question) -> Answer:
    """The user's answer; an empty line or the end of input is no."""
    console.print(Text(visible(question.text)))
    while True:
        letter = (await _typed(console, _CHOICES)).strip().lower()[:1]
        if letter == "p":
            console.print(Text(visible(question.preview)))
        elif letter in _ANSWERS or not letter:
            return _ANSWERS.get(letter, Answer.NO)


async def may_pull(console: Console, model: str) -> bool:
    """Whether the missing local model is to be fetched; an empty line is no."""
    console.print(Text(visible(f"The model {model} is not on this machine yet.")))
    answer = await _typed(console, "Fetch it now? [y/N] ")
    return answer.strip().lower()[:1] == "y"


async def which_at_terminal(console: Console, inquiry: Inquiry) -> str | None:
    """What the call must give, picked by number; an empty line or the end of input is no answer."""
    console.print(Text(visible(f"Candidates differ on one call. What must {inquiry.call} give?")))
    for number, value in enumerate(inquiry.answers, start=1):
        console.print(Text(visible(f"  {number}  {value}")))
    answer = await _typed(console, "Number, [n]either, or Enter to skip: ")
    picked = answer.strip().lower()
    if picked[:1] == "n":
        return NEITHER
    numbered = {str(number): value for number, value in enumerate(inquiry.answers, start=1)}
    return numbered.get(picked)


async def refuse(question: Question) -> Answer:
    """No, where nobody can be asked; says how to allow it."""
    where = f"{visible(question.model)} at {visible(question.host)}"
    sys.stderr.write(
        f"{where} was not asked, since nobody is here to allow it. Allow it with: cope-lsp consent --allow\n"
    )
    return Answer.NO


async def _typed(console: Console, prompt: str) -> str:
    """A line from the terminal, read only once it is there: cancelling leaves no reader behind."""
    console.print(Text(prompt), end="")
    try:
        await wait_readable(sys.stdin)
    except (OSError, ValueError, NotImplementedError):
        return await to_thread.run_sync(_read, console, abandon_on_cancel=True)
    return _read(console)


def _read(console: Console) -> str:
    try:
        return console.input()
    except EOFError:
        return ""

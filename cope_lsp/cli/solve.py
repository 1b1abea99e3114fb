"""`cope-lsp solve FILE:SYMBOL`: one function, without an editor."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import anyio
from rich.console import Console
from rich.live import Live
from rich.text import Text

from cope_lsp.cli.asking import ask_at_terminal, may_pull, refuse, which_at_terminal
from cope_lsp.cli.place import find_place
from cope_lsp.cli.progress import Progress, advance, render
from cope_lsp.cli.status import Status
from cope_lsp.cli.words import coloured, difference, visible
from cope_lsp.cli.writing import create_file, write_edit
from cope_lsp.code.problem import RequestKind
from cope_lsp.code.request import WRITTEN_ONLY
from cope_lsp.engine.build import build_engine, close
from cope_lsp.engine.front import Ending, Front, Reach, money
from cope_lsp.engine.solving import solve
from cope_lsp.engine.stores import stores
from cope_lsp.settings import load

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator

    from cope_lsp.cascade.problem import Inquiry
    from cope_lsp.cli.place import Place
    from cope_lsp.cli.progress import Heard
    from cope_lsp.code.problem import Edit, Request
    from cope_lsp.engine.build import Engine
    from cope_lsp.engine.front import Answer, Question, Solved
    from cope_lsp.settings import Settings

_STATUS = {
    Ending.ACCEPTED: Status.DONE,
    Ending.UNVERIFIED: Status.UNVERIFIED,
    Ending.NOTHING: Status.NOTHING,
    Ending.FAILED: Status.FAILED,
}


@dataclass(frozen=True, slots=True)
class _Answer:
    place: Place
    solved: Solved
    diff: str


def define(parser: argparse.ArgumentParser) -> None:
    """Where, what, and what becomes of it."""
    parser.add_argument(
        "place", metavar="FILE:SYMBOL", help="such as src/titles.py:slugify or app.py:Cart.total"
    )
    parser.add_argument(
        "--ask",
        choices=sorted(WRITTEN_ONLY),
        help="of a function that is written already: its tests, its documentation, or an explanation",
    )
    parser.add_argument(
        "--instruction", default="", help="what to change, for a function that is written already"
    )
    parser.add_argument("--write", action="store_true", help="write the edit into the file if it is verified")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else")


def run(arguments: argparse.Namespace) -> int:
    """Solve it and show the edit; 0 accepted, 3 unverified, 4 nothing usable, 1 an error."""
    parsed = load(arguments.set)
    for problem in parsed.problems:
        sys.stderr.write(f"{visible(str(problem))}\n")
    answer = anyio.run(_solved, arguments, parsed.settings)
    written = arguments.write and _write(answer)
    if arguments.json:
        sys.stdout.write(json.dumps(_data(answer, written=written)) + "\n")
    else:
        _show(answer, Console())
    if arguments.write and not written:
        sys.stderr.write(f"Nothing was written: {_why_not(answer.solved)}\n")
    return _STATUS[answer.solved.ending]


def _write(answer: _Answer) -> bool:
    edit = answer.solved.edit
    if edit is None or edit.flags or answer.solved.ending is not Ending.ACCEPTED:
        return False
    path, before = _edited_file(answer.place, edit)
    if edit.creates:
        create_file(path, edit.new_text)
    else:
        write_edit(path, before, edit.new_text)
    return True


def _edited_file(place: Place, edit: Edit) -> tuple[Path, str]:
    """The file that an edit is of, and the text that it was made for."""
    if edit.made_for is None:
        return place.path, place.request.document.text
    return Path(url2pathname(urlsplit(edit.uri).path)), edit.made_for


def _why_not(solved: Solved) -> str:
    if solved.text:
        return "an explanation changes nothing."
    if solved.edit is None:
        return "there is no edit."
    if solved.ending is not Ending.ACCEPTED:
        return "the edit is not verified. It is shown above; take it over by hand if you agree with it."
    return (
        f"the new code can do what the old could not ({', '.join(solved.edit.flags)}). Take it over by hand."
    )


def _show(answer: _Answer, console: Console) -> None:
    if answer.diff:
        console.print(coloured(answer.diff), end="")
    if answer.solved.text:
        console.print(Text(visible(answer.solved.text)), end="\n\n", soft_wrap=True)
    style = "green" if answer.solved.ending is Ending.ACCEPTED else "yellow"
    console.print(Text(visible(answer.solved.message), style=style), soft_wrap=True)
    snapshot = answer.place.request.snapshot
    if not snapshot.trusted:
        console.print(Text(f"To have it tested: cope-lsp trust {snapshot.root}"), soft_wrap=True)
    if answer.solved.ask_large_usd is not None:
        most = money(answer.solved.ask_large_usd)
        console.print(Text(f"Asking the large model would cost at most {most}."))


def _data(answer: _Answer, *, written: bool) -> dict[str, Any]:
    solved = answer.solved
    return {
        "ending": solved.ending,
        "message": solved.message,
        "stage": solved.stage,
        "confidence": solved.confidence,
        "usage": asdict(solved.usage),
        "flags": list(solved.edit.flags) if solved.edit else [],
        "diff": answer.diff,
        "text": solved.text,
        "written": written,
        "ask_large_usd": solved.ask_large_usd,
        "report": solved.report,
    }


async def _solved(arguments: argparse.Namespace, settings: Settings) -> _Answer:
    kind = RequestKind(arguments.ask) if arguments.ask else None
    place = await find_place(arguments.place, arguments.instruction, stores(settings).decisions, kind)
    engine = build_engine(settings)
    # Progress goes to stderr, so that stdout holds the answer alone.
    console = Console(stderr=True, quiet=arguments.json)
    try:
        solved = await _watched(engine, place.request, console)
    finally:
        with anyio.CancelScope(shield=True):
            await close(engine)
    if solved.edit is None:
        return _Answer(place, solved, "")
    path, before = _edited_file(place, solved.edit)
    return _Answer(place, solved, difference(_shown_name(path), before, solved.edit.new_text))


async def _watched(engine: Engine, request: Request, console: Console) -> Solved:
    progress = Progress()
    with Live(render(progress), console=console, transient=True) as live:

        def observe(heard: Heard) -> None:
            nonlocal progress
            progress = advance(progress, heard)
            live.update(render(progress))

        async def ask(question: Question) -> Answer:
            if not _is_interactive(console):
                return await refuse(question)
            with _paused(live):
                return await ask_at_terminal(console, question)

        async def pull(model: str) -> bool:
            with _paused(live):
                return await may_pull(console, model)

        async def consult(inquiry: Inquiry) -> str | None:
            with _paused(live):
                return await which_at_terminal(console, inquiry)

        is_here = _is_interactive(console)
        front = Front(observe, ask, pull=pull if is_here else None, consult=consult if is_here else None)
        return await solve(engine, request, Reach.CASCADE, front)


def _is_interactive(console: Console) -> bool:
    return not console.quiet and console.is_terminal and sys.stdin.isatty()


@contextmanager
def _paused(live: Live) -> Generator[None]:
    live.stop()
    try:
        yield
    finally:
        live.start()


def _shown_name(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name

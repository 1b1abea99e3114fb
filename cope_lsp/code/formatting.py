"""An edit in the style of the project's own formatter, which is untrusted and runs in the sandbox only.

Formatting never fails a request: whatever goes wrong, the text stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.code.context import own_path
from cope_lsp.sandbox.job import CannotIsolate, Ending, Job, Limits, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.code.problem import Request
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.formatting import Formatter
    from cope_lsp.languages.target import Target

WALL_S = 5.0
"""Seconds that a formatter may take."""


def formatter_of(request: Request, readable: Callable[[str], str | None]) -> Formatter | None:
    """The formatter that the project's configuration names; reads only through `readable`."""
    formatting = request.language.formatting
    if formatting is None or request.snapshot.root is None:
        return None
    texts = {name: readable(name) for name in formatting.config_files()}
    return formatting.formatter_for({name: text for name, text in texts.items() if text is not None})


async def formatted(request: Request, new_text: str, formatter: Formatter, bench: Workbench) -> str:
    """`new_text` with its target as the project's formatter lays it out, all else untouched.

    What the formatter says is taken only where it means the same as what was judged.
    """
    output = await _output(own_path(request), new_text, formatter, bench)
    return new_text if output is None else _taken_over(request, new_text, output)


async def formatted_whole(
    request: Request, path: str, text: str, formatter: Formatter, bench: Workbench
) -> str:
    """A text of ours as the project's formatter lays it out, were it the file at `path`; likewise."""
    output = await _output(path, text, formatter, bench)
    formatting = request.language.formatting
    laid_out = (output or b"").decode("utf-8", "replace").replace("\r\n", "\n")
    return laid_out if formatting is not None and formatting.means_same(text, laid_out) else text


async def _output(path: str, text: str, formatter: Formatter, bench: Workbench) -> bytes | None:
    """What the formatter makes of a text; None where it does not come to that."""
    if bench.run is None or bench.environment is None:
        return None
    arguments = tuple(part.replace("{path}", path) for part in formatter.arguments)
    job = Job(
        argv=(str(bench.environment.program), *arguments),
        view=View(bench.root, {**bench.layer, path: text.encode()}, bench.masked),
        readable=bench.environment.readable,
        env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "RUFF_NO_CACHE": "true"},
        stdin=text.encode(),
        limits=Limits(wall_s=WALL_S, output_kb=2048),
    )
    try:
        async with bench.limiter:
            finished = await bench.run(job)
    except CannotIsolate:
        return None
    ended = finished.ending is Ending.EXITED and finished.exit_code == 0
    return finished.stdout if ended else None


def _taken_over(request: Request, new_text: str, output: bytes) -> str:
    """The formatted target in the unformatted rest."""
    syntax, formatting = request.language.syntax, request.language.formatting
    text = new_text.encode()
    before, now, after = (
        syntax.parse(request.document.text.encode()),
        syntax.parse(text),
        syntax.parse(output),
    )
    mine, theirs = syntax.twin(before, request.target, now), syntax.twin(before, request.target, after)
    if formatting is None or mine is None or theirs is None or theirs.indent != mine.indent:
        return new_text
    old, new = _lines_of(text, mine), _lines_of(output, theirs)
    if not formatting.means_same(mine.indent + old, theirs.indent + new):
        return new_text
    eol = "\r\n" if "\r\n" in old else "\n"
    laid_out = new.replace("\r\n", "\n").replace("\n", eol)
    return (text[: mine.span.start] + laid_out.encode() + text[mine.span.end :]).decode()


def _lines_of(text: bytes, target: Target) -> str:
    return text[target.span.start : target.span.end].decode("utf-8", "replace")

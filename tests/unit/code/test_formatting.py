"""The project's own formatter lays out the target, if it can be trusted to have done only that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.code.formatting import formatted, formatted_whole, formatter_of
from cope_lsp.code.workbench import Workbench
from cope_lsp.languages.running import Environment
from cope_lsp.sandbox.job import CannotIsolate, Ending, Finished
from tests.unit.code.asking import ROOT, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.sandbox.job import Job

FILE = "x = {  'a':1 }\n\ndef f(a):\n    ...\n\ny = [ 1,2 ]\n"
NEW = FILE.replace("...", "return {  'a':a }")
CONFIG = {"pyproject.toml": "[tool.black]\n"}


async def laid_out(answer: Callable[[Job], Finished], new: str = NEW, jobs: list[Job] | None = None) -> str:
    """`new` after a formatter that answers so."""

    async def run(job: Job) -> Finished:
        if jobs is not None:
            jobs.append(job)
        return answer(job)

    request = ask(FILE.replace("\n", "\r\n") if "\r" in new else FILE, "f")
    formatter = formatter_of(request, CONFIG.get)
    assert formatter is not None
    environment = Environment(Path("/usr/bin/python3"), (Path("/usr"),))
    return await formatted(request, new, formatter, Workbench(run, ROOT, environment))


def says(stdout: str, code: int = 0, ending: Ending = Ending.EXITED) -> Callable[[Job], Finished]:
    """A formatter with that output."""
    return lambda _: Finished(ending, code, stdout.encode(), b"", b"", 0.1)


BLACK = 'x = {"a": 1}\n\n\ndef f(a):\n    return {"a": a}\n\n\ny = [1, 2]\n'


async def test_only_the_targets_lines_are_taken() -> None:
    """The rest of the file stays as its user laid it out."""
    assert await laid_out(says(BLACK)) == FILE.replace("...", 'return {"a": a}')


async def test_a_whole_text_is_taken_where_it_means_the_same() -> None:
    """A file of ours is laid out in the project's style; one that the formatter changes stays as it was."""

    async def run(job: Job) -> Finished:
        return says(job.stdin.decode().replace("'", '"').replace("3", "4"))(job)

    request = ask(FILE, "f")
    formatter = formatter_of(request, CONFIG.get)
    assert formatter is not None
    bench = Workbench(run, ROOT, Environment(Path("/usr/bin/python3"), (Path("/usr"),)))
    assert await formatted_whole(request, "t.py", "x = 'a'\n", formatter, bench) == 'x = "a"\n'
    assert await formatted_whole(request, "t.py", "x = '3'\n", formatter, bench) == "x = '3'\n"
    shut = replace(bench, run=None)
    assert await formatted_whole(request, "t.py", "x = 'a'\n", formatter, shut) == "x = 'a'\n"


async def test_line_breaks_stay_those_of_the_file() -> None:
    """A formatter that answers in LF does not mix line breaks."""
    assert await laid_out(says(BLACK), NEW.replace("\n", "\r\n")) == FILE.replace(
        "...", 'return {"a": a}'
    ).replace("\n", "\r\n")


async def test_the_formatter_runs_in_the_sandbox_over_the_new_text() -> None:
    """The project's interpreter, the new text on standard input and in the view, and its path."""
    jobs: list[Job] = []
    await laid_out(says(BLACK), jobs=jobs)
    (job,) = jobs
    assert job.argv[:4] == ("/usr/bin/python3", "-m", "black", "--quiet")
    assert "pkg/words.py" in job.argv
    assert job.stdin == NEW.encode()
    assert job.view.layer["pkg/words.py"] == NEW.encode()


@pytest.mark.parametrize(
    "answer",
    [
        says(BLACK.replace('return {"a": a}', "import os; os.system('x')")),
        says(BLACK.replace("def f(a)", "def f(a, b)")),
        says(BLACK.replace("def f", "def g")),
        says("", 0),
        says(BLACK, 1),
        says(BLACK, 0, Ending.TIMED_OUT),
        says("\udc80".encode("utf-8", "surrogateescape").decode("latin-1")),
    ],
)
async def test_a_formatter_that_does_anything_else_is_not_heard(answer: Callable[[Job], Finished]) -> None:
    """It belongs to the project and is not trusted: what was judged stays, and the request goes on."""
    assert await laid_out(answer) == NEW


async def test_without_a_sandbox_nothing_runs() -> None:
    """Neither where nothing may run, nor where the rung cannot hold the job."""

    def refuse(job: Job) -> Finished:
        raise CannotIsolate(f"No rung for {job.argv}.", fix="None.")

    assert await laid_out(refuse) == NEW
    request = ask(FILE, "f")
    formatter = formatter_of(request, CONFIG.get)
    assert formatter is not None
    assert await formatted(request, NEW, formatter, Workbench(None, ROOT, None)) == NEW


def test_a_project_without_a_root_or_a_formatter_has_none() -> None:
    """And a configuration that must not be read is not."""
    request = ask(FILE, "f")
    assert formatter_of(request, dict[str, str]().get) is None
    rootless = replace(request, snapshot=replace(request.snapshot, root=None))
    assert formatter_of(rootless, CONFIG.get) is None

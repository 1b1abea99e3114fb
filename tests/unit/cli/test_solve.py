"""`cope-lsp solve`: one function without an editor, on a scripted model server and the real sandbox."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cli.main import run
from cope_lsp.cli.status import Status
from cope_lsp.engine.stores import stores
from cope_lsp.settings import Settings
from tests.support.beside import serving
from tests.support.model_server import Reply, always, serve

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.support.model_exchange import ModelServer

STUB = '''def double(x: int) -> int:
    """Twice x.

    >>> double(2)
    4
    >>> double(5)
    10
    """
    ...
'''
RIGHT = "```python\ndef double(x: int) -> int:\n    return 2 * x\n```"
WRONG = "```python\ndef double(x: int) -> int:\n    return x\n```"
SPAWNING = (
    "```python\nimport os\n\n\ndef double(x: int) -> int:\n    os.system('true')\n    return 2 * x\n```"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stores and settings of the test's own."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A trusted project with one stub."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "numbers_.py").write_text(STUB)
    anyio.run(stores(Settings()).decisions.trust, root)
    return root


def arguments(project: Path, server: ModelServer, *more: str) -> list[str]:
    """The command line that asks for the stub."""
    model = next(iter(server.models))
    pairs = (
        f"small.base_url={server.url}",
        f"small.model={model}",
        "samples=2",
        f"python.interpreter={sys.executable}",
    )
    return [
        "solve",
        f"{project / 'numbers_.py'}:double",
        *more,
        *(word for pair in pairs for word in ("--set", pair)),
    ]


def solve(project: Path, reply: str, *more: str) -> int:
    """The exit status of `solve` when the model says `reply`."""
    with serving(always(reply)) as server:
        return run(arguments(project, server, *more))


def test_a_tested_edit_is_shown_and_the_file_left_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The diff and the evidence stand on stdout; nothing is written without `--write`."""
    assert solve(project, RIGHT) == Status.DONE
    out = capsys.readouterr().out
    assert "+    return 2 * x" in out
    assert "2 of 2 examples pass" in out
    assert (project / "numbers_.py").read_text() == STUB


def test_with_write_the_edit_is_in_the_file(project: Path) -> None:
    """And nothing else of the file has changed."""
    assert solve(project, RIGHT, "--write") == Status.DONE
    assert (project / "numbers_.py").read_text() == STUB.replace("    ...\n", "    return 2 * x\n")


def test_json_has_edit_evidence_and_money(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object on stdout and nothing else."""
    assert solve(project, RIGHT, "--json") == Status.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["ending"], told["written"], told["usage"]["cost_usd"]) == ("accepted", False, 0.0)
    assert "+    return 2 * x" in told["diff"]


def test_documentation_is_written_into_the_file(project: Path) -> None:
    """`--ask document`: the docstring comes in, the code stays."""
    path = project / "numbers_.py"
    path.write_text("def double(x: int) -> int:\n    return 2 * x\n")
    reply = '"""Twice x.\n\n>>> double(2)\n4\n"""'
    assert solve(project, reply, "--ask", "document", "--write") == Status.DONE
    assert path.read_text() == STUB.replace("    >>> double(5)\n    10\n", "").replace("...", "return 2 * x")


def test_tests_are_written_into_a_file_of_their_own(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--ask tests`: the difference is that of the test file, and so is what is written."""
    (project / "numbers_.py").write_text("def double(x: int) -> int:\n    return 2 * x\n")
    reply = "```python\ndef test_double():\n    assert double(3) == 6\n```"
    assert solve(project, reply, "--ask", "tests", "--write") == Status.DONE
    assert "+    assert double(3) == 6" in capsys.readouterr().out
    assert "from numbers_ import double\n" in (project / "test_numbers_.py").read_text()


def test_an_explanation_is_printed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As plain text that a terminal cannot obey; there is nothing to write."""
    (project / "numbers_.py").write_text("def double(x: int) -> int:\n    return 2 * x\n")
    assert solve(project, "It \x1b[31mdoubles.", "--ask", "explain", "--write") == Status.DONE
    captured = capsys.readouterr()
    assert captured.out.startswith("It \\u001b[31mdoubles.\n\n")
    assert "an explanation changes nothing" in captured.err


def test_a_stub_has_nothing_to_be_asked_about(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is to be implemented first."""
    assert solve(project, "x", "--ask", "tests") == Status.FAILED
    assert "has no code yet" in capsys.readouterr().err


def test_a_failing_candidate_is_shown_and_never_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 3, the candidate on stdout, and the reason why nothing was written on stderr."""
    assert solve(project, WRONG, "--write") == Status.UNVERIFIED
    captured = capsys.readouterr()
    assert "+    return x" in captured.out
    assert "Nothing was written: the edit is not verified" in captured.err
    assert (project / "numbers_.py").read_text() == STUB


def test_new_powers_are_named_and_never_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tested edit that starts programs where the old code did not is the user's to take over."""
    solve(project, SPAWNING, "--write")
    assert "Nothing was written" in capsys.readouterr().err
    assert (project / "numbers_.py").read_text() == STUB


def test_nothing_usable_has_a_status_of_its_own(project: Path) -> None:
    """A reply without code is no candidate."""
    assert solve(project, "I cannot help with that.") == Status.NOTHING


def test_an_untrusted_project_is_not_executed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The right candidate stays unverified, and the message names the command."""
    anyio.run(stores(Settings()).decisions.untrust, project)
    assert solve(project, RIGHT) == Status.UNVERIFIED
    assert "cope-lsp trust" in capsys.readouterr().out


def test_a_model_that_is_down_is_an_error_with_its_fix(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1; the words are the model layer's."""
    command = ["solve", f"{project / 'numbers_.py'}:double", "--set", "small.base_url=http://127.0.0.1:9"]
    assert run(command) == Status.FAILED
    captured = capsys.readouterr()
    assert "127.0.0.1:9" in captured.out + captured.err


@pytest.fixture
def heeded_interrupts() -> Generator[None]:
    """Children hear SIGINT, also where the shell that started the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_interrupts")
async def test_ctrl_c_closes_the_model_and_says_so(project: Path) -> None:
    """Status 130, no traceback, and the server saw the connection close."""
    async with serve(lambda _call: Reply(RIGHT, delay_s=60)) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cope_lsp",
            *arguments(project, server),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(os.environ),
        )
        await server.until(lambda state: bool(state.chats), seconds=60)
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            _, stderr = await process.communicate()
    assert process.returncode == Status.INTERRUPTED
    assert b"Traceback" not in stderr
    assert any(record.closed_early for record in server.chats)

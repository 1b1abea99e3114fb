"""`cope-lsp bench` as a person calls it, with a real HTTP server for a model."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.cli.main import run
from cope_lsp.cli.status import Status
from tests.support.model_script import Reply
from tests.support.model_server import Entry, always, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL_ONLY = ("--strategies", "small x1", "small x8 + gate")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this user's is read or written."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path / "home"))


@pytest.fixture
def _heard() -> Iterator[None]:
    """Children hear SIGINT, also where the shell that started the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _problems(tmp_path: Path) -> Path:
    path = tmp_path / "sums.jsonl"
    rows = [{"id": f"sums/{n}", "problem": f"What is {n} + {n}?", "answer": str(2 * n)} for n in (1, 2)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _small(url: str) -> tuple[str, ...]:
    settings = {"provider": "openai", "model": "tiny", "base_url": f"{url}/v1", "api_key_env": ""}
    return tuple(text for name, value in settings.items() for text in ("--set", f"small.{name}={value}"))


def _reported(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "answer" / "report.json").read_text())


def test_without_any_record_all_is_open_and_the_large_models_requests_are_written_down(
    tmp_path: Path,
) -> None:
    """Nothing is made up: no score, and one request of the large model for each problem."""
    batch = tmp_path / "batch.jsonl"
    status = run(
        [
            *("bench", "--offline", "--problems", str(_problems(tmp_path)), "--strategies", "base"),
            *("--batch", str(batch), "--out", str(tmp_path / "out")),
        ]
    )
    assert status == Status.DONE
    requests = [json.loads(line) for line in batch.read_text().splitlines()]
    assert [each["body"]["model"] for each in requests] == ["large", "large"]
    assert "2 + 2" in json.dumps(requests)
    assert '"answer": "4"' not in json.dumps(requests)
    assert {each["missing"] for each in _reported(tmp_path / "out")["summaries"]} == {2}


async def test_a_second_run_makes_no_call_and_comes_to_the_same(tmp_path: Path) -> None:
    """Every call is recorded; a replay needs no model."""
    command = ["bench", "--problems", str(_problems(tmp_path)), *SMALL_ONLY]
    async with serve(always("The answer is \\boxed{4}."), (Entry("tiny"),)) as server:
        first = [*command, *_small(server.url), "--out", str(tmp_path / "first")]
        assert await asyncio.to_thread(run, first) == Status.DONE
        calls = len(server.records)
    second = [*command, "--small", "tiny", "--offline", "--out", str(tmp_path / "second")]
    assert await asyncio.to_thread(run, second) == Status.DONE
    assert calls == 2 * 8
    assert _reported(tmp_path / "second") == _reported(tmp_path / "first")


@pytest.mark.usefixtures("_heard")
async def test_ctrl_c_reports_what_is_there_and_the_same_command_goes_on(tmp_path: Path) -> None:
    """Every answer that came is kept, and none of them is asked for again."""
    problems = str(_problems(tmp_path))
    async with serve(always(Reply("\\boxed{2}", delay_s=0.3)), (Entry("tiny"),)) as server:
        command = [
            "-m",
            "cope_lsp",
            "bench",
            "--problems",
            problems,
            *SMALL_ONLY,
            *_small(server.url),
            "--width",
            "1",
        ]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            env=os.environ,
        )
        # One call at a time: the fourth begins when the third is on disk.
        await server.until(lambda state: len(state.records) >= 4, seconds=60)
        process.send_signal(signal.SIGINT)
        _, told = await process.communicate()
        assert process.returncode == Status.INTERRUPTED
        assert b"the same command goes on" in told
        kept = (tmp_path / "home" / "cache" / "bench" / "records.jsonl").read_text().count("\n")
        before = len(server.records)
        assert await asyncio.to_thread(run, command[2:]) == Status.DONE
        assert kept >= 3
        assert len(server.records) - before == 2 * 8 - kept


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--problems", "nowhere.jsonl"), "nowhere.jsonl cannot be read"),
        (("--strategies", "magic"), "no strategy called “magic”"),
        (("--strategies", "small x1", "--out", "/dev/null/report"), "/dev/null"),
        (("--records", "/dev/null/records.jsonl"), "/dev/null"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    arguments: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there, a name that nothing has, a place that cannot be written to."""
    status = run(["bench", "--offline", "--problems", str(_problems(tmp_path)), *arguments])
    assert status == Status.FAILED
    assert told in capsys.readouterr().err


def test_what_may_not_leave_the_machine_does_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `cloud` set to `never` no model elsewhere is asked, whatever it costs."""
    elsewhere = ("--set", "small.base_url=https://models.example/v1", "--set", "small.provider=openai")
    command = ("bench", "--problems", str(_problems(tmp_path)), "--set", "cloud=never", *elsewhere)
    assert run(command) == Status.FAILED
    assert "`cloud` is `never`" in capsys.readouterr().err


def test_a_run_that_never_began_leaves_an_earlier_batch_alone(tmp_path: Path) -> None:
    """A misspelt file costs no requests that were written before."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text("kept\n")
    assert run(["bench", "--offline", "--problems", "nowhere.jsonl", "--batch", str(batch)]) == Status.FAILED
    assert batch.read_text() == "kept\n"

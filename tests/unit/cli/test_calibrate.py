"""`cope-lsp calibrate` as a person calls it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.escalation import FIXED
from cope_lsp.cascade.problem import Kind
from cope_lsp.cli.main import run
from cope_lsp.cli.status import Status

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this user's is read or written."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path / "home"))


def test_without_records_the_command_that_makes_them_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to fit to."""
    assert run(["calibrate"]) == Status.FAILED
    assert "There are no records at" in (said := capsys.readouterr().err)
    assert "Run `cope-lsp bench` first." in said


def test_what_too_few_problems_tell_stays_fixed_and_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table says how few there were; the file holds what the product works with."""
    problems, records, out = (tmp_path / name for name in ("sums.jsonl", "records.jsonl", "fits.json"))
    problems.write_text(json.dumps({"id": "sums/1", "problem": "What is 1 + 1?", "answer": "2"}) + "\n")
    records.touch()
    asked = ("--problems", str(problems), "--records", str(records), "--out", str(out))
    assert run(["calibrate", *asked]) == Status.DONE
    said = capsys.readouterr().out
    assert "0: fewer than 30, stays fixed" in said
    assert "1 wait for answers and are left out" in said
    (fit,) = json.loads(out.read_text("utf-8"))["fits"]
    assert (fit["kind"], fit["rates"], fit["bar"], fit["fitted"]) == (Kind.ANSWER, asdict(FIXED), None, [])

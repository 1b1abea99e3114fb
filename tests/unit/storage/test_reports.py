"""Reports, and untrusted text in them."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest

from cope_lsp.storage.reports import fenced, keep_report, latest_report

if TYPE_CHECKING:
    from pathlib import Path


def test_a_report_is_kept_for_the_user_alone(tmp_path: Path) -> None:
    """The latest one is found."""
    keep_report(tmp_path / "reports", "one", "# One")
    path = keep_report(tmp_path / "reports", "two", "# Two \udce4")
    assert path.stat().st_mode & 0o777 == 0o600
    os.utime(tmp_path / "reports" / "one.md", (0, time.time() - 60))
    assert latest_report(tmp_path / "reports") == path


def test_a_report_goes_after_a_week(tmp_path: Path) -> None:
    """When the next one is written."""
    old = keep_report(tmp_path / "reports", "old", "# Old")
    os.utime(old, (0, time.time() - 8 * 86400))
    keep_report(tmp_path / "reports", "new", "# New")
    assert not old.exists()


def test_there_may_be_no_report(tmp_path: Path) -> None:
    """Before the first request."""
    assert latest_report(tmp_path / "reports") is None


def test_a_jobs_name_is_no_path(tmp_path: Path) -> None:
    """Whatever it holds, the report stays in its folder."""
    path = keep_report(tmp_path / "reports", "../../etc/passwd\n", "x")
    assert path.parent == tmp_path / "reports"


@pytest.mark.parametrize("seed", range(200))
def test_nothing_ends_a_fence_but_its_end(seed: int) -> None:
    """For random texts of back-ticks, no line but the last can close the block."""
    chance = random.Random(seed)  # noqa: S311 -- test data
    text = "".join(
        chance.choice(["`", "```", "````````", "\n", " ", "x", "~~~", "\r", "\t"]) for _ in range(60)
    )
    fence, *inside, end, after = fenced(text, "text").split("\n")
    marks = fence.removesuffix("text")
    assert (end, after) == (marks, "")
    assert not any(line.strip().startswith(marks) for line in "\n".join(inside).splitlines())

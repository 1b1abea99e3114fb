"""The sums that `cope-lsp stats` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Usage
from cope_lsp.storage.ledger import Call, Ledger
from cope_lsp.storage.money import Caps
from cope_lsp.storage.statistics import RequestRecord, delivered, record, statistics

if TYPE_CHECKING:
    from pathlib import Path


def request(name: str, stage: str, seconds: float) -> RequestRecord:
    """A request that was accepted."""
    return RequestRecord(
        name, "implement", "python", "accepted", stage, seconds, cached_plan=stage == "large"
    )


async def test_requests_and_money_are_summed(tmp_path: Path) -> None:
    """By stage, by how they ended, by what became of them, by model and by day."""
    ledger = Ledger(tmp_path / "state" / "ledger.sqlite")
    for number, stage in enumerate(["small", "small", "large"]):
        await record(ledger, request(str(number), stage, number))
    await delivered(ledger, "0", "applied")
    reservation = await ledger.reserve(Call("2", "api", "gpt"), 0.04, Caps(1, 1))
    await ledger.settle(reservation, 0.01, Usage(input_tokens=100, cached_tokens=60, output_tokens=10))
    sums = await statistics(ledger)
    assert (sums.requests, sums.calls, sums.cached_plans) == (3, 1, 1)
    assert sums.usd == pytest.approx(0.01)
    assert dict(sums.by_stage) == {"small": 2, "large": 1}
    assert dict(sums.by_ending) == {"accepted": 3}
    assert dict(sums.by_delivery) == {"applied": 1}
    assert dict(sums.by_model_usd) == {"gpt at api": pytest.approx(0.01)}
    assert (sums.input_tokens, sums.cached_tokens, sums.output_tokens) == (100, 60, 10)
    assert sums.seconds_median == 1
    (day,) = sums.days
    assert (day.requests, day.usd) == (3, pytest.approx(0.01))
    assert dict(day.by_stage) == {"small": 2, "large": 1}


async def test_an_empty_ledger_has_empty_statistics(tmp_path: Path) -> None:
    """And no division by zero."""
    sums = await statistics(Ledger(tmp_path / "state" / "ledger.sqlite"))
    assert (sums.requests, sums.usd, sums.seconds_median, sums.days) == (0, 0, 0, ())


async def test_a_request_that_ends_twice_counts_once(tmp_path: Path) -> None:
    """The later record replaces the earlier."""
    ledger = Ledger(tmp_path / "state" / "ledger.sqlite")
    await record(ledger, request("0", "small", 1))
    await record(ledger, request("0", "large", 2))
    assert dict((await statistics(ledger)).by_stage) == {"large": 1}


async def test_statistics_that_cannot_be_kept_are_no_failure(tmp_path: Path) -> None:
    """A request does not fail for a number."""
    (tmp_path / "open").mkdir(mode=0o755)
    ledger = Ledger(tmp_path / "open" / "ledger.sqlite")
    await record(ledger, request("0", "small", 1))
    await delivered(ledger, "0", "applied")

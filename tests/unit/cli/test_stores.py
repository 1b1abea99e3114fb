"""`trust`, `stats` and `cache`: the commands that only look into the user's stores."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.problem import Plan, Role, Usage
from cope_lsp.cli.main import run
from cope_lsp.cli.status import Status
from cope_lsp.engine.stores import builds_folder, stores
from cope_lsp.sandbox import caches
from cope_lsp.sandbox.caches import Cache
from cope_lsp.settings import Settings
from cope_lsp.storage.ledger import Call
from cope_lsp.storage.money import Caps
from cope_lsp.storage.plan_store import workspace_plans
from cope_lsp.storage.statistics import RequestRecord, record

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stores of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("COPE_HOME", str(folder))
    return folder


def test_trust_is_given_listed_and_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the command decides is what the engine's store then says."""
    project = tmp_path / "project"
    project.mkdir()
    decisions = stores(Settings()).decisions
    assert run(["trust", str(project)]) == Status.DONE
    assert anyio.run(decisions.is_trusted, project)
    assert run(["trust"]) == Status.DONE
    assert str(project) in capsys.readouterr().out.splitlines()[-1]
    assert run(["trust", str(project), "--revoke"]) == Status.DONE
    assert not anyio.run(decisions.is_trusted, project)


def test_a_folder_that_is_not_there_and_the_whole_disk_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both say why on stderr and change nothing."""
    assert run(["trust", str(tmp_path / "nothing")]) == Status.FAILED
    assert run(["trust", "/"]) == Status.FAILED
    captured = capsys.readouterr()
    assert "There is no folder" in captured.err
    assert "Trust the project's own folder" in captured.err
    assert anyio.run(stores(Settings()).decisions.trusted) == ()


def test_stats_add_up_money_stages_and_hits(capsys: pytest.CaptureFixture[str]) -> None:
    """A paid call and two requests show in the sums, for people and for programs."""

    async def use() -> None:
        ledger = stores(Settings()).ledger
        reservation = await ledger.reserve(Call("r1", "api.example", "big", "guided"), 0.04, Caps(0.05, 1.0))
        await ledger.settle(reservation, 0.03, Usage(100, 0, 50, 1.0, 0.03, 1))
        await record(ledger, RequestRecord("r1", "implement", "python", "accepted", "guided", 9.0))
        await record(
            ledger, RequestRecord("r2", "implement", "python", "accepted", "small", 3.0, cached_solution=True)
        )

    anyio.run(use)
    assert run(["stats", "--json"]) == Status.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["requests"], found["usd"], found["by_stage"]) == (2, 0.03, {"guided": 1, "small": 1})
    assert run(["stats"]) == Status.DONE
    text = capsys.readouterr().out
    for part in ("$0.03 in 1 paid calls", "big at api.example", "guided 1 (50%)", "solution 1 (50%)"):
        assert part in text


def test_stats_of_nothing_are_zeros(capsys: pytest.CaptureFixture[str]) -> None:
    """A fresh machine has an answer too."""
    assert run(["stats"]) == Status.DONE
    assert "0 paid calls" in capsys.readouterr().out


def test_a_ledger_that_cannot_be_read_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file stands in the message, and the status says that nothing was shown."""
    (home / "state").mkdir(parents=True, mode=0o700)
    (home / "state" / "ledger.sqlite").write_text(
        "not a database, and long enough to be noticed as none " * 20
    )
    assert run(["stats"]) == Status.FAILED
    assert "ledger.sqlite" in capsys.readouterr().err


def test_a_cleared_cache_has_forgotten_its_plans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan that was there is not there any more, nor what was built, unless something uses it now."""
    plans = workspace_plans(stores(Settings()).plans, tmp_path)

    async def put_then_get() -> Plan | None:
        await plans.put("key", Plan("sort first", Role.GOAL, "small"))
        return await plans.get("key")

    assert anyio.run(put_then_get) is not None
    with caches.opened(Cache(builds_folder() / "project")):
        assert run(["cache", "clear"]) == Status.DONE
        assert "In use, not all cleared" in capsys.readouterr().out
    assert run(["cache", "clear"]) == Status.DONE
    assert "In use" not in capsys.readouterr().out
    assert anyio.run(plans.get, "key") is None
    assert list(builds_folder().iterdir()) == []

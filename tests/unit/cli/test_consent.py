"""`cope-lsp consent`: which models elsewhere may be sent code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cli.main import run
from cope_lsp.cli.status import Status
from cope_lsp.engine.destinations import destinations
from cope_lsp.engine.stores import stores
from cope_lsp.settings import Settings, load
from cope_lsp.storage.consent import Choice
from tests.support.model_script import Entry
from tests.support.model_server import always, serve

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = (
    "--set",
    "small.provider=llama_cpp",
    "--set",
    "large.model=big",
    "--set",
    "large.base_url=https://llm.example/v1",
    "--set",
    'large.price={"input": 1, "output": 2}',
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stores of the test's own."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def kept() -> list[Choice]:
    """The choices in the store."""
    return [choice for _, choice in anyio.run(stores(Settings()).decisions.choices)]


def test_a_remote_model_is_asked_about_until_it_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    """Host, model and price are named; what is decided is what the engine's store then says."""
    assert run(["consent", *REMOTE]) == Status.DONE
    name = "big at llm.example ($1 in, $2 out per million tokens)"
    assert capsys.readouterr().out == f"{name}: you will be asked\n"
    assert run(["consent", "--allow", *REMOTE]) == Status.DONE
    assert capsys.readouterr().out == f"{name}: allowed\n"
    assert kept() == [Choice.ALWAYS]


def test_another_price_is_another_question(capsys: pytest.CaptureFixture[str]) -> None:
    """The old decision is still shown, as one that is not set now."""
    run(["consent", "--allow", *REMOTE])
    capsys.readouterr()
    run(["consent", *REMOTE[:-1], 'large.price={"input": 9, "output": 9}'])
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("you will be asked")
    assert second.endswith("allowed (not set now)")


def test_consent_is_withdrawn_by_host(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of that host is decided any more."""
    run(["consent", "--never", *REMOTE])
    assert kept() == [Choice.NEVER]
    assert run(["consent", "--withdraw", "llm.example"]) == Status.DONE
    assert "1 decisions" in capsys.readouterr().out
    assert kept() == []


def test_with_nothing_elsewhere_there_is_nothing_to_allow(capsys: pytest.CaptureFixture[str]) -> None:
    """`--allow` keeps no decision for a model on this machine."""
    assert run(["consent", "--allow", "--set", "small.provider=llama_cpp"]) == Status.DONE
    assert "nothing leaves this machine" in capsys.readouterr().out
    assert kept() == []


def test_settings_that_decide_already_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """`cloud` and `stages` stand above every consent."""
    run(["consent", *REMOTE, "--set", "cloud=never"])
    assert "none of them is called" in capsys.readouterr().out
    run(["consent", *REMOTE, "--set", "cloud=allow"])
    assert "nobody is asked" in capsys.readouterr().out


async def test_a_cloud_model_behind_ollama_on_loopback_is_elsewhere() -> None:
    """Remote is where the text goes, not where the port is."""
    async with serve(always("x"), (Entry("big-cloud", remote_host="https://ollama.com"),)) as server:
        settings = load((f"small.base_url={server.url}", "small.model=big-cloud")).settings
        (found,) = await destinations(settings)
    assert found.model == "big-cloud"


def test_a_server_that_is_down_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """What it would be asked cannot be known; the decisions are shown all the same."""
    assert run(["consent", "--set", "small.base_url=http://127.0.0.1:9"]) == Status.DONE
    assert "127.0.0.1:9" in capsys.readouterr().out

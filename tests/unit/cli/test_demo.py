"""The demo on a scripted Ollama: what it shows, what it exits with, and that it leaves nothing behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cli.main import run
from cope_lsp.cli.status import Status
from tests.support.beside import serving
from tests.support.model_script import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.model_exchange import ModelServer
    from tests.support.model_script import Call

LEAP = """```python
def is_leap_year(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
```"""
NO_LEAP = LEAP.replace("!= 0", "!= 4")
SLUG = "```python\ndef slugify(title: str) -> str:\n    return title.lower()\n```"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of the test's own."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def clever(call: Call) -> Reply:
    """Knows leap years, and not slugs."""
    return Reply(LEAP if "is_leap_year" in call.text else SLUG)


def dull(call: Call) -> Reply:
    """Knows neither."""
    return Reply(NO_LEAP if "is_leap_year" in call.text else SLUG)


def play(server: ModelServer, *more: str) -> int:
    """The demo's status with this server for an Ollama."""
    model = next(iter(server.models))
    pairs = (f"small.base_url={server.url}", f"small.model={model}")
    words = [word for pair in pairs for word in ("--set", pair)]
    return run(["demo", *words, *more])


def test_a_running_ollama_is_used_and_the_edit_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Diff, evidence and money of the first act; the second changes nothing. Both in a picture."""
    picture = tmp_path / "demo.svg"
    with serving(clever) as server:
        assert play(server, "--svg", str(picture)) == Status.DONE
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Model: {next(iter(server.models))} at 127.0.0.1" in shown
    assert "+ return year % 4 == 0" in shown
    assert "applied: is_leap_year: 4 of 4 examples pass · 1 of 1 tests pass · local · $0.00" in shown
    assert "titles.py is unchanged." in shown
    assert "Nothing passed, so nothing was changed." in shown
    svg = picture.read_text("utf-8")
    assert "titles.py" in svg
    assert "url(" not in svg.replace("url(#", "")


def test_a_demo_without_a_tested_edit_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1, and as data: how both acts ended and that no text was touched."""
    with serving(dull) as server:
        assert play(server, "--json") == Status.FAILED
    told = json.loads(capsys.readouterr().out)
    assert [told[act]["ending"] for act in ("first", "second")] == ["unverified", "unverified"]
    assert told["first"]["after"] == told["first"]["before"]


def test_neither_the_users_stores_nor_settings_are_touched(home: Path) -> None:
    """A demo counts in nobody's statistics, and trusts nothing for good."""
    with serving(clever) as server:
        play(server, "--json")
    assert not home.exists()


def test_a_folder_without_the_example_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the option."""
    assert run(["demo", "--project", str(tmp_path)]) == Status.FAILED
    assert "--project" in capsys.readouterr().err

"""`cope-lsp doctor`: every part, each with its fix."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cli.checks import (
    isolation_findings,
    large_finding,
    settings_findings,
    small_finding,
    stores_finding,
    workspace_findings,
)
from cope_lsp.cli.findings import Finding, State, render
from cope_lsp.cli.main import run
from cope_lsp.cli.status import Status
from cope_lsp.engine.stores import stores
from cope_lsp.sandbox.job import Rung
from cope_lsp.settings import Sandbox, Settings, load
from tests.support.model_server import always, serve

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.settings import Parsed

NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stores and settings of the test's own, and no key of this machine's."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return tmp_path / "home"


def parsed(*pairs: str) -> Parsed:
    """Settings as the command line gives them."""
    return load(pairs)


async def test_a_server_that_is_down_is_named_with_its_fix() -> None:
    """The finding says where nothing answers, how to start it and where to get it."""
    finding = await small_finding(parsed(f"small.base_url={NOWHERE}"))
    assert finding.state is State.BROKEN
    assert "127.0.0.1:9" in finding.says
    assert "ollama serve" in finding.fix
    assert "https://ollama.com/download" in finding.fix


async def test_a_model_that_is_missing_names_the_command_that_gets_it() -> None:
    """The server is there and the model is not."""
    async with serve(always("x")) as server:
        finding = await small_finding(parsed(f"small.base_url={server.url}", "small.model=absent:1b"))
    assert (finding.state, finding.fix) == (State.BROKEN, "Get it with: ollama pull absent:1b")


async def test_a_model_that_is_there_shows_its_context() -> None:
    """Both what is set and what the model takes."""
    async with serve(always("x")) as server:
        name = next(iter(server.models))
        finding = await small_finding(parsed(f"small.base_url={server.url}", f"small.model={name}"))
    assert finding.state is State.GOOD
    assert "of the 8192 that are set" in finding.says


async def test_an_openai_server_on_this_machine_is_asked_for_its_models() -> None:
    """A model that it does not offer is missing."""
    async with serve(always("x")) as server:
        name = next(iter(server.models))
        pairs = ("small.provider=openai", f"small.base_url={server.url}/v1")
        there = await small_finding(parsed(*pairs, f"small.model={name}"))
        absent = await small_finding(parsed(*pairs, "small.model=absent"))
    assert (there.state, absent.state) == (State.GOOD, State.BROKEN)
    assert "does not offer absent" in absent.says


async def test_a_gguf_file_that_is_not_there_is_named() -> None:
    """Nothing is loaded to find that out."""
    finding = await small_finding(parsed("small.provider=llama_cpp", "small.model=/nowhere/m.gguf"))
    assert (finding.state, "/nowhere/m.gguf" in finding.says) == (State.BROKEN, True)


async def test_without_a_large_model_nothing_is_missing() -> None:
    """It need not be there."""
    assert (await large_finding(parsed())).state is State.ABSENT


async def test_the_key_is_looked_for_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set: its variable's name is shown and the price; empty: the variable is named in the problem."""
    assert "OPENAI_API_KEY is empty" in (await large_finding(parsed("large.model=gpt-5-mini"))).says
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    finding = await large_finding(parsed("large.model=gpt-5-mini"))
    assert finding.state is State.GOOD
    assert "$0.25 in" in finding.says
    assert "sk-very-secret" not in str(finding)


async def test_an_unknown_price_is_a_problem_with_a_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a price nothing is paid, so it is needed."""
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    finding = await large_finding(parsed("large.model=ours-1", "large.base_url=https://llm.example/v1"))
    assert (finding.state, "large.price" in finding.fix) == (State.BROKEN, True)


def test_the_isolation_that_holds_is_named_and_a_missing_one_has_its_fix() -> None:
    """None, off, and the first that holds are three different findings."""
    broken = Rung("bubblewrap", available=False, detail="no user namespaces", fix="sysctl this")
    none = Rung("none", available=True, detail="limits only")
    good = Rung("bubblewrap, copy", available=True, detail="all shut")
    assert isolation_findings((broken, good, none), Sandbox.REQUIRED) == [
        Finding("Isolation", State.GOOD, "bubblewrap, copy: all shut")
    ]
    (missing,) = isolation_findings((broken, none), Sandbox.REQUIRED)
    assert (missing.state, missing.fix) == (State.BROKEN, "sysctl this")
    assert "no user namespaces" in missing.says
    (off,) = isolation_findings((good, none), Sandbox.OFF)
    assert off.state is State.BROKEN


async def test_a_project_shows_root_trust_and_toolchain(tmp_path: Path) -> None:
    """Untrusted is a problem whose fix is the command with the folder's name; trusted is none."""
    project = tmp_path / "project"
    project.mkdir()
    before = await workspace_findings(parsed(), project)
    assert [finding.part for finding in before] == ["Project", "Trust", "Python"]
    assert before[1].fix == f"cope-lsp trust {project}"
    await stores(Settings()).decisions.trust(project)
    assert (await workspace_findings(parsed(), project))[1].state is State.GOOD


async def test_where_a_distribution_manages_python_pytest_goes_into_an_environment(tmp_path: Path) -> None:
    """Debian's pip refuses to install into its interpreter; one of the project's own takes it."""
    library = tmp_path / "usr" / "lib" / "python3.11"
    program = tmp_path / "usr" / "bin" / "python3"
    for file in (library / "os.py", program, tmp_path / "project" / "pyproject.toml"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    setting = parsed(f"python.interpreter={json.dumps(str(program))}")
    free = (await workspace_findings(setting, tmp_path / "project"))[-1]
    (library / "EXTERNALLY-MANAGED").touch()
    managed = (await workspace_findings(setting, tmp_path / "project"))[-1]
    assert free.fix == f"{program} -m pip install pytest"
    made = tmp_path / "project" / ".venv"
    assert managed.fix == f"{program} -m venv {made} && {made}/bin/python -m pip install pytest"


def test_a_refused_setting_is_a_problem() -> None:
    """It is named beside how many settings hold."""
    first, second = settings_findings(parsed("samples=3", "smaples=3"))
    assert (first.state, "command line" in first.says) == (State.GOOD, True)
    assert (second.state, "smaples" in second.says) == (State.BROKEN, True)


def test_a_folder_that_others_can_reach_into_is_a_problem(home: Path) -> None:
    """Plans and decisions are kept only where nobody else can write them."""
    (home / "state").mkdir(parents=True, mode=0o755)
    (home / "state").chmod(0o755)
    finding = stores_finding()
    assert (finding.state, "chmod 700" in finding.fix) == (State.BROKEN, True)


def test_all_of_it_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object on stdout; status 1 while something that is needed is missing."""
    status = run(["doctor", str(tmp_path), "--json", "--set", f"small.base_url={NOWHERE}"])
    found = json.loads(capsys.readouterr().out)
    assert (status, found["ok"]) == (Status.FAILED, False)
    parts = {finding["part"] for finding in found["findings"]}
    assert parts == {
        "Settings",
        "Small model",
        "Large model",
        "Isolation",
        "Project",
        "Trust",
        "Python",
        "Folders",
    }


def test_findings_are_shown_with_mark_and_fix_and_cannot_command_the_terminal() -> None:
    """A server's words stand in them."""
    text = render([Finding("Small model", State.BROKEN, "said \x1b[2J", "start it")]).plain
    assert text == "✗ Small model: said \\u001b[2J\n  → start it\n"

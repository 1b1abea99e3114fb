"""The command line's front door."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cli.main import COMMANDS, run
from cope_lsp.cli.status import Status

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, so that no setting of this machine's user counts."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`cope-lsp NAME --help` works for each, and its module offers what the front needs."""
    with pytest.raises(SystemExit) as ended:
        run([name, "--help"])
    assert ended.value.code == 0
    assert f"cope-lsp {name}" in capsys.readouterr().out
    assert callable(import_module(f"cope_lsp.cli.{name}").run)


@pytest.mark.parametrize("name", ["bench", "calibrate"])
def test_a_plain_installation_is_told_what_benchmarks_need(name: str) -> None:
    """Without the extra there is one line with its name, and no traceback."""
    script = (
        "import sys; sys.modules['numpy'] = None; from cope_lsp.cli.main import run; "
        f"sys.exit(run(['{name}', '--offline'] if '{name}' == 'bench' else ['{name}']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert ended.returncode == Status.FAILED
    assert "pip install 'cope-lsp[bench]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_a_command_the_help_stands_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """Stdout stays empty: an editor that forgot `--stdio` gets no stray bytes."""
    assert run([]) == Status.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "--stdio" in captured.err


def test_an_unknown_command_is_a_usage_error() -> None:
    """Exit status 2, as argparse has it."""
    with pytest.raises(SystemExit) as ended:
        run(["sovle"])
    assert ended.value.code == Status.USAGE


def test_starting_the_command_line_imports_no_part_of_the_product() -> None:
    """Neither a command's libraries nor an SDK is loaded before a command is named."""
    script = (
        "import sys; from cope_lsp.cli.main import run, _parser; _parser(['--stdio']); print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    ).stdout.split()
    assert {"rich", "pydantic", "pygls", "openai", "ollama", "tree_sitter"}.isdisjoint(loaded)


def test_settings_show_who_set_a_value_and_refuse_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A bad pair is named, the good one holds, and the status says that something was refused."""
    assert run(["settings", "--set", "samples=3", "--set", "smaples=4"]) == Status.FAILED
    out = capsys.readouterr().out
    assert any(line.split()[:2] == ["samples", "3"] and "command line" in line for line in out.splitlines())
    assert "smaples" in out


def test_settings_before_and_after_the_command_both_count(capsys: pytest.CaptureFixture[str]) -> None:
    """`--set` belongs to the program and to each command."""
    assert run(["settings", "--set", "samples=3"]) == Status.DONE
    assert run(["--set", "samples=3", "settings"]) == Status.DONE
    assert capsys.readouterr().out.count("command line") == 2


def test_the_schema_and_the_table_are_printed_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Both can be piped into a file."""
    assert run(["settings", "--schema"]) == Status.DONE
    assert "small" in json.loads(capsys.readouterr().out)["properties"]
    assert run(["settings", "--table"]) == Status.DONE
    assert capsys.readouterr().out.startswith("| Setting |")


def test_a_reader_that_went_away_is_no_fault(home: Path) -> None:
    """`cope-lsp settings | head -0` ends without a traceback."""
    command = f"{sys.executable} -m cope_lsp settings --schema | true"
    ended = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd=home
    )
    assert ended.stderr == ""

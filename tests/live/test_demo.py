"""The demo as a user starts it: real server, real client, real model, real sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "almanac"

pytestmark = [pytest.mark.live, pytest.mark.heavy]


def play(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the demo with no Ollama in reach, so that every machine plays the same model."""
    command = [
        sys.executable,
        "-m",
        "cope_lsp",
        "demo",
        "--set",
        "small.base_url=http://127.0.0.1:9",
        *arguments,
    ]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=400, stdin=subprocess.DEVNULL
    )


def until_it_succeeds(
    attempt: Callable[[], subprocess.CompletedProcess[str]],
) -> subprocess.CompletedProcess[str]:
    """The first of at most three runs that ends with 0.

    One run in twenty may fail for the model's sake, which `benchmarks.demo` counts; three in a row are ours.
    """
    ended = attempt()
    for _ in range(2):
        if ended.returncode == 0:
            break
        ended = attempt()
    return ended


def test_the_demo_ends_with_a_tested_edit_and_an_honest_failure(smollm2: Path) -> None:
    """A stub is implemented and tested; one that this model cannot do changes nothing and costs nothing."""
    before = {path: path.read_bytes() for path in EXAMPLE.rglob("*.py")}
    ended = until_it_succeeds(lambda: play("--gguf", str(smollm2), "--json"))
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    first, second = told["first"], told["second"]
    assert first["ending"] == "applied"
    assert "$0.00" in first["message"]
    assert "..." not in first["after"].splitlines()[-1]
    # Most of this model's draws fail their tests; one time in ten none of them is even a function.
    assert (second["ending"], "no usable reply" in second["message"]) in {
        ("unverified", False),
        ("failed", True),
    }
    assert "$0.00" in second["message"]
    assert second["after"] == second["before"]
    assert {path: path.read_bytes() for path in EXAMPLE.rglob("*.py")} == before


def make_demo() -> subprocess.CompletedProcess[str]:
    """What a newcomer types."""
    return subprocess.run(
        ["make", "demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
        stdin=subprocess.DEVNULL,
    )


def test_make_demo_shows_it_and_exits_with_0() -> None:
    """`make demo` sets itself up, shows the diff with its evidence, and succeeds."""
    ended = until_it_succeeds(make_demo)
    assert ended.returncode == 0, ended.stderr
    assert "+++ b/leap.py" in ended.stdout
    assert "applied: " in ended.stdout


def test_without_any_model_the_demo_says_how_to_get_one() -> None:
    """Neither Ollama nor a file: one message with both ways out, no traceback."""
    ended = play()
    assert ended.returncode == 1
    assert "--gguf FILE" in ended.stderr
    assert "Traceback" not in ended.stderr

"""The scripted model server in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.model_script import Scenario, scenario_json

if TYPE_CHECKING:
    from collections.abc import Generator

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ModelProcess:
    """A running server: its address, and what it has on record."""

    url: str
    file: Path

    def records(self) -> list[dict[str, Any]]:
        """The finished requests so far."""
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []


@contextmanager
def model_process(scenario: Scenario, folder: Path) -> Generator[ModelProcess]:
    """Serve a scenario until the block ends; script and records lie in `folder`."""
    script, records = folder / "scenario.json", folder / "model-records.jsonl"
    script.write_bytes(scenario_json(scenario))
    command = [sys.executable, "-m", "tests.support.model_server", "--script", script, "--records", records]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            yield ModelProcess(server.stdout.readline().strip(), records)
        finally:
            server.terminate()

"""Draws as they are kept while drawing: one JSON object a line, appended and on disk before the next begins.

A file that a kill left with half a line loses that draw and nothing else.
"""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cope_lsp.bench.coding.problems import BenchmarkProblem


class Part(StrEnum):
    """What a draw is for."""

    SOLUTION = "solution"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Task:
    """One draw to make: the problem, and which of its solutions or self-made tests, from 0."""

    task_id: str
    part: Part
    number: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """One draw that was made; `seconds` include those of its own plan."""

    task: Task
    text: str
    model: str
    variant: str
    temperature: float
    seed: int
    tokens: int
    logprob: float | None
    logprobs: tuple[float, ...]
    truncated: bool
    seconds: float


class Records:
    """The draws of one sample file so far; reading them changes nothing, also while another run draws."""

    def __init__(self, path: Path) -> None:
        """Read every whole line that is there."""
        self._path = path
        self._half: int | None = None
        self.done: dict[Task, Recorded] = {}
        whole = path.read_bytes() if path.exists() else b""
        kept = whole[: whole.rfind(b"\n") + 1]
        for line in kept.splitlines():
            record = _record(json.loads(line))
            self.done[record.task] = record
        if kept != whole:
            self._half = len(kept)

    def keep(self, record: Recorded) -> None:
        """Append a draw; it is on disk when this returns. What a kill left half written goes first."""
        if self._half is not None:
            os.truncate(self._path, self._half)
            self._half = None
        line = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"))
        with self._path.open("ab") as file:
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.done[record.task] = record


def export(problems: Iterable[BenchmarkProblem], records: Records, path: Path) -> int:
    """Write the sample file of all problems with a solution, if any; gives how many they are."""
    rows = [row for problem in problems if (row := _row(problem, records))["solutions"]]
    if not rows:
        return 0
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    data = gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode()
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_bytes(data)
    unfinished.replace(path)
    return len(rows)


def _row(problem: BenchmarkProblem, records: Records) -> dict[str, Any]:
    solutions, tests = (_drawn(problem.task_id, part, records) for part in Part)
    return {
        **asdict(problem),
        "solutions": [record.text for record in solutions],
        "draws": [_details(record) for record in solutions],
        "test_texts": [record.text for record in tests],
        "test_draws": [_details(record) for record in tests],
        "model": next((record.model for record in (*solutions, *tests)), ""),
        "saw_examples": True,
    }


def _drawn(task_id: str, part: Part, records: Records) -> list[Recorded]:
    mine = [record for task, record in records.done.items() if (task.task_id, task.part) == (task_id, part)]
    return sorted(mine, key=lambda record: record.task.number)


def _details(record: Recorded) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if name not in {"task", "text", "model"}}


def _record(row: Mapping[str, Any]) -> Recorded:
    task = Task(row["task"]["task_id"], Part(row["task"]["part"]), row["task"]["number"])
    values: dict[str, Any] = {**row, "task": task, "logprobs": tuple(row["logprobs"])}
    return Recorded(**values)

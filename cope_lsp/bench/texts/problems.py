"""Request files in public forms: AlpacaEval, MT-Bench (first turns), and our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.bench.rows import Unreadable, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a reply is graded by, which stays hidden; empty where a file has none."""

    reference: str = ""
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class TextProblem:
    """A request, and what replies to it are graded by."""

    id: str
    request: str
    yardstick: Yardstick = field(repr=False)


def read_problems(path: Path) -> Iterator[TextProblem]:
    """The requests of a `.jsonl` or `.jsonl.gz` file in any of the forms. Raises: OSError, Unreadable."""
    names = set[str]()
    for number, row in read_rows(path):
        request = _first(row, "request", "instruction", "turns")
        if not request:
            missing = "`request`, `instruction` or `turns`"
            raise Unreadable(f"{path}, line {number} has no request: a field {missing} is missing.")
        name = _name(path, number, row)
        if name in names:
            raise Unreadable(f"{path}, line {number} has the name {name!r} of an earlier line.")
        names.add(name)
        yardstick = Yardstick(_first(row, "reference", "output"), _first(row, "rubric"))
        yield TextProblem(name, request, yardstick)


def _name(path: Path, number: int, row: Mapping[str, Any]) -> str:
    """The row's own name; a number, or none, is preceded by the file's name."""
    given = str(row.get("id") or row.get("question_id") or number)
    return f"{path.name.split('.')[0]}/{given}" if given.isdigit() else given


def _first(row: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds a text; of a list, its first."""
    for name in names:
        value: object = row.get(name)
        if isinstance(value, list):
            value = next(iter(cast("list[object]", value)), None)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""

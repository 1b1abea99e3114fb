"""Problem files in public forms: GSM8K, MATH and MATH-500, AIME, and our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cope_lsp.bench.answers.replies import stated_answer
from cope_lsp.bench.rows import Unreadable, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """A problem and its answer, which stays hidden."""

    id: str
    statement: str
    answer: str = field(repr=False)


def read_problems(path: Path) -> Iterator[AnswerProblem]:
    """The problems of a `.jsonl` or `.jsonl.gz` file in any of the forms. Raises: OSError, Unreadable."""
    names = set[str]()
    for number, row in read_rows(path):
        place = f"{path}, line {number}"
        fields = {name.lower(): value for name, value in row.items()}
        name = _name(path, number, fields)
        if name in names:
            raise Unreadable(f"{place} has the name {name!r} of an earlier line.")
        names.add(name)
        yield AnswerProblem(name, _statement(fields, place), _answer(fields, place))


def _name(path: Path, number: int, fields: Mapping[str, Any]) -> str:
    """The row's own name; a number, or none, is preceded by the file's name."""
    given = _first(fields, "id", "unique_id", "task_id") or str(number)
    return f"{path.name.split('.')[0]}/{given}" if given.isdigit() else given


def _statement(fields: Mapping[str, Any], place: str) -> str:
    statement = _first(fields, "problem", "question")
    if not statement:
        raise Unreadable(f"{place} has no problem: a field `problem` or `question` is missing.")
    return statement


def _answer(fields: Mapping[str, Any], place: str) -> str:
    """The answer itself, or what a worked solution ends with."""
    given, solution = _first(fields, "answer"), _first(fields, "solution")
    answer = stated_answer(given) or given or stated_answer(solution)
    if not answer:
        raise Unreadable(
            rf"{place} has no answer: a field `answer`, or a `solution` with \boxed{{}}, is missing."
        )
    return answer


def _first(fields: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds a text or a number, as text."""
    values = (fields.get(name) for name in names)
    given = (value for value in values if isinstance(value, (str, int, float)) and str(value).strip())
    return str(next(given, "")).strip()

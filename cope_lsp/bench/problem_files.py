"""Problem files of every form become tasks; the form is read off the first row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.agents.household.tasks import read_worlds
from cope_lsp.bench.agents.repository.tasks import read_repositories
from cope_lsp.bench.answers.tasks import read_answers
from cope_lsp.bench.coding.tasks import Choice, read_code
from cope_lsp.bench.rows import Unreadable, read_rows
from cope_lsp.bench.texts.tasks import read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cope_lsp.bench.coding.kept import Kept
    from cope_lsp.bench.tasks import Task
    from cope_lsp.bench.texts.tasks import Grader
    from cope_lsp.code.workbench import Workbench

SETS = Path(__file__).parent / "sets"
"""The sets that come with the package."""

OWN = ("code", "longer", "answers", "texts", "worlds", "repositories")
"""Their names, one or two for each kind of task."""


@dataclass(frozen=True, slots=True)
class Means:
    """What tasks need to be judged and scored; `grader` makes the model that grades a text, by task.

    `choice` says which code problems are taken and what else scores them.
    """

    bench: Workbench
    kept: Kept
    grader: Grader
    choice: Choice = field(default_factory=Choice)


Reader: TypeAlias = Callable[[Path, Means], "tuple[Task, ...]"]


def read_tasks(paths: Sequence[Path], means: Means, most: int | None = None) -> tuple[Task, ...]:
    """The tasks of all files, of each the first `most` of those chosen. Raises: OSError, Unreadable."""
    return tuple(task for path in paths for task in _chosen(path, means, most))


def read_ids(path: Path | None) -> frozenset[str] | None:
    """The `task_id`s of a file's rows; None where there is no file. Raises: OSError, Unreadable."""
    return None if path is None else frozenset(str(row["task_id"]) for _, row in read_rows(path))


def own_set(name: str) -> Path:
    """The file or folder of a set that comes with the package."""
    path = SETS / name
    return path if path.is_dir() else path.with_suffix(".jsonl")


def _chosen(path: Path, means: Means, most: int | None) -> Iterator[Task]:
    tasks, ids = _reader(path)(path, means), means.choice.ids
    yield from [task for task in tasks if ids is None or task.id in ids][:most]


def _reader(path: Path) -> Reader:
    if path.is_dir():
        return _repositories
    fields = next(({name.lower() for name in row} for _, row in read_rows(path)), set[str]())
    for needed, reader in _FORMS:
        if needed <= fields:
            return reader
    told = ", ".join(sorted(fields)) or "nothing"
    raise Unreadable(f"{path} has no form that is known: its first row has {told}.")


def _repositories(path: Path, means: Means) -> tuple[Task, ...]:
    return read_repositories(path, means.bench, means.kept)


def _code(path: Path, means: Means) -> tuple[Task, ...]:
    return read_code(path, means.bench, means.kept, means.choice)


def _answers(path: Path, _means: Means) -> tuple[Task, ...]:
    return read_answers(path)


def _texts(path: Path, means: Means) -> tuple[Task, ...]:
    return read_texts(path, means.grader)


def _worlds(path: Path, _means: Means) -> tuple[Task, ...]:
    return read_worlds(path)


_FORMS: tuple[tuple[set[str], Reader], ...] = (
    ({"entry_point", "test"}, _code),
    ({"test_list"}, _code),
    ({"instruction"}, _texts),
    ({"turns"}, _texts),
    ({"request"}, _texts),
    ({"rooms", "goal"}, _worlds),
    ({"problem"}, _answers),
    ({"question"}, _answers),
)
"""Fields that tell a form from those behind it."""

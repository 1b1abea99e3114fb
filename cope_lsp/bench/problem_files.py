"""Problem files of every form become tasks; the form is read off the first row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.agents.household.tasks import read_worlds
from cope_lsp.bench.agents.repository.tasks import read_repositories
from cope_lsp.bench.answers.tasks import read_answers
from cope_lsp.bench.coding.tasks import read_code
from cope_lsp.bench.rows import Unreadable, read_rows
from cope_lsp.bench.texts.tasks import read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cope_lsp.bench.coding.hidden_calls import HiddenCalls
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

    `hidden` holds further hidden calls of code tasks, by name.
    """

    bench: Workbench
    kept: Kept
    grader: Grader
    hidden: Mapping[str, HiddenCalls] = field(default_factory=dict[str, "HiddenCalls"])


Reader: TypeAlias = Callable[[Path, Means], "tuple[Task, ...]"]


def read_tasks(paths: Sequence[Path], means: Means, ids: Path | None, most: int | None) -> tuple[Task, ...]:
    """The tasks of all files, of each the first `most`; `ids` chooses by name.

    Raises: OSError, Unreadable.
    """
    wanted = None if ids is None else {str(row["task_id"]) for _, row in read_rows(ids)}
    return tuple(task for path in paths for task in _chosen(path, means, wanted, most))


def own_set(name: str) -> Path:
    """The file or folder of a set that comes with the package."""
    path = SETS / name
    return path if path.is_dir() else path.with_suffix(".jsonl")


def _chosen(path: Path, means: Means, wanted: set[str] | None, most: int | None) -> Iterator[Task]:
    tasks = _reader(path)(path, means)
    chosen = [task for task in tasks if wanted is None or task.id in wanted]
    yield from chosen[:most]


def _reader(path: Path) -> Reader:
    if path.is_dir():
        return _repositories
    fields = next((set(row) for _, row in read_rows(path)), set[str]())
    for needed, reader in _FORMS:
        if needed <= fields:
            return reader
    told = ", ".join(sorted(fields)) or "nothing"
    raise Unreadable(f"{path} has no form that is known: its first row has {told}.")


def _repositories(path: Path, means: Means) -> tuple[Task, ...]:
    return read_repositories(path, means.bench, means.kept)


def _code(path: Path, means: Means) -> tuple[Task, ...]:
    return read_code(path, means.bench, means.kept, means.hidden)


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

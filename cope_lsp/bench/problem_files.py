"""Problem files of every form become tasks; the form is read off the first row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.agents.household.tasks import read_worlds
from cope_lsp.bench.agents.repository.tasks import read_repositories
from cope_lsp.bench.answers.tasks import read_answers
from cope_lsp.bench.coding.tasks import read_code
from cope_lsp.bench.rows import Unreadable, read_rows
from cope_lsp.bench.tasks import Task
from cope_lsp.bench.texts.tasks import read_texts
from cope_lsp.cascade.ports import Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cope_lsp.bench.coding.kept import Kept
    from cope_lsp.code.workbench import Workbench

SETS = Path(__file__).parent / "sets"
"""The sets that come with the package."""

OWN = ("code", "longer", "answers", "texts", "worlds", "repositories")
"""Their names, one or two for each kind of task."""


@dataclass(frozen=True, slots=True)
class Means:
    """What tasks need to be judged and scored; `grader` makes the model that grades a text, by task."""

    bench: Workbench
    kept: Kept
    grader: Callable[[str], Model]


Reader: TypeAlias = Callable[[Path, Means], "tuple[Task, ...]"]


def read_tasks(paths: Sequence[Path], means: Means, ids: Path | None, most: int | None) -> tuple[Task, ...]:
    """The tasks of all files, of each the first `most`; `ids` chooses by name.

    Raises: OSError, Unreadable.
    """
    wanted = None if ids is None else {str(row["task_id"]) for _, row in read_rows(ids)}
    return tuple(task for path in paths for task in _chosen(path, means, wanted, most))


def own_set(name: str) -> Path:
    """The file of a set that comes with the package."""
    return SETS / f"{name}.jsonl"


def _chosen(path: Path, means: Means, wanted: set[str] | None, most: int | None) -> Iterator[Task]:
    tasks = _reader(path)(path, means)
    chosen = [task for task in tasks if wanted is None or task.id in wanted]
    yield from chosen[:most]


def _reader(path: Path) -> Reader:
    _, first = next(read_rows(path), (0, {}))
    for fields, reader in _FORMS:
        if fields <= first.keys():
            return reader
    raise Unreadable(f"{path} has no form that is known: its first row has {', '.join(first) or 'nothing'}.")


def _code(path: Path, means: Means) -> tuple[Task, ...]:
    return read_code(path, means.bench, means.kept)


_FORMS: tuple[tuple[set[str], Reader], ...] = (
    ({"entry_point", "test"}, _code),
    ({"test_list"}, _code),
)
"""By the fields that a form has and those behind it lack."""

_ = (partial, read_worlds, read_repositories, read_answers, read_texts, "Mapping")

"""From options to a run: tasks, models and records are opened, and closed again however it ends."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import anyio

from cope_lsp.bench.attempts import Pair, Side
from cope_lsp.bench.coding.hidden_calls import read_hidden_calls
from cope_lsp.bench.coding.kept import open_kept
from cope_lsp.bench.coding.room import room
from cope_lsp.bench.coding.tasks import Choice, CodeTask
from cope_lsp.bench.live import LiveSource, Paid
from cope_lsp.bench.problem_files import Means, read_ids, read_tasks
from cope_lsp.bench.recorded_large import RECORDED, recorded_large
from cope_lsp.bench.records import open_records
from cope_lsp.bench.spending import Budget
from cope_lsp.bench.tariffs import Price, Tariff
from cope_lsp.bench.texts.tasks import graded_by
from cope_lsp.cascade.errors import CallRefused
from cope_lsp.models.connect import connect_large, connect_small, rates
from cope_lsp.models.pacing import Patience
from cope_lsp.models.provider import Hooks
from cope_lsp.settings import Cloud

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from cope_lsp.bench.players import Source
    from cope_lsp.bench.records import Record
    from cope_lsp.bench.tariffs import Pace
    from cope_lsp.bench.tasks import Task
    from cope_lsp.models.provider import Connection
    from cope_lsp.settings import Settings

UNHURRIED = partial(Patience, first_byte_s=3600.0, idle_s=3600.0)
"""Nobody waits for a single reply of a benchmark."""


@dataclass(frozen=True, slots=True)
class Files:
    """What a run reads and appends to.

    New calls go to `records`, new findings to `evidence`; `known` and `known_evidence` are only read. `ids`
    is a file whose `task_id`s choose the tasks; of each problem file the first `most` are taken. `large`
    holds recorded replies that stand for the large model, `hidden` further hidden calls of code tasks.
    """

    problems: tuple[Path, ...]
    records: Path | None = None
    known: tuple[Path, ...] = ()
    evidence: Path | None = None
    known_evidence: tuple[Path, ...] = ()
    ids: Path | None = None
    most: int | None = None
    large: Path | None = None
    hidden: Path | None = None


@dataclass(frozen=True, slots=True)
class Calling:
    """How models are called: not at all, or up to a budget in US dollars, some calls at a time.

    `small` and `large` name the models whose records are meant where the settings do not.
    """

    live: bool = False
    budget_usd: float = 0.0
    width: int = 4
    small: str = ""
    large: str = ""
    small_pace: Pace | None = None
    large_pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What a run works with."""

    tasks: tuple[Task, ...]
    pair: Pair


def names_of(files: Files, calling: Calling, settings: Settings) -> tuple[str, str]:
    """The small and the large model as records name them."""
    large = RECORDED if files.large is not None else calling.large or settings.large.model or "large"
    return calling.small or settings.small.model, large


@asynccontextmanager
async def opened(
    files: Files, calling: Calling, settings: Settings, told: Callable[[Record], None]
) -> AsyncGenerator[Session]:
    """A session. Raises: OSError, Unreadable, ModelError."""
    async with AsyncExitStack() as stack:
        records = open_records(files.records, files.known)
        kept = open_kept(files.evidence, files.known_evidence)
        bench = await stack.enter_async_context(room())
        names = names_of(files, calling, settings)
        small = await _small(stack, names[0], calling, settings, told)
        large = await _large(stack, names[1], calling, settings, told)
        hidden = read_hidden_calls(files.hidden) if files.hidden is not None else {}
        choice = Choice(read_ids(files.ids), hidden)
        tasks = read_tasks(files.problems, Means(bench, kept, graded_by(large, records), choice), files.most)
        if files.large is not None:
            large = replace(large, source=_recorded(files.large, tasks))
        yield Session(tasks, Pair(small, large, records))


async def _small(
    stack: AsyncExitStack, name: str, calling: Calling, settings: Settings, told: Callable[[Record], None]
) -> Side:
    if not calling.live:
        return Side(name, tariff=Tariff(pace=calling.small_pace))
    model = connect_small(settings, _SILENT, UNHURRIED(calls_at_once=calling.width))
    stack.push_async_callback(_closed, model)
    if await _is_shut(settings, model):
        raise CallRefused(
            f"{name} is not on this machine, and `cloud` is `never`.", fix="Choose another model."
        )
    await model.prepare()
    source = LiveSource(model, anyio.CapacityLimiter(calling.width), told)
    return Side(name, source, Tariff(pace=calling.small_pace))


async def _large(
    stack: AsyncExitStack, name: str, calling: Calling, settings: Settings, told: Callable[[Record], None]
) -> Side:
    tariff = Tariff(pace=calling.large_pace)
    model = connect_large(settings, _SILENT) if calling.live else None
    if model is None:
        return Side(name, tariff=tariff)
    stack.push_async_callback(_closed, model)
    price = await _price(settings, model)
    if price is None or (price != Price() and not calling.budget_usd) or await _is_shut(settings, model):
        return Side(name, tariff=tariff)
    paid = Paid(price, Budget(calling.budget_usd)) if price != Price() else None
    source = LiveSource(model, anyio.CapacityLimiter(calling.width), told, paid)
    return Side(name, source, tariff)


async def _is_shut(settings: Settings, model: Connection) -> bool:
    """Whether the user wants nothing to leave this machine, and this model's prompts would."""
    return settings.cloud is Cloud.NEVER and await model.destination() is not None


async def _price(settings: Settings, model: Connection) -> Price | None:
    """What the large model costs; None: unknown, and then nothing is asked of it."""
    known = await rates(settings, "large", model)
    return None if known is None else Price(known.input, known.cached, known.output)


async def _closed(model: Connection) -> None:
    with anyio.CancelScope(shield=True):
        await model.close()


def _recorded(path: Path, tasks: tuple[Task, ...]) -> Source:
    return recorded_large(path, {task.id: task.problem for task in tasks if isinstance(task, CodeTask)})


_SILENT = Hooks(loading=lambda _loading: None, sent=lambda _sent: None)

"""Evidence and truth of all cases, found in parallel and kept; neither sees the other."""

from __future__ import annotations

import os
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
from rich.progress import track

from benchmarks.judge import stored
from benchmarks.judge.gathering import candidates, gather, workbench
from benchmarks.judge.hidden import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from benchmarks.judge.cases import Case
    from benchmarks.judge.stored import Store
    from benchmarks.samples import Hidden
    from cope_lsp.code.findings import Findings

Item = TypeVar("Item")

AT_ONCE = 3
"""Cases under way beside those that keep the cores busy."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its evidence: all that a rule is given."""

    case: Case
    found: tuple[Findings, ...]


async def evidence(cases: Sequence[Case], store: Store) -> tuple[Judged, ...]:
    """The product's findings on every draw of every case."""
    missing = [case for case in cases if store.get(stored.case_key(case.visible)) is None]
    async with _room() as root:
        bench = await workbench(root, anyio.CapacityLimiter(_cores() + 1))

        async def one(case: Case) -> None:
            found = await gather(case.visible, bench)
            store.put(stored.case_key(case.visible), [stored.to_row(each) for each in found])

        await _all(missing, one, "Evidence")
    return tuple(Judged(case, _read(case, store)) for case in cases)


async def truth(
    judged: Sequence[Judged], hidden: Sequence[Hidden], store: Store
) -> tuple[tuple[bool, ...], ...]:
    """For every case whether each of its draws passes the hidden tests; what cannot be placed does not."""
    pairs = {
        _truth_key(text, hidden[each.case.problem]): (text, hidden[each.case.problem])
        for each in judged
        for text in _texts(each)
        if text
    }
    async with _room() as root:
        desk = Desk(root)

        async def one(key: str) -> None:
            store.put(key, await desk.passes(*pairs[key]))

        await _all([key for key in pairs if store.get(key) is None], one, "Truth")
    return tuple(
        tuple(bool(text and store.get(_truth_key(text, hidden[each.case.problem]))) for text in _texts(each))
        for each in judged
    )


def _truth_key(text: str, hidden: Hidden) -> str:
    return stored.key(text, hidden.test, hidden.entry_point)


def _texts(judged: Judged) -> list[str]:
    return [each.text.decode() if each.text else "" for each in judged.found]


def _read(case: Case, store: Store) -> tuple[Findings, ...]:
    rows = store.get(stored.case_key(case.visible))
    return tuple(map(stored.from_row, rows, candidates(case.visible)))


async def _all(items: Sequence[Item], one: Callable[[Item], Awaitable[None]], title: str) -> None:
    if not items:
        return
    left = iter(track(items, description=title, transient=True))
    async with anyio.create_task_group() as group:
        for _ in range(_cores() + AT_ONCE):
            group.start_soon(_work, left, one)


async def _work(left: Iterable[Item], one: Callable[[Item], Awaitable[None]]) -> None:
    for item in left:
        await one(item)


@asynccontextmanager
async def _room() -> AsyncGenerator[Path]:
    with tempfile.TemporaryDirectory(prefix="cope-judge-") as name:
        yield Path(name).resolve()  # noqa: ASYNC240 -- once, before anything runs


def _cores() -> int:
    return len(os.sched_getaffinity(0))

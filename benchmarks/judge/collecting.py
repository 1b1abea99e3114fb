"""Evidence and truth of all cases, found in parallel and kept; neither sees the other."""

from __future__ import annotations

import ast
import os
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
from rich.progress import track

from benchmarks.judge import stored
from benchmarks.judge.gathering import candidates, gather, workbench
from benchmarks.truth import Truth, truth_bench, truths
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.warm import Pool, close, run_pooled

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from benchmarks.judge.cases import Case
    from benchmarks.judge.stored import Store
    from benchmarks.samples import Hidden
    from cope_lsp.code.findings import Findings

Item = TypeVar("Item")

WRONG = Truth(tests=False, reference=None)
_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

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
    async with _room() as (root, pool):
        bench = await workbench(root, pool)

        async def one(case: Case) -> None:
            found = await gather(case.visible, bench)
            store.put(stored.case_key(case.visible), [stored.to_row(each) for each in found])

        await _all(missing, one, "Evidence")
    return tuple(Judged(case, _read(case, store)) for case in cases)


async def truth(
    judged: Sequence[Judged], hidden: Sequence[Hidden], store: Store
) -> tuple[tuple[Truth, ...], ...]:
    """For every case what is true of each of its draws; what cannot be placed is wrong."""
    texts = {problem: dict[str, None]() for problem in range(len(hidden))}
    for each in judged:
        texts[each.case.problem].update(dict.fromkeys(filter(None, map(_bare, each.found))))
    known: dict[tuple[int, str], Truth] = {}
    async with _room() as (_, pool), truth_bench() as cold:
        bench = replace(cold, run=partial(run_pooled, isolation=await strongest(), pool=pool))

        async def one(problem: int) -> None:
            mine = tuple(texts[problem])
            found = await truths(hidden[problem], mine, bench, store)
            known.update({(problem, text): true for text, true in zip(mine, found, strict=True)})

        await _all(list(texts), one, "Truth")
    return tuple(
        tuple(known.get((each.case.problem, _bare(found)), WRONG) for found in each.found) for each in judged
    )


def _bare(found: Findings) -> str:
    """The file's text without docstrings, comments and layout, which no truth hangs on."""
    text = (found.text or b"").decode()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return text
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


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
async def _room() -> AsyncGenerator[tuple[Path, Pool]]:
    """An empty folder, and workers that end with it."""
    pool = Pool()
    with tempfile.TemporaryDirectory(prefix="cope-judge-") as name:
        try:
            yield Path(name).resolve(), pool  # noqa: ASYNC240 -- once, before anything runs
        finally:
            await close(pool)


def _cores() -> int:
    return len(os.sched_getaffinity(0))

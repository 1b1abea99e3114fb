"""Whether candidates are right, by what no rule may see: the benchmark's tests, the reference's behaviour.

Two truths, since the first is thin: EvalPlus (2305.01210) finds many passes of HumanEval's tests wrong. All
of it runs in the product's sandbox.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol, cast

import anyio

from benchmarks.mutated_inputs import call_text, mutated, seen_arguments
from cope_lsp.code.problem import Request, RequestKind
from cope_lsp.code.workbench import Attempt, Cases, Workbench, attempt
from cope_lsp.languages.python import values
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.running import Example, Outcome
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.run import capacity, run
from cope_lsp.workspace.snapshot import Document, Snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

    from benchmarks.samples import Hidden
    from cope_lsp.languages.running import Verdict

INPUTS = 60
"""Mutated inputs that a candidate is compared on."""

LEAST = 10
"""Inputs below which the reference's behaviour says nothing."""

TIMEOUT_S = 20.0
_TRIED = 2 * INPUTS
_CLOSE = 1e-6
_FILE = "solution.py"


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether a candidate passes the benchmark's tests, and behaves like the reference (None: unknown)."""

    tests: bool
    reference: bool | None

    @property
    def right(self) -> bool:
        """By both, as far as they are known."""
        return self.tests and self.reference is not False


class Store(Protocol):
    """Where what was found out is kept under a name of its content."""

    def get(self, key: str) -> Any:  # noqa: ANN401 -- JSON
        """What is kept; None: nothing."""
        ...

    def put(self, key: str, row: Any) -> None:  # noqa: ANN401 -- JSON
        """Keep it."""
        ...


@asynccontextmanager
async def truth_bench() -> AsyncGenerator[Workbench]:
    """An empty project on this interpreter, in the strongest isolation there is."""
    with TemporaryDirectory(prefix="cope-truth-") as folder:
        root = Path(await anyio.Path(folder).resolve())
        yield Workbench(
            run=partial(run, isolation=await strongest()),
            root=root,
            environment=PYTHON.running.environment(root, Path(sys.executable)),
            timeout_s=TIMEOUT_S,
            limiter=capacity(),
        )


async def truths(
    hidden: Hidden, texts: Sequence[str], bench: Workbench, store: Store, seed: int = 0
) -> tuple[Truth, ...]:
    """The truth on whole files that each hold a candidate; what the store knows is not run again.

    Nothing is stored where the run itself went wrong, or where the reference fails here.
    """
    keys = [_key(hidden, text, seed) for text in texts]
    known = {key: row for key in keys if (row := store.get(key)) is not None}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        reference = await _reference(hidden, bench, seed)

        async def one(key: str, text: str) -> None:
            cases = Cases((_check(hidden),), calls=tuple(reference.did))
            found = await _tried(hidden, text, bench, cases)
            known[key] = _judged(found.verdicts, reference.did)
            if reference.holds and not found.problem:
                store.put(key, known[key])

        async with anyio.create_task_group() as group:
            for key, text in missing.items():
                group.start_soon(one, key, text)
    return tuple(Truth(*known[key]) for key in keys)


@dataclass(frozen=True, slots=True)
class _Reference:
    """Whether the reference passes the tests here, and what it does on mutated inputs, by call."""

    holds: bool
    did: dict[str, Verdict]


async def _reference(hidden: Hidden, bench: Workbench, seed: int) -> _Reference:
    """Only calls where it returns, and always the same."""
    source = PYTHON.syntax.parse(hidden.reference.encode())
    target = PYTHON.syntax.target_named(source, hidden.entry_point)
    shown = [example.call for example in PYTHON.syntax.examples(source, target)] if target else []
    seen = seen_arguments([hidden.test, *shown], ["candidate", hidden.entry_point])
    calls = tuple(call_text(hidden.entry_point, each) for each in mutated(seen, _TRIED, seed))
    cases = Cases((_check(hidden),), calls=calls)
    runs = [(await _tried(hidden, hidden.reference, bench, cases)).verdicts for _ in range(2)]
    steady = {
        call: one
        for call, one, other in zip(calls, *(_calls(each, calls) for each in runs), strict=True)
        if one is not None and other is not None and _returned(one) and alike(other, one)
    }
    return _Reference(all(map(_passes, runs)), dict(list(steady.items())[:INPUTS]))


def _judged(verdicts: Mapping[str, Verdict], wanted: Mapping[str, Verdict]) -> tuple[bool, bool | None]:
    if len(wanted) < LEAST:
        return _passes(verdicts), None
    did = zip(_calls(verdicts, wanted), wanted.values(), strict=True)
    return _passes(verdicts), all(got is not None and alike(got, want) for got, want in did)


def _passes(verdicts: Mapping[str, Verdict]) -> bool:
    check = verdicts.get("example:0")
    return check is not None and check.outcome is Outcome.PASSED


def _check(hidden: Hidden) -> Example:
    """The benchmark's test as an example; the candidate is kept first, since it may be called `check` too."""
    setup = (f"candidate = {hidden.entry_point}", hidden.test)
    return Example("check(candidate)", "None", setup, form="==")


async def _tried(hidden: Hidden, text: str, bench: Workbench, cases: Cases) -> Attempt:
    source = PYTHON.syntax.parse(hidden.reference.encode())
    target = PYTHON.syntax.target_named(source, hidden.entry_point)
    if target is None:
        return Attempt(problem="the reference does not define it")
    path = bench.root / _FILE
    document = Document(path.as_uri(), path, PYTHON.id, 1, hidden.reference)
    snapshot = Snapshot(bench.root, {_FILE: document}, trusted=True)
    request = Request(RequestKind.IMPLEMENT, PYTHON, document, snapshot, target)
    return await attempt(bench, request, text.encode(), cases)


def _calls(verdicts: Mapping[str, Verdict], calls: Iterable[str]) -> list[Verdict | None]:
    return [verdicts.get(f"call:{number}") for number, _ in enumerate(calls)]


def _returned(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.outcome is Outcome.PASSED and "raised" not in _told(verdict)


def _told(verdict: Verdict) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(verdict.value)) if verdict.value.startswith("{") else {}


def alike(got: Verdict, wanted: Verdict) -> bool:
    """Equal as the benchmarks' tests compare: `==`, near for floats; effects count where None returns."""
    if not _returned(got):
        return False
    mine, other = _told(got), _told(wanted)
    keys = ("value",) if other["value"] != ["None"] else ("value", "printed", "changed")
    return all(_same(mine.get(key), other.get(key)) for key in keys)


def _same(one: object, other: object) -> bool:
    try:
        return _near(values.decode(one), values.decode(other))
    except values.Opaque:
        return one == other


def _near(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        mine, theirs = cast("Sequence[object]", one), cast("Sequence[object]", other)
        return type(mine) is type(theirs) and len(mine) == len(theirs) and all(map(_near, mine, theirs))
    if isinstance(one, dict) and isinstance(other, dict):
        pairs, others = cast("dict[object, object]", one), cast("dict[object, object]", other)
        return pairs.keys() == others.keys() and all(_near(pairs[key], others[key]) for key in pairs)
    return one == other


def _key(hidden: Hidden, text: str, seed: int) -> str:
    told = json.dumps([hidden.reference, hidden.test, hidden.entry_point, text, seed, INPUTS])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:24]

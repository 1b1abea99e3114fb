"""How strong cases are: which small faults in the code they notice.

A test that passes whatever the code does proves nothing, and one that notices every fault proves much. So
the code that passes is changed a little, many times, and the cases run on each change.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread

from cope_lsp.cascade.problem import Status
from cope_lsp.code.baseline import Weight, weight
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.running import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.code.evidence import Case
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.problem import Request
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import Verdict

LEAST_S, SLOWER = 2.0, 4.0
"""One mutant's run gets this many seconds, and at least this many times what the original took."""

SEED = 0
_CALL = "call:"


@dataclass(frozen=True, slots=True)
class Effort:
    """How many mutants are tried, in how many seconds together; those not tried by then are not counted.

    Where one run takes long, since it compiles, they get the time of `runs` of them instead.
    """

    most: int = 12
    seconds: float = 4.0
    runs: float = 4.0


ASIDE = Effort()
"""What the strength of cases is worth beside all else that is known of a candidate."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant and the cases that noticed it; `alike`: it answers generated calls as the original does."""

    text: bytes
    killers: frozenset[str]
    alike: bool


async def strength(case: Case, found: Findings) -> tuple[int, int]:
    """How many mutants of a passing candidate the cases that prove something kill, of how many tried.

    A survivor that cannot be told from the candidate on generated calls is probably no fault at all and is
    not counted. (0, 0): nothing proves anything here, or nothing could be tried.
    """
    cases = _proving(case)
    if found.text is None or found.status is not Status.PASS or not (cases.examples or cases.tests):
        return 0, 0
    return counted(await mutants_tried(case.bench, case.asked.request, found.text, cases))


def counted(tried: tuple[Tried, ...]) -> tuple[int, int]:
    """Mutants killed, and mutants that count."""
    killed = sum(bool(each.killers) for each in tried)
    return killed, killed + sum(not each.killers and not each.alike for each in tried)


def fault(text: bytes, mutant: bytes) -> str:
    """What a mutant changed, in one line: its number, what stood there, what stands there now."""
    was, now = (each.decode(errors="replace").splitlines() for each in (text, mutant))
    pairs = enumerate(zip(was, now, strict=False), start=1)
    changed = ((number, pair) for number, pair in pairs if pair[0] != pair[1])
    number, (old, new) = next(changed, (len(now), ("", "")))
    return f"line {number}: `{new.strip()}` instead of `{old.strip()}`"


async def mutants_tried(
    bench: Workbench, request: Request, text: bytes, cases: Cases, effort: Effort = ASIDE
) -> tuple[Tried, ...]:
    """Run cases and generated calls on mutants of a text's target, as far as the time allows.

    Only a case that passes on the text itself can notice anything.
    """
    mutants = await to_thread.run_sync(_mutants, request, text, effort.most)
    if not mutants:
        return ()
    started = time.monotonic()
    original = await attempt(bench, request, text, cases)
    if original.problem:
        return ()
    took = time.monotonic() - started
    hurried = replace(bench, timeout_s=min(bench.timeout_s, max(LEAST_S, SLOWER * took)))
    trying = _Trying(hurried, request, cases, original.verdicts)
    with anyio.move_on_after(max(effort.seconds - took, effort.runs * took)):
        async with anyio.create_task_group() as group:
            for number, mutant in enumerate(mutants):
                group.start_soon(_try, trying, number, mutant)
    return tuple(trying.done[number] for number in sorted(trying.done))


def _mutants(request: Request, text: bytes, most: int) -> tuple[bytes, ...]:
    syntax = request.language.syntax
    target = syntax.target_named(syntax.parse(text), request.target.qualname)
    return request.language.running.mutants(text, target, most, SEED) if target is not None else ()


@dataclass(frozen=True, slots=True)
class _Trying:
    """What mutants are tried with, what the text itself does, and those that are done by their number."""

    bench: Workbench
    request: Request
    cases: Cases
    original: Mapping[str, Verdict]
    done: dict[int, Tried] = field(default_factory=dict[int, Tried])


async def _try(trying: _Trying, number: int, mutant: bytes) -> None:
    now = await attempt(trying.bench, trying.request, mutant, trying.cases)
    if not now.problem:
        killers = frozenset(each.id for each in trying.original.values() if _noticed(each, now.verdicts))
        trying.done[number] = Tried(mutant, killers, _alike(trying.original, now.verdicts))


def _noticed(before: Verdict, now: Mapping[str, Verdict]) -> bool:
    """Whether a case that passed on the original does not pass on the mutant."""
    case = before.outcome is Outcome.PASSED and not before.id.startswith(_CALL)
    return case and now[before.id].outcome not in (Outcome.PASSED, Outcome.CHEATED)


def _alike(before: Mapping[str, Verdict], now: Mapping[str, Verdict]) -> bool:
    """Whether all calls that say something of the original say the same of the mutant; without any, no."""
    calls = [verdict for id_, verdict in before.items() if id_.startswith(_CALL) and _says(verdict)]
    return bool(calls) and all(now[call.id].likeness == call.likeness for call in calls)


def _says(call: Verdict) -> bool:
    return call.ran_target and bool(call.likeness)


def _proving(case: Case) -> Cases:
    """The cases that fail without a written target, and the generated calls."""
    examples = tuple(
        example
        for number, example in enumerate(case.cases.examples)
        if weight(case.before, f"example:{number}") is Weight.PROOF
    )
    tests = tuple(test for test in case.cases.tests if weight(case.before, test.id) is Weight.PROOF)
    return Cases(examples, tests, case.cases.calls)

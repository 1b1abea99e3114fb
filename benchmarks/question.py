"""What the one question to the user brings: `python -m benchmarks.question --samples FILE`.

Recorded draws go through the product's own local cascade, once with nobody to ask and once beside a simulated
user, who knows what the reference solution gives for the call that is asked about and nothing else. Prints
a table, and last one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table

from benchmarks.judge import stored
from benchmarks.judge.cases import MOST, Cut, cases
from benchmarks.judge.collecting import evidence, truth
from benchmarks.judge.gathering import asked
from benchmarks.samples import Shown, hidden, load
from benchmarks.truth import truth_bench
from cope_lsp.cascade.errors import ModelUnavailable
from cope_lsp.cascade.presets import Terms, local
from cope_lsp.cascade.problem import NEITHER, Completion, Usage
from cope_lsp.cascade.solve import End, Options, solve
from cope_lsp.cascade.stages import Arm, Stage, never
from cope_lsp.code.answers import held_to
from cope_lsp.code.evidence import cases_of
from cope_lsp.code.judge import CodeJudge
from cope_lsp.code.rules import default_rule
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.storage.plan_store import NoPlans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.judge.collecting import Judged
    from benchmarks.samples import Hidden
    from cope_lsp.cascade.problem import Candidate, Inquiry, Prompt
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.workbench import Workbench

DRAW_S = 2.0
"""Seconds that a recorded draw is taken to have cost: a 1.5B model on a laptop."""

PRICES = (4, 9, 19)


@dataclass(slots=True)
class Recorded:
    """A model that gives recorded replies in order."""

    replies: list[Candidate]
    name: str = "recorded"

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:  # noqa: ARG002 -- the port
        """The next one."""
        if not self.replies:
            raise ModelUnavailable("No more replies were recorded.")
        reply = self.replies.pop(0)
        return Completion(reply.text, self.name, Usage(seconds=DRAW_S, calls=1), reply.logprob)


class Replay(CodeJudge):
    """The product's judge on findings that were gathered before; it runs nothing."""

    def __init__(self, judged: Judged, bench: Workbench) -> None:
        super().__init__(asked(judged.case.visible, bench.root), bench, default_rule)
        self._by_reply = {found.candidate.text: found for found in judged.found}
        self._calls = cases_of(self.asked).calls

    async def examine(self, candidate: Candidate) -> Findings:
        """What was found out about the reply."""
        found = self._by_reply[candidate.text]
        evidence = tuple(replace(piece, candidate=candidate) for piece in found.evidence)
        return replace(found, candidate=candidate, evidence=evidence)

    def as_of_now(self, found: Findings) -> Findings:
        """Held to what the user said."""
        return found if self.answer is None else held_to(found, self.answer, self.calls)

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls on generated inputs."""
        return self._calls


@dataclass(slots=True)
class User:
    """Someone who knows what the reference gives; what it refuses they dismiss, for it is no proper input."""

    judge: Replay
    truth: Hidden
    bench: Workbench
    asked: int = 0
    answers: list[str] = field(default_factory=list[str])

    async def consult(self, inquiry: Inquiry) -> str | None:
        """The value that the reference gives, where it is on offer."""
        self.asked += 1
        request = self.judge.asked.request
        text = f"{self.truth.reference.rstrip()}\n".encode()
        tried = await attempt(self.bench, request, text, Cases(calls=(inquiry.call,)))
        verdict = tried.verdicts.get("call:0")
        given = verdict.likeness if verdict is not None else ""
        if not given or (given.startswith("raises ") and given not in inquiry.answers):
            return None
        answer = given if given in inquiry.answers else NEITHER
        self.answers.append(answer)
        return answer


@dataclass(frozen=True, slots=True)
class Way:
    """What came of all cases in one way: accepted, right among these, draws made, questions and answers."""

    accepted: int = 0
    right: int = 0
    draws: int = 0
    asked: int = 0
    values: int = 0
    neither: int = 0

    @property
    def net_benefit(self) -> dict[str, int]:
        """Right minus so many times wrong."""
        return {str(price): self.right - price * (self.accepted - self.right) for price in PRICES}


async def main(options: argparse.Namespace) -> None:
    """Replay every case in both ways."""
    begun = time.monotonic()
    samples = load(options.samples)
    cut = Cut(
        options.draws, options.seed, Shown.NONE if options.no_examples else Shown.EXAMPLES, options.most
    )
    judged = await evidence(cases(samples, cut), stored.evidence_store(options.evidence))
    known = [hidden(each) for each in samples]
    true = await truth(judged, known, stored.Store(stored.FOLDER / "truth.jsonl"))
    rights = [[each.tests for each in truths] for truths in true]
    async with truth_bench() as bench:
        alone = [await _one(each, right, None, bench) for each, right in zip(judged, rights, strict=True)]
        beside = [
            await _one(each, right, known[each.case.problem], bench)
            for each, right in zip(judged, rights, strict=True)
        ]
    _show(_sum(alone), _sum(beside), len(judged))
    resolved = [(now, then) for then, now in zip(alone, beside, strict=True) if now.accepted > then.accepted]
    result = {
        "alone": asdict(_sum(alone)) | {"net_benefit": _sum(alone).net_benefit},
        "asked": asdict(_sum(beside)) | {"net_benefit": _sum(beside).net_benefit},
        "resolved": len(resolved),
        "resolved_right": sum(now.right for now, _ in resolved),
        "corrected": sum(
            now.right > then.right for then, now in zip(alone, beside, strict=True) if then.accepted
        ),
        "cases": len(judged),
        "seconds": round(time.monotonic() - begun, 1),
    }
    print(json.dumps(result))


async def _one(judged: Judged, rights: Sequence[bool], truth_: Hidden | None, bench: Workbench) -> Way:
    """One case: the local stage on its draws, with a user beside it or without."""
    judge = Replay(judged, bench)
    user = User(judge, truth_, bench) if truth_ is not None else None
    drawn = [each.candidate for each in judged.found]
    options = Options(consult=user.consult if user is not None else None)
    result = await solve(judge.asked.problem, _stages(drawn), judge, NoPlans(), lambda _event: None, options)
    best = result.best
    accepted = result.end is End.ACCEPTED and best is not None
    texts = [each.text for each in drawn]
    return Way(
        accepted=int(accepted),
        right=int(accepted and best is not None and rights[texts.index(best.text)]),
        draws=sum(len(outcome.candidates) for outcome in result.outcomes),
        asked=user.asked if user is not None else 0,
        values=sum(answer != NEITHER for answer in user.answers) if user is not None else 0,
        neither=sum(answer == NEITHER for answer in user.answers) if user is not None else 0,
    )


def _stages(drawn: Sequence[Candidate]) -> tuple[Stage, ...]:
    """The local preset without what recorded draws cannot replay: plans, repairs, new tests."""
    (stage,) = local(Recorded(list(drawn)), Terms(samples=len(drawn)))
    arms = (Arm(0.8),) * len(drawn)
    return (replace(stage, arms=arms, repairs=(), confirming=(), tests_pay=never),)


def _sum(ways: Sequence[Way]) -> Way:
    rows = [asdict(way) for way in ways]
    return Way(**{name: sum(row[name] for row in rows) for name in asdict(Way())})


def _show(alone: Way, beside: Way, number: int) -> None:
    table = Table(title=f"One question to the user, {number} cases")
    for name in ("", "accepted", "right", "wrong", "precision", "draws", "asked", "value", "neither"):
        table.add_column(name, justify="right")
    for name, way in (("nobody to ask", alone), ("one question", beside)):
        share = f"{way.right / way.accepted:.1%}" if way.accepted else "-"
        counts = (way.accepted, way.right, way.accepted - way.right)
        rest = (way.draws, way.asked, way.values, way.neither)
        table.add_row(name, *map(str, counts), share, *map(str, rest))
    Console().print(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.question", description=__doc__)
    parser.add_argument("--samples", type=Path, required=True, metavar="FILE", help="recorded draws")
    parser.add_argument("--draws", type=int, default=8, help="draws a case")
    parser.add_argument("--most", type=int, default=MOST, help="cases a problem")
    parser.add_argument("--no-examples", action="store_true", help="the docstring's examples are not seen")
    parser.add_argument("--seed", type=int, default=0, help="order of the draws; 0 leaves it")
    parser.add_argument("--evidence", default="", metavar="VERSION", help="findings of earlier code")
    return parser.parse_args()


if __name__ == "__main__":
    anyio.run(partial(main, _options()))

"""Hidden tests for MBPP: what the reference gives on inputs like the given ones, where others agree.

    python -m benchmarks.hidden_tests --samples MBPP-DRAWS.jsonl.gz --large RECORDED.jsonl.gz --out FILE

EvalPlus's method (2305.01210) without its hand-written contracts: inputs are mutated from the given tests'
and keep their types. Since no contract says which of them are proper, an input counts only where another
solution that passes the given tests does what the reference does. Prints what came of it; two runs write the
same bytes.
"""

from __future__ import annotations

import argparse
import ast
import gzip
import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import anyio
from rich.console import Console
from rich.table import Table

from benchmarks.hidden_inputs import inputs
from benchmarks.samples import load, reply
from benchmarks.truth import alike
from cope_lsp.bench.coding.problems import BenchmarkProblem
from cope_lsp.bench.coding.room import room
from cope_lsp.bench.coding.scoring import Hidden, check
from cope_lsp.bench.coding.tasks import stated
from cope_lsp.bench.rows import read_rows
from cope_lsp.cascade.problem import Candidate
from cope_lsp.code.evidence import read
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.python import values
from cope_lsp.languages.running import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.samples import Sample
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import Example, Verdict

MOST = 60
"""Calls kept for a problem."""

LEAST = 10
"""Calls below which a problem is dropped."""

TRIED = 2 * MOST

TIMEOUT_S = 60.0
"""What a solution gets for all its calls: so much that a busy machine changes nothing."""

_LONGEST = 2000
_ENDLESS = frozenset({"inf", "-inf", "nan"})


@dataclass(frozen=True, slots=True)
class Offered:
    """One call, what the reference gives, and who agrees.

    `large` is the large model's solution, `draws` the small model's, each different text once; only those
    that pass the given tests. None: the large model's does not.
    """

    call: str
    expected: str
    large: bool | None
    draws: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of one problem: `reason` says why nothing could be offered."""

    task_id: str
    entry_point: str
    offered: tuple[Offered, ...] = ()
    reason: str = ""

    @property
    def kept(self) -> tuple[Offered, ...]:
        """The calls that others agree on."""
        return tuple(each for each in self.offered if agreed(each))[:MOST]

    @property
    def dropped(self) -> str:
        """Why the problem has no hidden tests; empty where it has."""
        if self.reason or len(self.kept) >= LEAST:
            return self.reason
        if len(self.offered) < LEAST:
            return f"the reference answers {len(self.offered)} calls, and {LEAST} are needed"
        return f"others agree on {len(self.kept)} of {len(self.offered)} calls, and {LEAST} are needed"


def agreed(offered: Offered) -> bool:
    """Whether one of the two models agrees with the reference: the small one by most of its solutions.

    Each model has one vote, so that neither can take away a call that the other one gets right.
    """
    return offered.large is True or by_draws(offered) is True


def by_draws(offered: Offered) -> bool | None:
    """Whether more than half of the small model's solutions agree; None where it has none."""
    return 2 * sum(offered.draws) > len(offered.draws) if offered.draws else None


async def examine(sample: Sample, large: str, bench: Workbench) -> Examined:
    """Run the reference and the solutions of both models on new inputs."""
    bench, asked = replace(bench, timeout_s=TIMEOUT_S), _stated(sample)
    given = check(Hidden(sample.entry_point, "", sample.test))
    nothing = partial(Examined, sample.task_id, sample.entry_point)
    calls = inputs(sample, TRIED)
    if not calls:
        return nothing(reason="no input can be made from the given tests")
    reference = f"{sample.prompt}{sample.canonical_solution}"
    runs = [await _did(asked, reference, bench, given, calls) for _ in range(2)]
    if not all(runs):
        return nothing(reason="the reference fails the given tests")
    known = {
        call: text for call in calls if (text := literal(runs[0][call])) and literal(runs[1][call]) == text
    }
    wanted = {call: runs[0][call] for call in known}
    texts = dict.fromkeys([large, *_drawn(asked, sample)])
    ran = {text: await _did(asked, text, bench, given, wanted) for text in texts}
    agrees = {
        text: {call: alike(did[call], wanted[call]) for call in did} for text, did in ran.items() if did
    }
    first = agrees.get(large)
    others = [agrees[text] for text in _drawn(asked, sample) if text in agrees]
    return nothing(
        offered=tuple(
            Offered(call, text, None if first is None else first[call], tuple(each[call] for each in others))
            for call, text in known.items()
        )
    )


def literal(verdict: Verdict) -> str:
    """What a call returned as source text; empty where it did something else, or not the same each time."""
    told = _told(verdict)
    if verdict.outcome is not Outcome.PASSED or not told or told.keys() & {"raised", "owner", "files"}:
        return ""
    if told["value"] == ["None"] and told.keys() & {"printed", "changed"}:
        return ""
    if verdict.likeness.startswith("unordered"):
        return ""
    try:
        text = _spelled(values.decode(told["value"]))
    except values.Opaque:
        return ""
    return text if len(text) < _LONGEST else ""


async def main(options: argparse.Namespace) -> None:
    """Examine all problems, write what is kept, and print what came of it."""
    samples = load(options.samples)
    large = {str(row["task_id"]): str(row["solution"]) for _, row in read_rows(options.large)}
    found: dict[str, Examined] = {}

    async def one(sample: Sample) -> None:
        found[sample.task_id] = await examine(sample, large[sample.task_id], bench)

    async with room() as bench, anyio.create_task_group() as group:
        for sample in samples:
            group.start_soon(one, sample)
    examined = [found[sample.task_id] for sample in samples]
    write(examined, options.out)
    _print(examined)


def write(examined: Iterable[Examined], path: Path) -> None:
    """One row a problem; the same rows give the same bytes."""
    lines = "".join(f"{json.dumps(_row(each), ensure_ascii=False)}\n" for each in examined)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


def tally(examined: Iterable[Examined]) -> dict[str, int]:
    """How many problems and calls there are, and how many each model alone would have taken away."""
    problems = list(examined)
    offered = [each for problem in problems for each in problem.offered]
    return {
        "problems": len(problems),
        "problems kept": sum(not each.dropped for each in problems),
        "calls that the reference answers": len(offered),
        "of these, only the large model has solutions to": sum(not each.draws for each in offered),
        "both models agree": sum(each.large is True and by_draws(each) is True for each in offered),
        "the large model disagrees": sum(each.large is False for each in offered),
        "most of the small model's solutions disagree": sum(by_draws(each) is False for each in offered),
        "nobody agrees": sum(not agreed(each) for each in offered),
        "calls kept": sum(len(each.kept) for each in problems if not each.dropped),
    }


def _row(examined: Examined) -> dict[str, Any]:
    named = {"task_id": examined.task_id, "entry_point": examined.entry_point}
    if examined.dropped:
        return {**named, "dropped": examined.dropped}
    kept = examined.kept
    return {**named, "calls": [each.call for each in kept], "expected": [each.expected for each in kept]}


def _print(examined: Sequence[Examined]) -> None:
    table = Table("what", "how many")
    for what, count in tally(examined).items():
        table.add_row(what, str(count))
    Console().print(table)
    reasons = Counter(each.dropped for each in examined if each.dropped)
    for each in examined:
        if each.dropped:
            print(f"dropped {each.task_id}: {each.dropped}")
    print(json.dumps(dict(reasons)))


def _stated(sample: Sample) -> CodeProblem:
    return stated(
        BenchmarkProblem(
            sample.task_id,
            sample.prompt,
            sample.entry_point,
            sample.canonical_solution,
            sample.test,
            sample.prompt_without_examples,
        )
    )


def _drawn(asked: CodeProblem, sample: Sample) -> list[str]:
    """The files with the small model's solutions in them, those with the same syntax tree once."""
    replies = (Candidate(reply(sample, each.text), sample.model) for each in sample.solutions)
    texts = [found.text.decode() for each in replies if (found := read(asked, each)).text is not None]
    return list({ast.dump(ast.parse(text)): text for text in texts}.values())


async def _did(
    asked: CodeProblem, text: str, bench: Workbench, given: Example, calls: Iterable[str]
) -> dict[str, Verdict]:
    """What a file does on each call; nothing where it fails the given tests."""
    calls = tuple(calls)
    tried = await attempt(bench, asked.request, text.encode(), Cases((given,), calls=calls))
    passed = tried.verdicts.get("example:0")
    if passed is None or passed.outcome is not Outcome.PASSED:
        return {}
    return {call: tried.verdicts[f"call:{number}"] for number, call in enumerate(calls)}


def _told(verdict: Verdict) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(verdict.value)) if verdict.value.startswith("{") else {}


def _spelled(value: object) -> str:
    """Source text that is the same for equal values. Raises: Opaque where a literal cannot say it."""
    match value:
        case float() if repr(value) in _ENDLESS:
            raise values.Opaque(repr(value))
        case set():
            items = sorted(map(_spelled, cast("set[object]", value)))
            return f"{{{', '.join(items)}}}" if items else "set()"
        case list() | tuple():
            inside = ", ".join(map(_spelled, cast("Sequence[object]", value)))
            comma = "," if len(cast("Sequence[object]", value)) == 1 else ""
            return f"[{inside}]" if isinstance(value, list) else f"({inside}{comma})"
        case dict():
            pairs = cast("Mapping[object, object]", value).items()
            return f"{{{', '.join(f'{_spelled(key)}: {_spelled(item)}' for key, item in pairs)}}}"
        case frozenset() | bytearray() | complex():
            raise values.Opaque("a value without a literal")
        case _:
            return repr(value)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--samples", type=Path, required=True, help="the small model's draws")
    parser.add_argument("--large", type=Path, required=True, help="the large model's recorded solutions")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    anyio.run(main, _options())

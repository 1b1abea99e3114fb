"""Hidden calls: what the reference gives on many inputs, as a test like the benchmark's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cope_lsp.bench.rows import Unreadable, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.bench.coding.problems import BenchmarkProblem

_CHECK = """\
{test}

given_check = check


def is_near(got, wanted):
    numbers = (int, float)
    if isinstance(got, numbers) and isinstance(wanted, numbers):
        return got == wanted or abs(got - wanted) <= 1e-6 * max(1, abs(got), abs(wanted))
    if isinstance(wanted, (list, tuple)) and type(got) is type(wanted):
        return len(got) == len(wanted) and all(map(is_near, got, wanted))
    if isinstance(wanted, dict) and isinstance(got, dict):
        return got.keys() == wanted.keys() and all(is_near(got[key], wanted[key]) for key in wanted)
    return bool(got == wanted)


def check(candidate):
    given_check(candidate)
    {name} = candidate
{asserts}
"""


@dataclass(frozen=True, slots=True)
class HiddenCalls:
    """Calls of the target and what each gives, all as source text."""

    calls: tuple[str, ...]
    expected: tuple[str, ...]


def read_hidden_calls(path: Path) -> dict[str, HiddenCalls]:
    """The hidden calls of a file by task; dropped problems have none. Raises: OSError, Unreadable."""
    found: dict[str, HiddenCalls] = {}
    for number, row in read_rows(path):
        try:
            if not row.get("dropped"):
                found[str(row["task_id"])] = HiddenCalls(tuple(row["calls"]), tuple(row["expected"]))
        except (KeyError, TypeError) as error:
            raise Unreadable(f"{path}, line {number} has no hidden calls: {error!r}") from error
    return found


def with_hidden_calls(problem: BenchmarkProblem, known: Mapping[str, HiddenCalls]) -> BenchmarkProblem | None:
    """The problem scored by its own test and by its hidden calls; None where it has none."""
    hidden = known.get(problem.task_id)
    return None if hidden is None else replace(problem, test=_test(problem, hidden))


def _test(problem: BenchmarkProblem, hidden: HiddenCalls) -> str:
    pairs = zip(hidden.calls, hidden.expected, strict=True)
    asserts = "\n".join(f"    assert is_near({call}, {expected})" for call, expected in pairs)
    return _CHECK.format(test=problem.test.rstrip(), name=problem.entry_point, asserts=asserts)

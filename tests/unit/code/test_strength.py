"""How strong cases are, by mutants that a scripted sandbox runs: what is killed, what counts, what cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.judge import code_judge
from tests.support.judging import asked, reply, written
from tests.support.scripted_sandbox import returned, scripted_bench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CLAMP = '''
def clamp(x: int) -> int:
    """Keep a number between 0 and 10.

{examples}
    """
    {body}
'''
RIGHT = "if x < 0:\n        return 0\n    if x > 10:\n        return 10\n    return x"
SAME_EITHER_WAY = "if x % 2:\n        return max(0, min(x, 10))\n    return max(0, min(x, 10))"

WEAK = {"clamp(5)": 5}
STRONG = {"clamp(5)": 5, "clamp(-1)": 0, "clamp(11)": 10, "clamp(1)": 1, "clamp(9)": 9}

ON_BOTH_WAYS = {**STRONG, "clamp(-2)": 0, "clamp(12)": 10, "clamp(2)": 2, "clamp(8)": 8, "clamp(10)": 10}


def clamp(examples: Mapping[str, int], body: str) -> str:
    """The function with examples and a body."""
    shown = "\n".join(f"    >>> {call}\n    {value}" for call, value in examples.items())
    return CLAMP.format(examples=shown, body=body)


def says(examples: Mapping[str, int]) -> Any:  # noqa: ANN401 -- a scripted sandbox's callback
    """What the functions above give, run here: the texts are ours, and so are their mutants."""
    calls = list(examples)

    def run(text: str, case: str) -> Mapping[str, Any]:
        names: dict[str, Any] = {}
        exec(text, names)  # noqa: S102 -- likewise
        call = calls[int(case.partition(":")[2])] if case.startswith("example:") else case
        try:
            value = eval(call, names)  # noqa: S307 -- likewise
        except Exception as error:  # noqa: BLE001 -- a mutant may raise anything
            raised = f"builtins.{type(error).__name__}"
            return {"outcome": "raised", "raised": [raised], "message": "", "detail": "", "printed": ""}
        return returned(value if isinstance(value, int) else -1000)

    return run


async def strength_of(root: Path, examples: Mapping[str, int], body: str) -> tuple[int, int]:
    """The strength of examples on a candidate with that body."""
    request = asked(written(root, {"clamp.py": clamp(examples, "...")}), "clamp.py", "clamp")
    bench, _ = scripted_bench(says(examples), root)
    found = await code_judge(request, bench).examine(reply(clamp(examples, body)))
    return found.mutants


async def test_strong_examples_kill_more_mutants_than_a_weak_one(tmp_path: Path) -> None:
    """One value in the middle leaves most faults alive; one on either side of each bound leaves few."""
    weak, all_weak = await strength_of(tmp_path, WEAK, RIGHT)
    strong, all_strong = await strength_of(tmp_path, STRONG, RIGHT)
    assert all_weak >= 6
    assert weak / all_weak < 0.6
    assert strong / all_strong > 0.75


async def test_a_mutant_that_behaves_the_same_is_no_fault(tmp_path: Path) -> None:
    """Faults in a condition that changes nothing are left out, so a strong suite can reach all."""
    killed, tried = await strength_of(tmp_path, ON_BOTH_WAYS, SAME_EITHER_WAY)
    assert killed == tried >= 3


async def test_a_candidate_that_fails_is_not_mutated(tmp_path: Path) -> None:
    """What the cases say of it is known; no run is spent on how well they say it."""
    assert await strength_of(tmp_path, STRONG, "return x") == (0, 0)


async def test_cases_that_prove_nothing_have_no_strength(tmp_path: Path) -> None:
    """An example that holds without the code kills nothing, whatever it would notice."""
    examples = {"int(callable(clamp))": 1}
    root = written(tmp_path, {"clamp.py": clamp(examples, "...")})
    request = asked(root, "clamp.py", "clamp")
    bench, _ = scripted_bench(says(examples), root)
    judge = code_judge(request, bench)
    found = await judge.examine(reply(clamp(examples, RIGHT)))
    assert found.status is not Status.FAIL
    assert found.mutants == (0, 0)


@pytest.mark.parametrize("ending", [{"outcome": "timed out"}, None])
async def test_a_mutant_that_ends_its_run_is_killed(tmp_path: Path, ending: Mapping[str, Any] | None) -> None:
    """No result within its time, or none at all, is noticed as a wrong result is."""

    def hangs(text: str, case: str) -> Mapping[str, Any] | None:
        return says(STRONG)(text, case) if RIGHT in text or "\n    ..." in text else ending

    request = asked(written(tmp_path, {"clamp.py": clamp(STRONG, "...")}), "clamp.py", "clamp")
    bench, _ = scripted_bench(hangs, tmp_path)
    killed, tried = (await code_judge(request, bench).examine(reply(clamp(STRONG, RIGHT)))).mutants
    assert killed == tried > 6

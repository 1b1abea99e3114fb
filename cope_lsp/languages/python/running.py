"""How Python runs: commands for a sandbox, and what their records say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from cope_lsp.languages.python import environment, hollowing, preloading, reaching, test_index
from cope_lsp.languages.python.inputs.calls import calls
from cope_lsp.languages.python.mutation.mutants import mutants
from cope_lsp.languages.python.records import read
from cope_lsp.languages.running import Invocation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.running import Environment, Example, Running, TestCase, Verdict, Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

Body: TypeAlias = dict[str, Any]

RUNNER = Path(__file__).parent / "runner"
LIMITS = {"examples": 5.0, "assertions": 0.5, "calls": 0.5}
"""Most seconds that one case computes, by group: a call without a test is not worth a long wait."""

ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Sets in one order in all runs, so that equal candidates behave equally.
    "PYTHONHASHSEED": "0",
    # A process that has threads cannot be forked, and a job's two cores gain nothing from more.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""What a run has besides the sandbox's own scrubbed one: `-I`, which would drop the seed, is not needed."""


@dataclass(frozen=True, slots=True)
class PythonRunning:
    """The `Running` port for Python, see there for each function; `runner` is the folder of its program."""

    runner: Path = RUNNER

    def environment(self, root: Path, preferred: Path | None) -> Environment:
        """The workspace's `.venv`, what is preferred, PATH: found by looking at files only."""
        return environment.find(root, preferred)

    def tests_for(
        self, root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
    ) -> tuple[TestCase, ...]:
        """Tests that reach the target by imports and names, likeliest first."""
        return test_index.tests_for(root, target_path, target, files)

    def checks(self, root: Path, target_path: str) -> tuple[TestCase, ...]:  # noqa: ARG002 -- the port's signature
        """None: Python compiles as it runs, and a project's type checker speaks in diagnostics."""
        return ()

    def invoke(self, environment: Environment, work: Work) -> Invocation:
        """The runner on the project's interpreter, its work on standard input."""
        return Invocation(
            argv=(str(environment.program), "-s", str(self.runner / "main.py")),
            stdin=json.dumps(_order(environment, work)).encode(),
            env=ENVIRONMENT,
            readable=(*environment.readable, self.runner),
            layer={},
            preload=preloading.preload(environment, work, self.runner),
        )

    def verdicts(self, work: Work, records: bytes, nonce: str) -> tuple[Verdict, ...]:
        """One verdict a case, from authentic records alone."""
        return read(work, records, nonce)

    def inputs(
        self,
        source: Source,
        target: Target,
        examples: tuple[Example, ...],
        seed: int,
        texts: tuple[bytes, ...] = (),
    ) -> tuple[str, ...]:
        """Calls as written in examples and texts, at boundaries, varied and drawn."""
        return calls(source.text, target, examples, seed, texts)

    def hollow(self, text: bytes, target: Target) -> bytes:
        """The text with `raise NotImplementedError` for the target's body."""
        return hollowing.hollow(text, target)

    def unwritten(self, text: bytes, target: Target) -> bytes:  # noqa: ARG002 -- the port's signature
        """The text as it stands: what a stub gives back shows which cases say nothing."""
        return text

    def mutants(self, text: bytes, target: Target, most: int, seed: int) -> tuple[bytes, ...]:
        """Texts with one fault such as a programmer makes, spread over its kinds and lines."""
        return mutants(text, target, most, seed)

    def reaches(self, before: bytes, after: bytes) -> tuple[str, ...]:
        """New names that lead into the interpreter or the test runner."""
        return reaching.reaches(before, after)


PYTHON_RUNNING: Running = PythonRunning()


def _order(environment: Environment, work: Work) -> Body:
    """The runner's work as plain values."""
    by_pytest = environment.runner == "pytest"
    tests = [{"id": case.id, "path": case.path} for case in work.tests]
    can_run = [
        test for test, case in zip(tests, work.tests, strict=True) if by_pytest or case.runner == "unittest"
    ]
    return {
        "key": work.nonce,
        "path": work.path,
        "name": work.qualname.rpartition(".")[2],
        "first": work.lines[0],
        "last": work.lines[1],
        "examples": [_example(number, example) for number, example in enumerate(work.examples)],
        "pytest": can_run if by_pytest else [],
        "unittest": [] if by_pytest else can_run,
        "options": list(_pytest_options(work.command)),
        "assertions": [
            dict(_example(number, example), id=f"assertion:{number}")
            for number, example in enumerate(work.assertions)
        ],
        "calls": [{"id": f"call:{number}", "call": call} for number, call in enumerate(work.calls)],
        "timeout_s": work.timeout_s,
        "limits": {group: min(work.timeout_s, most) for group, most in LIMITS.items()},
        "wall_s": work.wall_s,
    }


def _pytest_options(command: tuple[str, ...]) -> tuple[str, ...]:
    """What a test command gives to pytest; another runner cannot be watched, so its command adds nothing."""
    names = [Path(part).name for part in command]
    return command[names.index("pytest") + 1 :] if "pytest" in names else ()


def _example(number: int, example: Example) -> Body:
    return {
        "id": f"example:{number}",
        "call": example.call,
        "expected": example.expected,
        "setup": list(example.setup),
        "form": "raises" if example.raises else example.form,
    }

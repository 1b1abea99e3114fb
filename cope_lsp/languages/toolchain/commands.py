"""The user's own command for tests: it is run once for each, with the test's id after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.toolchain.results import judged
from cope_lsp.languages.toolchain.steps import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.running import TestCase, Verdict, Work
    from cope_lsp.languages.toolchain.results import Result


def steps(work: Work) -> list[Step]:
    """One step a test."""
    limit = work.timeout_s + work.build_s
    return [Step(case.id, (*work.command, case.id), limit) for case in work.tests]


def verdict(case: TestCase, seen: Mapping[str, Result]) -> Verdict:
    """What the command's exit status says."""
    return judged(case.id, seen.get(case.id), ok=True)

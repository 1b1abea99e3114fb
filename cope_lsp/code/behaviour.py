"""Behaviour on generated inputs against the old code's: what an edit was not asked to change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Evidence, Status
from cope_lsp.code.findings import Failure
from cope_lsp.languages.running import Outcome

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Candidate
    from cope_lsp.code.baseline import Baseline
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.languages.running import Verdict

_SAME_BEHAVIOUR = re.compile(
    r"\b(?:iterativ\w*|recursi\w*|refactor\w*|simplif\w*|clean\w*|clear\w*|readab\w*|renam\w*|faster|speed"
    r"|optimi[sz]\w*"
    r"|comprehension|generator expression|type hints?"
    r"|annotat\w*|docstring|document\w*|comments?|style|shorten"
    r"|rewrite|without changing|same behaviou?r|pythonic|idiomatic|dataclass|pathlib|f-?strings?)\b",
    re.IGNORECASE,
)

_EXHAUSTED = re.compile(r'"raised": \["builtins\.(?:RecursionError|MemoryError)"')


def keeps_behaviour(instruction: str) -> bool:
    """Whether an instruction asks for another form of the same: then any difference speaks against it."""
    return _SAME_BEHAVIOUR.search(instruction) is not None


def compared(
    asked: CodeProblem, before: Baseline, calls: tuple[str, ...], now: list[Verdict], candidate: Candidate
) -> tuple[Evidence, tuple[Failure, ...]]:
    """The share of calls that give what the old code gave.

    It is a verdict where the instruction asks for the same behaviour, else only told. Calls that do not give
    the same every time are not compared.
    """
    pairs = [
        (call, before.old[verdict.id], verdict)
        for call, verdict in zip(calls, now, strict=True)
        if verdict.id in before.old
        and _settled(before.old[verdict.id])
        and (verdict.likeness or verdict.outcome not in (Outcome.MISSING, Outcome.PASSED))
    ]
    different = [
        (call, old, new) for call, old, new in pairs if (old.value, old.outcome) != (new.value, new.outcome)
    ]
    same, total = len(pairs) - len(different), len(pairs)
    if not pairs:
        return Evidence(candidate, "behaviour", Status.UNKNOWN, detail="no inputs to compare on"), ()
    told = f"{same} of {total} generated inputs give what they gave before"
    if not keeps_behaviour(asked.request.instruction):
        return Evidence(candidate, "behaviour", Status.UNKNOWN, same, total, told), ()
    if not different:
        return Evidence(candidate, "behaviour", Status.PASS, same, total, told), ()
    call, old, new = different[0]
    why = f"{call}\nbefore: {_short(old)}\nnow: {_short(new)}"
    return Evidence(candidate, "behaviour", Status.FAIL, same, total, told), (Failure("behaviour", why, why),)


def _settled(old: Verdict) -> bool:
    """Whether the old code gave an answer, each time the same; running out of stack or memory is none."""
    answered = old.outcome is Outcome.PASSED and old.ran_target and old.likeness != ""
    return answered and not _EXHAUSTED.search(old.value)


def _short(verdict: Verdict) -> str:
    return (verdict.detail or verdict.outcome)[:300]

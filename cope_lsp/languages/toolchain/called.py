"""Calls on generated inputs: what a program of ours told of each, line by line; or that none are made."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.running import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.languages.toolchain.results import Result

STEP = "calls"
MOST_BYTES = 400_000
_RECORD = re.compile(r"(?m)^\x1ecope (\{.*\})$")
_SHOWN = 1000


def verdicts(asked: tuple[str, ...], result: Result | None) -> Iterator[Verdict]:
    """What each call was seen to do.

    A line is the control sign 0x1e, `cope` and an object: `call` is the number, `outcome` one of `begun`,
    `returned`, `raised`, `unstable`, `timed out`; `value` is exact, `like` comparable between candidates.
    """
    seen = dict(_records(result.out)) if result is not None else {}
    for number in range(len(asked)):
        yield _verdict(f"call:{number}", seen.get(number))


def no_calls(
    source: Source,  # noqa: ARG001 -- the port's signature
    target: Target,  # noqa: ARG001
    examples: tuple[Example, ...],  # noqa: ARG001
    seed: int,  # noqa: ARG001
    texts: tuple[bytes, ...],  # noqa: ARG001
) -> tuple[str, ...]:
    """`Tools.inputs` of a language whose tests and documentation carry the evidence."""
    return ()


def _verdict(case: str, seen: Mapping[str, Any] | None) -> Verdict:
    if seen is None:
        return Verdict(case, Outcome.MISSING, detail="it was not reached")
    value, like = str(seen.get("value", "")), _bounded(str(seen.get("like", "")))
    match seen.get("outcome"):
        case "returned":
            return Verdict(
                case, Outcome.PASSED, ran_target=True, value=_bounded(value), likeness=like or "nothing"
            )
        case "unstable":
            return Verdict(case, Outcome.PASSED, ran_target=True, value="unstable")
        case "raised":
            told = f"{like}: {value}"[:_SHOWN]
            return Verdict(case, Outcome.FAILED, ran_target=True, value=like, detail=told, likeness=like)
        case "timed out":
            said = "runs out of time"
            return Verdict(case, Outcome.TIMED_OUT, ran_target=True, detail=said, likeness=said)
        case _:
            said = "ends the process"
            return Verdict(case, Outcome.FAILED, ran_target=True, value=said, detail=said, likeness=said)


def _records(out: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """What was told of each call, its end after its beginning."""
    for line in _RECORD.findall(out):
        try:
            said: dict[str, Any] = json.loads(line)
            yield int(said["call"]), said
        except (ValueError, KeyError):
            continue


def _bounded(text: str) -> str:
    if len(text) <= _SHOWN:
        return text
    return f"{text[:_SHOWN]}… {hashlib.sha256(text.encode()).hexdigest()[:16]}"

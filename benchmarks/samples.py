"""Recorded draws of a model on problems whose truth is known: one JSON object a line (`.jsonl`, `.jsonl.gz`).

What a rule may see (`Visible`) and what only the score may (`Hidden`) are two values made from one sample, so
that nothing that is handed a `Visible` can reach the benchmark's own tests or its reference solution.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.bench.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


SECOND = "second model"
"""Name of a second model whose file gives it none."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One reply of a model, and what was recorded of it; CodeGen's draws have a text and nothing else.

    `variant` names how it was prompted (`plain`, `goal`, `tests`, `properties`). `logprob` is the mean of
    `logprobs`, which are natural logarithms, one a token. `seconds` are those of the calls that led to it.
    `model` is empty where it is the sample's own.
    """

    text: str
    variant: str = ""
    temperature: float | None = None
    seed: int | None = None
    tokens: int | None = None
    logprob: float | None = None
    logprobs: tuple[float, ...] = ()
    truncated: bool = False
    seconds: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One problem with all that a model drew for it.

    `prompt` is a file's text that ends in the stub to complete; `prompt_without_examples` the same without
    what the docstring shows. `saw_examples` says which of the two the draws were made from.
    """

    task_id: str
    entry_point: str
    prompt: str
    prompt_without_examples: str
    solutions: tuple[Draw, ...]
    test_texts: tuple[Draw, ...]
    canonical_solution: str
    test: str
    test_prompt: str = ""
    model: str = ""
    saw_examples: bool = False


class Shown(Enum):
    """Whether a rule sees the docstring's examples."""

    EXAMPLES = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Visible:
    """What a rule may see of some draws: a file's text with its stub, replies to it, self-made tests.

    `replies` are read like any model's reply; `tests` are texts with asserts in them. `draws` are the records
    of the replies, in the same order.
    """

    stub: str
    entry_point: str
    replies: tuple[str, ...]
    draws: tuple[Draw, ...]
    tests: tuple[str, ...]
    model: str
    saw_examples: bool


@dataclass(frozen=True, slots=True)
class Hidden:
    """What only the score may see: the reference as a whole file, and the benchmark's `check(candidate)`."""

    task_id: str
    entry_point: str
    reference: str
    test: str


def load(path: Path) -> tuple[Sample, ...]:
    """The samples of a file. Raises: ValueError that names the line which is none."""
    return tuple(_sample(row, f"{path}, line {number}") for number, row in read_rows(path))


def visible(sample: Sample, chosen: slice, shown: Shown = Shown.EXAMPLES) -> Visible:
    """What a rule may see of the chosen draws (and of the self-made tests of the same numbers)."""
    draws = sample.solutions[chosen]
    return Visible(
        stub=sample.prompt if shown is Shown.EXAMPLES else sample.prompt_without_examples,
        entry_point=sample.entry_point,
        replies=tuple(reply(sample, draw.text) for draw in draws),
        draws=draws,
        tests=tuple(_asserting(sample, draw.text) for draw in sample.test_texts[chosen]),
        model=sample.model,
        saw_examples=sample.saw_examples,
    )


def joined(shown: Visible, second: Sample, chosen: slice) -> Visible:
    """The same with the chosen draws of a second model behind the first one's."""
    draws = tuple(replace(draw, model=second.model or SECOND) for draw in second.solutions[chosen])
    return replace(
        shown,
        replies=(*shown.replies, *(reply(second, draw.text) for draw in draws)),
        draws=(*shown.draws, *draws),
    )


def hidden(sample: Sample) -> Hidden:
    """What only the score may see."""
    reference = sample.prompt + sample.canonical_solution
    return Hidden(sample.task_id, sample.entry_point, reference, sample.test)


def reply(sample: Sample, text: str) -> str:
    """A solution as a model's reply: a continuation of the prompt is joined to it, a whole reply stays."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not first[:1].isspace():
        return text
    prompt = sample.prompt if sample.saw_examples else sample.prompt_without_examples
    return f"{prompt.rstrip()}\n{text}"


def _asserting(sample: Sample, text: str) -> str:
    """Self-made tests as text with whole asserts: a continuation of `test_prompt` begins inside one."""
    opening = re.search(r"\bassert\s*\Z", sample.test_prompt)
    return f"assert {text}" if opening else text


def _sample(row: Mapping[str, Any], place: str) -> Sample:
    try:
        return Sample(
            task_id=str(row["task_id"]),
            entry_point=row["entry_point"],
            prompt=row["prompt"],
            prompt_without_examples=row["prompt_without_examples"],
            solutions=_draws(row["solutions"], row.get("draws")),
            test_texts=_draws(row["test_texts"], row.get("test_draws")),
            canonical_solution=row["canonical_solution"],
            test=row["test"],
            test_prompt=row.get("test_prompt", ""),
            model=row.get("model", ""),
            saw_examples=row.get("saw_examples", False),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{place} is no sample: {error!r}") from error


def _draws(texts: list[str], records: list[Mapping[str, Any]] | None) -> tuple[Draw, ...]:
    if records is None:
        return tuple(Draw(text) for text in texts)
    return tuple(_draw(text, record) for text, record in zip(texts, records, strict=True))


def _draw(text: str, record: Mapping[str, Any]) -> Draw:
    logprobs = cast("list[float]", record.get("logprobs", []))
    return Draw(
        text=text,
        variant=record.get("variant", ""),
        temperature=record.get("temperature"),
        seed=record.get("seed"),
        tokens=record.get("tokens"),
        logprob=record.get("logprob"),
        logprobs=tuple(logprobs),
        truncated=record.get("truncated", False),
        seconds=record.get("seconds"),
    )

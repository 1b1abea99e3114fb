"""Sample files: what is read from them, and what a rule can reach of them."""

from __future__ import annotations

import dataclasses
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.samples import Draw, Shown, hidden, load, visible

if TYPE_CHECKING:
    from pathlib import Path

STUB = 'def double(x):\n    """Twice x.\n    >>> double(2)\n    4\n    """\n'
BARE = 'def double(x):\n    """Twice x.\n    """\n'
ROW: dict[str, Any] = {
    "task_id": "Set/0",
    "prompt": STUB,
    "entry_point": "double",
    "canonical_solution": "    return x * 2\n",
    "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    "prompt_without_examples": BARE,
    "solutions": [
        "    return x + x",
        "```python\ndef double(x):\n    return 2 * x\n```",
        "    return 2 ** x",
    ],
    "test_prompt": f"{BARE}    pass\n\n# check\nassert ",
    "test_texts": ["double(1) == 2\nassert double(0) == 0", "double(5) == 10", ""],
}


def test_recorded_continuations_become_replies_to_the_prompt_that_was_seen(tmp_path: Path) -> None:
    """A continuation is joined to its prompt, a chat model's reply stays as it is."""
    (sample,) = load(_written(tmp_path / "codegen.jsonl.gz", ROW))
    seen = visible(sample, slice(0, 2))
    assert seen.replies == (f"{BARE}    return x + x", ROW["solutions"][1])
    assert seen.tests == ("assert double(1) == 2\nassert double(0) == 0", "assert double(5) == 10")
    assert (seen.stub, seen.saw_examples, seen.draws[0]) == (STUB, False, Draw("    return x + x"))


def test_without_examples_a_rule_sees_none(tmp_path: Path) -> None:
    """The stub that is shown then is the one without examples."""
    (sample,) = load(_written(tmp_path / "a.jsonl", ROW))
    assert visible(sample, slice(0, 8), Shown.NONE).stub == BARE


def test_what_our_own_draws_record_is_read(tmp_path: Path) -> None:
    """Token log-probabilities, seed, variant and the rest come with each draw."""
    record = {
        "variant": "goal",
        "temperature": 0.4,
        "seed": 7,
        "tokens": 3,
        "logprob": -0.5,
        "logprobs": [-0.5, -1.0, 0.0],
        "truncated": True,
        "seconds": 1.5,
    }
    row = ROW | {"draws": [record] * 3, "model": "qwen", "saw_examples": True}
    (sample,) = load(_written(tmp_path / "own.jsonl", row))
    drawn = sample.solutions[2]
    known = {**record, "logprobs": (-0.5, -1.0, 0.0), "text": "    return 2 ** x", "model": ""}
    assert dataclasses.asdict(drawn) == known
    assert (sample.model, visible(sample, slice(2, 3)).replies) == ("qwen", (f"{STUB}    return 2 ** x",))


def test_nothing_hidden_is_within_reach_of_what_is_visible(tmp_path: Path) -> None:
    """Neither the hidden tests nor the reference nor the problem's name is anywhere in a `Visible`."""
    (sample,) = load(_written(tmp_path / "a.jsonl", ROW))
    secret = hidden(sample)
    assert secret.reference == f"{STUB}    return x * 2\n"
    shown = repr(dataclasses.asdict(visible(sample, slice(0, 8))))
    assert not [text for text in ("return x * 2", "candidate(3)", "Set/0") if text in shown]


def test_a_line_that_is_no_sample_is_named(tmp_path: Path) -> None:
    """A missing field tells where."""
    path = _written(tmp_path / "a.jsonl", ROW, {"task_id": "Set/1"})
    with pytest.raises(ValueError, match=r"a\.jsonl, line 2 is no sample: KeyError\('entry_point'\)"):
        load(path)


def _written(path: Path, *rows: dict[str, Any]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path

"""Records of calls: on disk before they count, whole after a kill, the same when read again."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.records import Call, Record, Records, line_of, open_records, prompt_key, record_of
from cope_lsp.bench.rows import Unreadable
from cope_lsp.cascade.problem import Completion, Message, Prompt, Usage

if TYPE_CHECKING:
    from pathlib import Path

CALL = Call("small", "0123456789abcdef", 0.8, 0)
RECORD = Record(
    CALL,
    "t",
    "def f():\n    return 'ä\u2028'\n",
    100,
    20,
    10,
    1.25,
    0.001,
    -0.1,
    (-0.1, -0.2),
    truncated=True,
)
PROMPT = Prompt((Message("system", "Be brief."), Message("user", "Add.")), 64, ("END",))


def numbered(number: int) -> Record:
    """A record of the n-th equal call."""
    return replace(RECORD, call=replace(CALL, number=number), text=f"reply {number}")


def kept_in(path: Path) -> list[str]:
    """The replies that a file holds."""
    return [record.text for record in open_records(path)]


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        Record(CALL, "t", ""),
        replace(RECORD, cost_usd=None, logprob=None, logprobs=()),
        replace(RECORD, text="half a pair: \ud83d"),
    ],
)
def test_what_is_read_is_what_was_kept(tmp_path: Path, record: Record) -> None:
    """Unknown money stays unknown, and no text is beyond a record."""
    path = tmp_path / "records.jsonl"
    open_records(path).keep(record)
    assert list(open_records(path)) == [record]


def test_a_record_is_on_disk_when_keep_returns(tmp_path: Path) -> None:
    """A kill right after it loses nothing."""
    path = tmp_path / "new" / "records.jsonl"
    records = open_records(path)
    records.keep(numbered(0))
    assert path.read_bytes() == line_of(numbered(0))
    records.keep(numbered(1))
    assert kept_in(path) == ["reply 0", "reply 1"]


@pytest.mark.parametrize("length", [1, 20, -1])
def test_half_a_line_is_cut_and_nothing_else_is_lost(tmp_path: Path, length: int) -> None:
    """Whatever part of the third record reached the disk, the two before it and the next are whole."""
    path = tmp_path / "records.jsonl"
    whole = line_of(numbered(0)) + line_of(numbered(1))
    path.write_bytes(whole + line_of(numbered(2))[:length])
    records = open_records(path)
    assert len(records) == 2
    records.keep(numbered(3))
    records.keep(numbered(4))
    assert path.read_bytes() == whole + line_of(numbered(3)) + line_of(numbered(4))
    assert kept_in(path) == ["reply 0", "reply 1", "reply 3", "reply 4"]


def test_a_file_that_is_only_read_is_left_as_it_is(tmp_path: Path) -> None:
    """Its half a line belongs to whoever is writing it."""
    other, own = tmp_path / "other.jsonl", tmp_path / "own.jsonl"
    other.write_bytes(line_of(numbered(0)) + line_of(numbered(1))[:9])
    records = open_records(own, [other])
    records.keep(numbered(2))
    assert other.read_bytes().endswith(line_of(numbered(1))[:9])
    assert kept_in(own) == ["reply 2"]
    assert {record.text for record in records} == {"reply 0", "reply 2"}


def test_compressed_records_are_read(tmp_path: Path) -> None:
    """As published ones are."""
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress(line_of(numbered(0)) + line_of(numbered(1))))
    assert len(open_records(None, [path])) == 2


def test_new_records_do_not_go_into_a_compressed_file(tmp_path: Path) -> None:
    """Plain lines behind it would make all of it unreadable."""
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress(line_of(numbered(0))))
    with pytest.raises(Unreadable, match="compressed"):
        open_records(path)


@pytest.mark.parametrize("line", [b"{}\n", b"no json\n", b'{"call":["small"],"task":"t"}\n', b"[1]\n"])
def test_a_line_that_is_no_record_is_named(tmp_path: Path, line: bytes) -> None:
    """A damaged file is not taken for a shorter one."""
    path = tmp_path / "records.jsonl"
    path.write_bytes(line_of(numbered(0)) + line + line_of(numbered(1)))
    with pytest.raises(Unreadable, match=r"records\.jsonl, line 2 is no record"):
        open_records(path)


def test_records_without_a_file_are_held(tmp_path: Path) -> None:
    """Nothing is written anywhere."""
    records = Records()
    records.keep(RECORD)
    assert records.get(CALL) == RECORD
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(PROMPT, messages=PROMPT.messages[1:]),
        replace(PROMPT, messages=(Message("user", "Be brief."), Message("user", "Add."))),
        replace(PROMPT, max_tokens=65),
        replace(PROMPT, stop=()),
    ],
)
def test_another_prompt_has_another_key(other: Prompt) -> None:
    """Words, roles, the longest reply and the stops are what is asked."""
    assert prompt_key(other) != prompt_key(PROMPT)
    assert prompt_key(replace(PROMPT)) == prompt_key(PROMPT)


def test_each_call_has_its_own_seed_the_same_everywhere() -> None:
    """Numbers, temperatures, prompts and models part them."""
    calls = [
        CALL,
        replace(CALL, number=1),
        replace(CALL, temperature=0.4),
        replace(CALL, prompt="other"),
        replace(CALL, model="large"),
    ]
    seeds = [call.seed for call in calls]
    assert len(set(seeds)) == len(seeds)
    assert seeds == [replace(call).seed for call in calls]
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_a_completion_comes_back_as_the_provider_counted_it() -> None:
    """Tokens, seconds, money and log-probabilities, these to two places."""
    usage = Usage(100, 20, 10, 1.234, 0.001, calls=1)
    said = Completion("x", "small", usage, -0.12345, truncated=True, logprobs=(-0.1234, -0.5))
    again = record_of(CALL, "t", said).completion
    assert again.usage == replace(usage, seconds=1.23)
    assert (again.text, again.model, again.truncated) == ("x", "small", True)
    assert (again.logprob, again.logprobs) == (-0.1235, (-0.12, -0.5))

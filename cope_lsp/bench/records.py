"""Every call of a model as it is kept: appended, on disk before it counts, never made twice."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from cope_lsp.bench.rows import Unreadable, contents
from cope_lsp.cascade.problem import Completion, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cope_lsp.cascade.problem import Prompt

NUMBERS_A_SEED = 64
"""Numbers of equal calls that belong to one seed; a strategy never makes as many."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a reply answers: the `number`-th of equal calls.

    Draws of one prompt at one temperature are exchangeable, so that every strategy that makes such a call
    takes the same record; a second seed begins at `NUMBERS_A_SEED`.
    """

    model: str
    prompt: str
    temperature: float
    number: int

    @property
    def seed(self) -> int:
        """The seed that the model is given, the same wherever the call is made."""
        told = f"{self.model}/{self.prompt}/{self.temperature}/{self.number}"
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4]) >> 1


@dataclass(frozen=True, slots=True)
class Record:
    """A call with its reply: tokens as counted by the provider, wall seconds, US dollars (None: unknown)."""

    call: Call
    task: str
    text: str
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost_usd: float | None = 0.0
    logprob: float | None = None
    logprobs: tuple[float, ...] = ()
    truncated: bool = False

    @property
    def completion(self) -> Completion:
        """The reply as the cascade takes it."""
        usage = Usage(
            self.input_tokens, self.cached_tokens, self.output_tokens, self.seconds, self.cost_usd, calls=1
        )
        return Completion(self.text, self.call.model, usage, self.logprob, self.truncated, self.logprobs)


def record_of(call: Call, task: str, said: Completion) -> Record:
    """What is kept of a completion; log-probabilities to two places."""
    return Record(
        call,
        task,
        said.text,
        said.usage.input_tokens,
        said.usage.cached_tokens,
        said.usage.output_tokens,
        round(said.usage.seconds, 2),
        said.usage.cost_usd,
        None if said.logprob is None else round(said.logprob, 4),
        tuple(round(each, 2) for each in said.logprobs),
        said.truncated,
    )


def prompt_key(prompt: Prompt) -> str:
    """Names a prompt by its content, its longest reply included."""
    told = json.dumps([[[m.role, m.content] for m in prompt.messages], prompt.max_tokens, prompt.stop])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(slots=True)
class Records:
    """The records of some files; new ones go to `path`, which need not be there yet (None: nowhere).

    A line that a kill left half written is cut off before the next one is appended.
    """

    path: Path | None = None
    _known: dict[Call, Record] = field(default_factory=dict[Call, Record])
    _half: int | None = None

    def get(self, call: Call) -> Record | None:
        """The record of a call."""
        return self._known.get(call)

    def keep(self, record: Record) -> None:
        """Append a record; it is on disk when this returns."""
        self._known[record.call] = record
        if self.path is None:
            return
        if self._half is not None:
            os.truncate(self.path, self._half)
            self._half = None
        with self.path.open("ab") as file:
            file.write(line_of(record))
            file.flush()
            os.fsync(file.fileno())

    def __iter__(self) -> Iterator[Record]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def read(self, path: Path) -> None:
        """Take in a file of records. Raises: Unreadable that names a line which is none."""
        data = contents(path)
        whole = data[: data.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                record = _record(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise Unreadable(f"{path}, line {number} is no record: {error!r}") from error
            self._known[record.call] = record
        if path == self.path and len(whole) < len(data):
            self._half = len(whole)


def open_records(path: Path | None, others: Iterable[Path] = ()) -> Records:
    """Records from `path`, where new ones go, and from files only read. Raises: OSError, Unreadable."""
    if path is not None and path.suffix == ".gz":
        raise Unreadable(
            f"{path} is compressed, and new records are appended.", fix="Name a plain file for them."
        )
    records = Records(path)
    for each in others:
        records.read(each)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            records.read(path)
    return records


def line_of(record: Record) -> bytes:
    """A record as its line: defaults are left out."""
    row = {name: value for name, value in asdict(record).items() if value not in (None, (), 0, False)}
    row["call"] = [record.call.model, record.call.prompt, record.call.temperature, record.call.number]
    if record.cost_usd is None:
        row["cost_usd"] = None
    told = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return told.encode("utf-8", "surrogatepass") + b"\n"


def _record(row: dict[str, Any]) -> Record:
    call = Call(*row.pop("call"))
    logprobs = tuple(row.pop("logprobs", ()))
    return Record(call, row.pop("task"), row.pop("text", ""), logprobs=logprobs, **row)

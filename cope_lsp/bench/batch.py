"""Unanswered requests as the OpenAI Batch API takes them, and its answers as records.

Answers may come from anywhere, in any order and in several files; the same one twice counts once.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from cope_lsp.bench.records import Call, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cope_lsp.bench.players import Wanted
    from cope_lsp.bench.records import Records

LONGEST_ID = 64
"""Most characters of a `custom_id`, all of them letters, digits, `-` and `_`, at the strictest provider."""


@dataclass(frozen=True, slots=True)
class Room:
    """Most requests and bytes that the provider takes in one file."""

    lines: int = 50_000
    size: int = 200_000_000


ROOM = Room()


@dataclass(frozen=True, slots=True)
class Folded:
    """What came of answers: new ones, ones that were there, and why lines were skipped, by their place."""

    new: int
    known: int
    faults: tuple[str, ...]


def write_requests(wanted: Iterable[Wanted], path: Path, room: Room = ROOM) -> tuple[Path, ...]:
    """Write each request once, in an order of its own; returns the files.

    A batch may hold one model only, and so many lines and bytes: what is more goes to `-2`, `-3`, … beside
    `path`. Without requests `path` is empty, so that no old one is sent again.
    """
    once = {each.call: each for each in sorted(wanted, key=_order)}
    files: list[Path] = []
    for lines in _parts(once.values(), room) or ([],):
        files.append(_numbered(path, len(files) + 1))
        files[-1].write_bytes(b"".join(lines))
    _remove_from(path, len(files) + 1)
    return tuple(files)


def fold_answers(paths: Iterable[Path], records: Records, models: Iterable[str]) -> Folded:
    """Keep the answers of files, plain or compressed, to requests to these models. Raises: OSError."""
    names = {_digest(model): model for model in models}
    new = known = 0
    faults: list[str] = []
    for path in paths:
        for number, line in _lines(path):
            try:
                record = _answered(line, names)
            except ValueError as error:
                faults.append(f"{path}, line {number}: {error}")
                continue
            if records.get(record.call) is not None:
                known += 1
                continue
            records.keep(record)
            new += 1
    return Folded(new, known, tuple(faults))


def custom_id(call: Call, task: str) -> str:
    """Names a call so that its answer finds back; and its task, where that fits."""
    temperature = repr(float(call.temperature)).translate(_POINT)
    name = f"{call.prompt}-{temperature}-{call.number}-{_digest(call.model)}"
    told = _OTHER.sub(lambda found: f"_{ord(found[0]):02X}", task) if task.isascii() else ""
    return f"{told}-{name}" if len(told) + 1 + len(name) <= LONGEST_ID else f"-{name}"


_POINT = str.maketrans(".-", "p_")
_FRACTION = str.maketrans("p_", ".-")
_OTHER = re.compile(r"[^A-Za-z0-9]")
_CODED = re.compile(r"_([0-9A-F]{2})")
_ID = re.compile(r"(?P<task>\w*)-(?P<prompt>[0-9a-f]{16})-(?P<heat>[\dpe_]+)-(?P<number>\d+)-(?P<model>\w+)")


def _called(name: str, models: dict[str, str]) -> tuple[Call, str]:
    """The call and the task that a `custom_id` names. Raises: ValueError."""
    found = _ID.fullmatch(name)
    if found is None:
        raise ValueError(f"{name[:LONGEST_ID]!r} is no custom_id of a request of ours.")
    model = models.get(found["model"])
    if model is None:
        raise ValueError(f"{name} is for another model than {', '.join(models.values())}.")
    task = _CODED.sub(lambda code: chr(int(code[1], 16)), found["task"])
    temperature = float(found["heat"].translate(_FRACTION))
    return Call(model, found["prompt"], temperature, int(found["number"])), task


def _digest(model: str) -> str:
    """A model's name as it fits; a run has two or three."""
    return hashlib.sha256(model.encode()).hexdigest()[:6]


def _order(wanted: Wanted) -> tuple[str, str, str, float, int]:
    call = wanted.call
    return call.model, wanted.task, call.prompt, call.temperature, call.number


def _line(wanted: Wanted) -> bytes:
    prompt, call = wanted.prompt, wanted.call
    body: dict[str, Any] = {
        "model": call.model,
        "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
        # `max_tokens` is deprecated, and refused by models that reason; what these think counts as well.
        "max_completion_tokens": prompt.max_tokens,
        # Strategies differ by it. A model that refuses it refuses the line, which then stays unanswered: an
        # answer at another temperature would be a substitute.
        "temperature": call.temperature,
        # As a live call sends it, so that a server that heeds it gives the same draw.
        "seed": call.seed,
    }
    if prompt.stop:
        body["stop"] = list(prompt.stop)
    row = {
        "custom_id": custom_id(call, wanted.task),
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": body,
    }
    return json.dumps(row, separators=(",", ":")).encode() + b"\n"


def _parts(wanted: Iterable[Wanted], room: Room) -> list[list[bytes]]:
    parts: list[list[bytes]] = []
    model, size = "", 0
    for each in wanted:
        line = _line(each)
        full = parts and (len(parts[-1]) == room.lines or size + len(line) > room.size)
        if not parts or full or each.call.model != model:
            parts.append([])
            model, size = each.call.model, 0
        parts[-1].append(line)
        size += len(line)
    return parts


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_stem(f"{path.stem}-{number}")


def _remove_from(path: Path, number: int) -> None:
    """Remove the further files of an earlier, longer list."""
    while _numbered(path, number).exists():
        _numbered(path, number).unlink()
        number += 1


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Details(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Details | None = None


class _Body(BaseModel):
    choices: list[_Choice] = []
    usage: _Usage = _Usage()
    error: Any = None


class _Response(BaseModel):
    status_code: int = HTTPStatus.OK
    body: _Body = _Body()


class _Answer(BaseModel):
    """A line of an output file or an error file."""

    custom_id: str
    response: _Response | None = None
    error: Any = None


def _answered(line: bytes, models: dict[str, str]) -> Record:
    """The record that a line makes. Raises: ValueError that says why it makes none."""
    try:
        answer = _Answer.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the line"
        raise ValueError(f"{place} is no answer's: {first['msg']}.") from error
    call, task = _called(answer.custom_id, models)
    response = answer.response
    if answer.error or response is None or response.status_code != HTTPStatus.OK or not response.body.choices:
        raise ValueError(f"{answer.custom_id} was not answered: {_why(answer)}")
    choice, usage = response.body.choices[0], response.body.usage
    details = usage.prompt_tokens_details
    return Record(
        call,
        task,
        choice.message.content or choice.message.refusal or "",
        input_tokens=usage.prompt_tokens,
        cached_tokens=(details.cached_tokens if details else None) or 0,
        output_tokens=usage.completion_tokens,
        cost_usd=None,
        truncated=choice.finish_reason == "length",
    )


def _why(answer: _Answer) -> str:
    response = answer.response
    said = answer.error or (response.body.error if response else None)
    status = f"status {response.status_code}" if response else "no response"
    return f"{status}, {json.dumps(said)[:200]}" if said else f"{status}."


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())

"""Which texts may be parsed in this process: those that a child survived (security, part 4.1)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from cope_lsp import processes
from cope_lsp.languages.trial import READY, Answer
from cope_lsp.workspace.files import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyio.abc import Process

    from cope_lsp.languages.language import Language
    from cope_lsp.languages.text import TextChange
    from cope_lsp.languages.trial import Request

    ParserName = tuple[str, str]

log = logging.getLogger(__name__)

PROGRAM = (sys.executable, "-I", "-m", "cope_lsp.languages.tasting")

WHY = {
    Answer.SLOW: "parsing it takes too long",
    Answer.MANY: "it has too many parts",
    Answer.DEEP: "it is nested too deeply",
    Answer.DEADLY: "parsing it ends the parser",
}

_WALL_S = 10.0
_START_S = 10.0
_PAUSE_S = 60.0
_MOST_REFUSED = 1024
_LONGEST_LINE = 64
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_GONE = (
    anyio.EndOfStream,
    anyio.IncompleteRead,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Tasted:
    """What is known of a text: why it is left alone (empty: it may be parsed), and its name at the child.

    0 is no name: the child does not know what the text is a change of, and nothing was parsed.
    """

    why: str = ""
    name: int = 0


@dataclass(frozen=True, slots=True)
class Since:
    """What a text is a change of: the name of that, and the change."""

    name: int
    change: TextChange


class _UnavailableError(Exception):
    """No child can be started here."""


@dataclass(slots=True, eq=False)
class _Child:
    process: Process
    sending: anyio.Lock = field(default_factory=anyio.Lock)
    asked: dict[int, asyncio.Future[Answer]] = field(default_factory=dict[int, "asyncio.Future[Answer]"])
    reading: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Taster:
    """The child, started when it is first needed and again after it ended.

    A text that it did not survive twice, or not in time, is refused; what is refused is not tried again.
    """

    program: Sequence[str] = PROGRAM
    wall_s: float = _WALL_S
    _child: _Child | None = None
    _names: int = 0
    _not_before: float = 0.0
    _starting: anyio.Lock = field(default_factory=anyio.Lock)
    _refused: dict[bytes, str] = field(default_factory=dict[bytes, str])

    async def taste(self, parser: ParserName, text: bytes) -> str:
        """Why a text must not be parsed here; empty where it may."""
        self._names += 1
        return (await self._tasted(_request(parser, len(text), self._names), text, text)).why

    async def follow(self, parser: ParserName, text: bytes, since: Since | None = None) -> Tasted:
        """Taste a text by the steps by which it is parsed here: from nothing, or from one tasted before."""
        self._names += 1
        name = self._names
        if since is None:
            request = _request(parser, len(text), name)
            request["keep"] = name
            return await self._tasted(request, text, text)
        change = since.change
        part = text[change.start : change.new_end]
        request = _request(parser, len(part), name)
        request["keep"], request["since"] = name, since.name
        request["change"] = (change.start, change.old_end, change.new_end)
        return await self._tasted(request, part, text)

    async def begin(self) -> None:
        """Start the child, so that the first text does not wait for it."""
        await self._running()

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            await _end(child)

    async def _tasted(self, request: Request, part: bytes, text: bytes) -> Tasted:
        if self._refused and (why := self._refused.get(_key(request, text))):
            return Tasted(why)
        said = await self._asked(request, part)
        if said is Answer.GONE:
            return Tasted()
        if said is Answer.FINE:
            return Tasted("", request["keep"])
        while len(self._refused) >= _MOST_REFUSED:
            del self._refused[next(iter(self._refused))]
        self._refused[_key(request, text)] = WHY[said]
        return Tasted(WHY[said])

    async def _asked(self, request: Request, part: bytes) -> Answer:
        """The child's answer; a child that ends is no answer, but two of them are.

        Without a child texts are let through: what bounds parsing in this process holds all the same.
        """
        for _ in range(2):
            child = await self._running()
            if child is None:
                return Answer.GONE if request["since"] else Answer.FINE
            said = await self._exchanged(child, request, part)
            if request["since"] and said in (None, Answer.SLOW):
                return Answer.GONE  # the step alone may be at fault: the text is tried from nothing
            if said is not None:
                return said
        return Answer.DEADLY

    async def _exchanged(self, child: _Child, request: Request, part: bytes) -> Answer | None:
        try:
            with anyio.fail_after(self.wall_s):
                return await _exchange(child, request, part)
        except TimeoutError:
            await self._drop(child)
            return Answer.SLOW
        except _GONE:
            await self._drop(child)
            return None

    async def _drop(self, child: _Child) -> None:
        if self._child is child:
            self._child = None
        await _end(child)

    async def _running(self) -> _Child | None:
        async with self._starting:
            if self._child is not None and self._child.process.returncode is None:
                return self._child
            await self.close()
            if time.monotonic() < self._not_before:
                return None
            try:
                self._child = await _started(self.program)
            except _UnavailableError as error:
                log.warning("%s", error)
                self._not_before = time.monotonic() + _PAUSE_S
            return self._child


async def check(taster: Taster, language: Language, name: str, text: bytes) -> None:
    """Taste a file's text. Raises: Unreadable, with what to do."""
    why = await taster.taste(language.syntax.parser_name, text)
    if why:
        raise Unreadable(left_alone(name, why))


def left_alone(name: str, why: str) -> str:
    """What a user is told of a file that is not parsed."""
    return f"{name} is left alone, since {why}. Change it and open it again to have it looked at once more."


def _key(request: Request, text: bytes) -> bytes:
    return hashlib.sha256(f"{request['parser']}\0".encode() + text).digest()


def _request(parser: ParserName, size: int, number: int) -> Request:
    return {"number": number, "parser": parser, "size": size, "keep": 0, "since": 0, "change": (0, 0, 0)}


async def _exchange(child: _Child, request: Request, part: bytes) -> Answer:
    if child.process.stdin is None or child.reading is None or child.reading.done():
        raise anyio.ClosedResourceError
    answer = child.asked[request["number"]] = asyncio.get_running_loop().create_future()
    try:
        # Half a message, left behind by an asker that was cancelled, would spoil all that follow.
        with anyio.CancelScope(shield=True):
            async with child.sending:
                await child.process.stdin.send(json.dumps(request).encode() + b"\n" + part)
        return await answer
    finally:
        child.asked.pop(request["number"], None)


async def _read(child: _Child, answers: BufferedByteReceiveStream) -> None:
    """Hand answers to those who asked, until the child has ended."""
    try:
        while True:
            line = (await answers.receive_until(b"\n", _LONGEST_LINE)).decode()
            number, _, said = line.partition(" ")
            asker = child.asked.get(int(number))
            if asker is not None and not asker.done():
                asker.set_result(Answer(said))
    except (*_GONE, anyio.DelimiterNotFound, ValueError):
        pass
    finally:
        for asker in child.asked.values():
            if not asker.done():
                asker.set_exception(anyio.EndOfStream())


async def _end(child: _Child) -> None:
    await processes.stop(child.process, grace_s=0)
    if child.reading is not None:
        child.reading.cancel()


async def _started(program: Sequence[str]) -> _Child:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    pipe = subprocess.PIPE
    try:
        process = await processes.start(
            program, cwd=Path(Path(sys.executable).anchor), env=environment, stdin=pipe, stdout=pipe
        )
    except OSError as error:
        raise _UnavailableError(f"No child to try texts in could be started: {error}") from error
    if process.stdout is None:
        raise _UnavailableError("The child to try texts in has no output.")
    answers = BufferedByteReceiveStream(process.stdout)
    try:
        with anyio.fail_after(_START_S):
            await answers.receive_until(READY, _LONGEST_LINE)
    except (*_GONE, TimeoutError, anyio.DelimiterNotFound) as error:
        await processes.stop(process, grace_s=0)
        raise _UnavailableError("The child to try texts in ended before it was ready.") from error
    except BaseException:
        await processes.stop(process, grace_s=0)
        raise
    child = _Child(process)
    child.reading = asyncio.create_task(_read(child, answers))
    return child

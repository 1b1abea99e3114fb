"""Which texts may be parsed in this process: those that a child survived (security, part 4.1)."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from cope_lsp import processes
from cope_lsp.languages.tasting import READY, Answer
from cope_lsp.workspace.files import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyio.abc import Process

    from cope_lsp.languages.language import Language
    from cope_lsp.languages.tasting import Request
    from cope_lsp.languages.text import TextChange

    ParserName = tuple[str, str]

log = logging.getLogger(__name__)

PROGRAM = (sys.executable, "-I", "-m", "cope_lsp.languages.tasting")

WHY = {
    Answer.SLOW: "parsing it takes too long",
    Answer.MANY: "it has too many parts",
    Answer.DEEP: "it is nested too deeply",
}
DEADLY = "parsing it ends the parser"

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


@dataclass(slots=True)
class _Child:
    process: Process
    answers: BufferedByteReceiveStream


@dataclass(slots=True)
class Taster:
    """The child, started when it is first needed and again after it ended; it tastes one text at a time.

    A text that it did not survive twice, or not in time, is refused; what is refused is not tried again.
    """

    program: Sequence[str] = PROGRAM
    wall_s: float = _WALL_S
    _child: _Child | None = None
    _names: int = 0
    _not_before: float = 0.0
    _lock: anyio.Lock = field(default_factory=anyio.Lock)
    _refused: dict[bytes, str] = field(default_factory=dict[bytes, str])

    async def taste(self, parser: ParserName, text: bytes) -> str:
        """Why a text must not be parsed here; empty where it may."""
        return (await self._tasted(_request(parser, len(text)), text, _key(parser, text))).why

    async def follow(self, parser: ParserName, text: bytes, since: Since | None = None) -> Tasted:
        """Taste a text by the steps by which it is parsed here: from nothing, or from one tasted before."""
        self._names += 1
        name = self._names
        if since is None:
            request = _request(parser, len(text), name)
            return await self._tasted(request, text, _key(parser, text))
        change = since.change
        part = text[change.start : change.new_end]
        request = _request(parser, len(part), name)
        request["since"], request["change"] = since.name, (change.start, change.old_end, change.new_end)
        return await self._tasted(request, part, _key(parser, text))

    async def begin(self) -> None:
        """Start the child, so that the first text does not wait for it."""
        async with self._lock:
            await self._running()

    async def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            await processes.stop(child.process, grace_s=0)

    async def _tasted(self, request: Request, part: bytes, key: bytes) -> Tasted:
        if key in self._refused:
            return Tasted(self._refused[key])
        async with self._lock:
            said = await self._asked(request, part)
        if said is Answer.GONE:
            return Tasted()
        if said is Answer.FINE:
            return Tasted("", request["keep"])
        why = WHY[said] if said is not None else DEADLY
        while len(self._refused) >= _MOST_REFUSED:
            del self._refused[next(iter(self._refused))]
        self._refused[key] = why
        return Tasted(why)

    async def _asked(self, request: Request, part: bytes) -> Answer | None:
        """The child's answer; None where two children died of the text.

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
        return None

    async def _exchanged(self, child: _Child, request: Request, part: bytes) -> Answer | None:
        answered = False
        try:
            with anyio.fail_after(self.wall_s):
                said = await _exchange(child, request, part)
            answered = True
        except TimeoutError:
            return Answer.SLOW
        except _GONE:
            with anyio.move_on_after(1):
                await child.process.wait()
            is_slow = sys.platform != "win32" and child.process.returncode == -signal.SIGPROF
            return Answer.SLOW if is_slow else None
        finally:
            # A child that was not heard out, also where its asker was cancelled, would answer the next one.
            if not answered:
                await self.close()
        return said

    async def _running(self) -> _Child | None:
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


def _key(parser: ParserName, text: bytes) -> bytes:
    return hashlib.sha256(f"{parser}\0".encode() + text).digest()


def _request(parser: ParserName, size: int, keep: int = 0) -> Request:
    return {"parser": parser, "size": size, "keep": keep, "since": 0, "change": (0, 0, 0)}


async def _exchange(child: _Child, request: Request, part: bytes) -> Answer:
    if child.process.stdin is None:
        raise anyio.ClosedResourceError
    await child.process.stdin.send(json.dumps(request).encode() + b"\n" + part)
    return Answer((await child.answers.receive_until(b"\n", _LONGEST_LINE)).decode())


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
    return _Child(process, answers)

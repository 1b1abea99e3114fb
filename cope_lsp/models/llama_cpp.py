"""A GGUF file run by llama.cpp in a child process, spoken to like any OpenAI endpoint.

Native code does not live in the server process: a crash of it is a failed call, not a dead editor.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from cope_lsp import processes
from cope_lsp.cascade.errors import ModelUnavailable
from cope_lsp.models.endpoint import Endpoint
from cope_lsp.models.llama_child import KEY_VARIABLE
from cope_lsp.models.openai import OpenAIModel
from cope_lsp.models.pacing import PATIENT, Patience, no_longer_than
from cope_lsp.models.provider import Loading

if TYPE_CHECKING:
    from anyio.abc import Process

    from cope_lsp.cascade.problem import Completion, Prompt
    from cope_lsp.models.provider import Hooks

_PACKAGE = "xllamacpp"
_LONGEST_ADDRESS = 200
_LAST_WORDS = 400
_WAITING = "passive"
"""How its threads wait for each other. Spinning, the default, starves beside other busy programs.

Two cores, two busy loops beside it: 3 tokens a second by spinning, 20 to 30 this way.
"""


@dataclass(frozen=True, slots=True)
class _Running:
    process: Process
    model: OpenAIModel
    log: IO[bytes]


@dataclass(slots=True)
class LlamaCppModel:
    """One GGUF file; its child starts at the first call and again after it died. Raises: ModelError."""

    path: str
    context: int
    hooks: Hooks
    patience: Patience = PATIENT
    _running: _Running | None = None
    _starting: anyio.Lock = field(default_factory=anyio.Lock)

    @property
    def name(self) -> str:
        """The file's name without its folder and ending."""
        return Path(self.path).stem

    @property
    def host(self) -> str:
        """Where the child listens."""
        return "this machine" if self._running is None else self._running.model.host

    async def destination(self) -> str | None:
        """None: the child is on this machine."""

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer once; cancelling closes the connection, which stops the generation."""
        return await (await self._child()).complete(prompt, temperature=temperature, seed=seed)

    async def prepare(self) -> None:
        """Start the child, with progress."""
        await self._child()

    async def check(self) -> None:
        """Whether package and file are there. Raises: ModelUnavailable."""
        if importlib.util.find_spec(_PACKAGE) is None:
            raise ModelUnavailable(
                "The llama.cpp provider is not installed.",
                fix="Install it: pip install 'cope-lsp[llama-cpp]'",
            )
        if not await anyio.Path(self.path).is_file():
            raise ModelUnavailable(
                f"There is no file {self.path}.", fix="Set small.model to the path of a GGUF file."
            )

    async def close(self) -> None:
        """End the child."""
        running, self._running = self._running, None
        if running is not None:
            await running.model.close()
            await processes.stop(running.process)
            running.log.close()

    async def _child(self) -> OpenAIModel:
        async with self._starting:
            if self._running is not None and self._running.process.returncode is None:
                return self._running.model
            await self.close()
            await self.check()
            self.hooks.loading(Loading(self.name, "loading"))
            self._running = await self._start()
            self.hooks.loading(Loading(self.name, "ready", 1.0))
            return self._running.model

    async def _start(self) -> _Running:
        key = secrets.token_urlsafe()
        child = [sys.executable, "-I", "-m", "cope_lsp.models.llama_child"]
        arguments = [str(os.getpid()), str(self.context), str(self.patience.calls_at_once), self.path]
        log = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the child
        environment = {"OMP_WAIT_POLICY": _WAITING, **os.environ, KEY_VARIABLE: key}
        process = await processes.start(
            [*child, *arguments], env=environment, stdout=subprocess.PIPE, stderr=log
        )
        endpoint = Endpoint("small", "llama_cpp", self.name, "http://127.0.0.1", self.context)
        try:
            with no_longer_than(self.patience.first_byte_s, endpoint, "was not loaded"):
                address = await _first_line(process)
        except BaseException:
            await processes.stop(process)
            log.close()
            raise
        if not address:
            await processes.stop(process)
            raise self._refused(log)
        endpoint = Endpoint("small", "llama_cpp", self.name, f"{address}/v1", self.context)
        return _Running(process, OpenAIModel(endpoint, self.hooks, self.patience, key), log)

    def _refused(self, log: IO[bytes]) -> ModelUnavailable:
        with log:
            log.seek(0)
            words = " ".join(log.read().decode(errors="replace").split())
        return ModelUnavailable(
            f"llama.cpp could not load {self.path}: …{words[-_LAST_WORDS:]}",
            fix=remedy(words),
        )


def remedy(words: str) -> str:
    """What helps where llama.cpp could not start and said `words`."""
    if "cannot open shared object file" in words:
        return "Install the library that it names (Debian: sudo apt-get install libgomp1)."
    return "Check that it is a GGUF file and that memory suffices for small.context."


async def _first_line(process: Process) -> str:
    """What the child prints first; empty when it ended instead."""
    if process.stdout is None:
        return ""
    try:
        line = await BufferedByteReceiveStream(process.stdout).receive_until(b"\n", _LONGEST_ADDRESS)
    except (anyio.IncompleteRead, anyio.EndOfStream, anyio.DelimiterNotFound):
        return ""
    return line.decode().strip()

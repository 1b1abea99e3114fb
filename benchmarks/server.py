"""Start-up, memory and latency of `cope-lsp --stdio` beside a bare pygls server, and the cascade's own share.

Prints a few lines for people, and last one line of JSON:

    initialize_ratio    median seconds from start to the answer to `initialize`, ours over the bare one's
    rss_over_mb         resident memory of our idle process tree (no model) above the bare one's, in MB
    code_action_p95_ms  95th percentile of a code action right after a keystroke in a 10,000-line file
    cascade_overhead    share of a solve that is neither a model's call (1 s each) nor the judge
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from lsprotocol import types

from cope_lsp.cascade import presets
from cope_lsp.cascade.problem import Completion, Evidence, Kind, Problem, Ruling, Status
from cope_lsp.cascade.solve import solve
from cope_lsp.lsp.client import Editor, connect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from cope_lsp.cascade.problem import Candidate, Inquiry, Plan, Prompt, Remembered

OURS = (sys.executable, "-m", "cope_lsp", "--stdio")
BARE = (sys.executable, "-m", "benchmarks.bare_server")

STARTS = 15
"""Starts of each server; they alternate, so that a busy machine slows both."""

KEYSTROKES = 500
LINES = 10_000
CALL_S = 1.0
"""Seconds a scripted model takes for a call."""

SETTLE_S = 2.0
"""Seconds until a started server counts as idle."""

_UNIT = '''\
def shorten(title: str, limit: int = 80) -> str:
    """Shorten a title.

    >>> shorten("a b")
    'a-b'
    """
    words = [word for word in title.split() if word]
    return "-".join(words)[:limit]


'''
_LINES_A_UNIT = _UNIT.count("\n")
_BODY_LINE = 7
_TYPED = '    total = sum(len(word) for word in words if "x" in word)\n'


async def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, bare = await _starts(folder)
        over = await _idle_mb(OURS, folder) - await _idle_mb(BARE, folder)
        typing = await _typing_ms(folder)
    result = {
        "initialize_ratio": round(statistics.median(ours) / statistics.median(bare), 3),
        "rss_over_mb": round(over, 1),
        "code_action_p95_ms": round(statistics.quantiles(typing, n=20)[-1], 2),
        "cascade_overhead": round(await _cascade_overhead(), 4),
    }
    print(f"initialize: {_ms(ours)} ours, {_ms(bare)} bare pygls (median of {STARTS} starts each)")
    print(f"code action: median {statistics.median(typing):.1f} ms over {KEYSTROKES} keystrokes")
    print(json.dumps(result))


async def _starts(folder: Path) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(STARTS):
        ours.append(await _initialize_s(OURS, folder))
        bare.append(await _initialize_s(BARE, folder))
    return ours, bare


async def _initialize_s(command: Sequence[str], folder: Path) -> float:
    start = time.perf_counter()
    async with _editor(command, folder):
        return time.perf_counter() - start


async def _idle_mb(command: Sequence[str], folder: Path) -> float:
    async with _editor(command, folder) as editor:
        editor.open((folder / "small.py").as_uri(), "x = 1\n")
        await asyncio.sleep(SETTLE_S)
        (server,) = psutil.Process().children()
        tree = [server, *server.children(recursive=True)]
        return sum(process.memory_info().rss for process in tree) / 1e6


async def _typing_ms(folder: Path) -> list[float]:
    """Type statements, character by character, into functions all over the file."""
    chance = random.Random(0)  # noqa: S311 -- reproducible keystrokes, not secrets
    uri = (folder / "large.py").as_uri()
    milliseconds: list[float] = []
    async with _editor(OURS, folder) as editor:
        editor.open(uri, _UNIT * (LINES // _LINES_A_UNIT))
        await _ask(editor, uri, types.Position(0, 0))  # the first one parses the file from nothing
        while len(milliseconds) < KEYSTROKES:
            line = chance.randrange(LINES // _LINES_A_UNIT) * _LINES_A_UNIT + _BODY_LINE
            for column, character in enumerate(_TYPED):
                place = types.Position(line, column)
                editor.change(uri, types.TextEdit(types.Range(place, place), character))
                start = time.perf_counter()
                await _ask(editor, uri, types.Position(line, column + (character != "\n")))
                milliseconds.append((time.perf_counter() - start) * 1000)
    return milliseconds


async def _ask(editor: Editor, uri: str, place: types.Position) -> None:
    await editor.actions(uri, types.Range(place, place))


@asynccontextmanager
async def _editor(command: Sequence[str], folder: Path) -> AsyncGenerator[Editor]:
    async with connect(command) as client:
        editor = Editor(client)
        await editor.initialize([folder])
        yield editor
        await editor.leave()


@dataclass(slots=True)
class _Scripted:
    """A model that takes a second for every answer, and counts them."""

    name: str
    calls: int = 0

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer after `CALL_S`."""
        del prompt, temperature
        self.calls += 1
        await asyncio.sleep(CALL_S)
        return Completion(f"```python\nreturn {seed}\n```", self.name)


@dataclass(slots=True)
class _Fails:
    """A trial, and the judge that opens it: every candidate fails at once, so that every stage is entered."""

    evidence: list[Evidence] = field(default_factory=list[Evidence])

    def open(self, problem: Problem) -> _Fails:
        """Itself."""
        del problem
        return self

    async def add(self, candidate: Candidate) -> None:
        """Find that it fails."""
        self.evidence.append(Evidence(candidate, "tests", Status.FAIL, 0, 1))

    def rule(self, remaining: int) -> Ruling:
        """Rule against all."""
        return Ruling(
            0.0, Status.FAIL, evidence=tuple(self.evidence), settled=not remaining, feedback="1 != 2"
        )

    async def question(self) -> Inquiry | None:
        """Nothing is left to ask about."""

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Nothing runs."""

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Nobody answers."""


class _Forgets:
    """A plan store without memory."""

    async def get(self, key: str) -> Plan | None:
        """Nothing."""

    async def put(self, key: str, plan: Plan) -> None:
        """Forget."""

    async def recall(self, key: str) -> Remembered | None:
        """Nothing."""

    async def remember(self, key: str, solution: Remembered) -> None:
        """Forget."""


async def _cascade_overhead() -> float:
    """Through all stages of the default preset, one call at a time, so that calls alone explain the time."""
    small, large = _Scripted("small"), _Scripted("large")
    cascade = presets.default(small, large, presets.Terms(samples=4))
    start = time.perf_counter()
    await solve(Problem(Kind.CODE, "Write f.", "code"), cascade, _Fails(), _Forgets(), lambda _: None)
    wall = time.perf_counter() - start
    return (wall - CALL_S * (small.calls + large.calls)) / wall


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms"


if __name__ == "__main__":
    asyncio.run(main())

"""Whether a text passes the benchmark's own tests: run in the sandbox, known to the score alone."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.python.language import PYTHON
from cope_lsp.sandbox.job import Job, Limits, View
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.run import run

if TYPE_CHECKING:
    from benchmarks.samples import Hidden

LIMITS = Limits(wall_s=30.0, cpu_s=6)
"""The clock is generous, because several run at once; CPU time is what a looping candidate runs out of."""

_FILE = "judged.py"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where truth is found: an empty folder to run in."""

    root: Path

    async def passes(self, text: str, hidden: Hidden) -> bool:
        """Whether `check(entry_point)` of the benchmark runs through on a whole file's text."""
        mark = secrets.token_hex(8)
        ends = f"import os as _os_\n_os_.write(3, {mark!r}.encode())\n"
        program = f"{text}\n\n{hidden.test}\n\ncheck({hidden.entry_point})\n{ends}"
        found = PYTHON.running.environment(self.root, Path(sys.executable))
        job = Job(
            (str(found.program), "-I", _FILE),
            View(self.root, {_FILE: program.encode()}),
            found.readable,
            limits=LIMITS,
        )
        finished = await run(job, await strongest())
        return finished.records == mark.encode()

"""What the driver is told: steps, one after the other."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.running import Demands, Invocation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.running import Foundation, Work

DRIVER = Path(__file__).parent / "driver" / "main.py"
CACHE = "{cache}"
"""Stands in a recipe's words for the folder of kept builds."""

SCRATCH = "{scratch}"
"""Stands for a folder of this run."""

PYTHON = "{python}"
"""Stands for our own interpreter, for programs of ours that take a step."""

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Step:
    """One command, started in `folder` (relative to the root; with `SCRATCH` or `CACHE` elsewhere).

    It is skipped where the step named `needs` did not exit with 0, and where the step named `unless` settled
    it: exited with 0, and wrote to its standard output what its `settles`, a pattern, finds there. `told` are
    the bytes of each of its streams that come back, half of them the first and half the last. Processes it
    leaves behind are ended.
    """

    id: str
    argv: tuple[str, ...]
    timeout_s: float
    folder: str = "."
    needs: str = ""
    unless: str = ""
    settles: str = ""
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    stdin: str = ""
    told: int = 6000


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps with all that they need.

    `env` is everyone's; `path` are folders of programs, before the system's; `readable` host folders that
    tools need (toolchains, downloaded dependencies). `layer` files lie over the project. `cache` names the
    folder of kept builds: equal names share one; empty for none. `foundation` should lie below it.
    """

    steps: tuple[Step, ...]
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    path: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()
    layer: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    cache: str = ""
    demands: Demands = field(default_factory=Demands)
    foundation: Foundation | None = None


def invocation(recipe: Recipe, work: Work) -> Invocation:
    """The driver on our own interpreter, its recipe on standard input."""
    order = {
        "key": work.nonce,
        "wall_s": work.wall_s + work.build_s,
        "env": {"PATH": ":".join([*map(str, recipe.path), _SYSTEM_PATH]), **recipe.env},
        "steps": [_plain(step) for step in recipe.steps],
    }
    program = Path(sys._base_executable).resolve()  # type: ignore[attr-defined]  # noqa: SLF001 -- the only name of our own base
    return Invocation(
        argv=(str(program), "-I", "-S", str(DRIVER)),
        stdin=json.dumps(order).encode(),
        env={"LANG": "C.UTF-8"},
        readable=(Path(sys.base_prefix).resolve(), DRIVER.parent, *recipe.readable),
        layer=recipe.layer,
        cache=recipe.cache,
        demands=recipe.demands,
        foundation=recipe.foundation,
    )


def _plain(step: Step) -> dict[str, object]:
    return {
        "id": step.id,
        "argv": list(step.argv),
        "timeout_s": step.timeout_s,
        "folder": step.folder,
        "needs": step.needs,
        "unless": step.unless,
        "settles": step.settles,
        "env": dict(step.env),
        "stdin": step.stdin,
        "told": step.told,
    }

"""What a project may propose: `[tool.cope]` of its `pyproject.toml` can name a test command, and no more."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from typing import Any, cast

from cope_lsp.settings.layers import Layer, Origin, Source


@dataclass(frozen=True, slots=True)
class Proposal:
    """A project's test command. `hash` names its content: another command needs another approval."""

    command: tuple[str, ...]
    hash: str


def read_proposal(pyproject: str) -> Proposal | None:
    """The test command that a `pyproject.toml`'s text proposes; None where none is well formed."""
    try:
        node: Any = tomllib.loads(pyproject)
    except tomllib.TOMLDecodeError:
        return None
    for name in ("tool", "cope", "tests", "command"):
        node = cast("dict[str, Any]", node).get(name) if isinstance(node, dict) else None
    words = cast("list[object]", node) if isinstance(node, list) else []
    command = tuple(word for word in words if isinstance(word, str))
    if not command or len(command) != len(words):
        return None
    return Proposal(command, hashlib.sha256(json.dumps(command).encode()).hexdigest())


def project_layer(proposal: Proposal, pyproject: str) -> Layer:
    """The settings of a proposal that the user has approved; `pyproject` is the file's name for people."""
    return Layer(Source(Origin.PROJECT, pyproject), {"tests": {"command": list(proposal.command)}})

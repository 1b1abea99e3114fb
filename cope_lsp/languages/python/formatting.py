"""Which formatter a Python project has chosen, and whether a formatter kept what the code means."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from cope_lsp.languages.formatting import Formatter
from cope_lsp.languages.python import snippets

if TYPE_CHECKING:
    from collections.abc import Mapping

_RUFF = Formatter("ruff", ("-m", "ruff", "format", "--quiet", "--stdin-filename", "{path}", "-"))
_BLACK = Formatter("black", ("-m", "black", "--quiet", "--stdin-filename", "{path}", "-"))


def config_files() -> tuple[str, ...]:
    """Where a project says which formatter it uses."""
    return ("pyproject.toml", "ruff.toml", ".ruff.toml", ".pre-commit-config.yaml")


def formatter_for(configs: Mapping[str, str]) -> Formatter | None:
    """The formatter that a project's configuration files (texts by name) choose; None where they do not.

    A table of another formatter, or ruff as a linter beside black, chooses no ruff.
    """
    tools = _tools(configs.get("pyproject.toml", ""))
    if "black" in tools:
        return _BLACK
    hooks = configs.get(".pre-commit-config.yaml", "")
    if re.search(r"^\s*-\s*id:\s*ruff-format\b", hooks, re.MULTILINE):
        return _RUFF
    if re.search(r"^\s*-\s*id:\s*black\b", hooks, re.MULTILINE):
        return _BLACK
    has_ruff = "ruff" in tools or any(name in configs for name in ("ruff.toml", ".ruff.toml"))
    return _RUFF if has_ruff and not {"yapf", "autopep8", "blue"} & tools else None


def means_same(before: str, after: str) -> bool:
    """Whether two definitions mean the same: equal syntax trees. False where they cannot be told."""
    return snippets.same(_at_any_depth(before), _at_any_depth(after))


def _at_any_depth(definition: str) -> str:
    """A program of the definition alone, which may be indented."""
    return f"if True:\n{definition}" if definition[:1] in {" ", "\t"} else definition


def _tools(pyproject: str) -> set[str]:
    """Names of the tools that a pyproject.toml configures."""
    try:
        return set(tomllib.loads(pyproject).get("tool", {}))
    except (tomllib.TOMLDecodeError, TypeError):
        return set()

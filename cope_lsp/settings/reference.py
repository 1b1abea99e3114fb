"""The settings' reference, generated from the tree: JSON schema and the README's table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cope_lsp.settings.layers import default_of, leaves
from cope_lsp.settings.tightening import TIGHTENING
from cope_lsp.settings.tree import Settings


def schema() -> dict[str, Any]:
    """The JSON schema of all settings; an extension's and the docs' are checked against it."""
    return Settings.model_json_schema()


def settings_table() -> str:
    """A Markdown table: setting, default, meaning, and whether an editor may tighten it."""
    lines = ["| Setting | Default | Meaning | Editor may tighten |", "|---|---|---|---|"]
    for path, info in leaves().items():
        meaning = " ".join((info.description or "").split()).replace("|", "\\|")
        editor = "yes" if path in TIGHTENING else "no"
        lines.append(f"| `{path}` | {_shown(default_of(path))} | {meaning} | {editor} |")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    if default is None or default in ("", ()):
        return "none"
    return f"`{json.dumps(default, default=str)}`" if not isinstance(default, (str, Path)) else f"`{default}`"

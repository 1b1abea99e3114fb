"""Requests on small projects, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.code.request import request_named
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.workspace.snapshot import Document, Snapshot

if TYPE_CHECKING:
    from cope_lsp.code.problem import Request

ROOT = Path("/project")


def document(text: str, path: str = "pkg/words.py", version: int = 7) -> Document:
    """An open Python file of the project."""
    return Document(f"file://{ROOT}/{path}", ROOT / path, "python", version, text)


def ask(text: str, name: str, instruction: str = "") -> Request:
    """A request for a function of that file."""
    opened = document(text)
    return request_named(PYTHON, opened, Snapshot(ROOT, {"pkg/words.py": opened}), name, instruction)

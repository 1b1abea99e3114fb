"""Reports of requests: Markdown files of the user's, kept for a week."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.storage.private_files import prune, write_private

if TYPE_CHECKING:
    from pathlib import Path

KEEP_DAYS = 7
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_BACKTICKS = re.compile(r"`{3,}")


def fenced(text: str, language: str = "") -> str:
    """Untrusted text as a Markdown code block that nothing in it can end: no link, image or HTML lives."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def keep_report(folder: Path, job: str, markdown: str) -> Path:
    """Keep a request's report; older ones than a week go. Raises: StoreUnsafe, OSError."""
    path = folder / f"{_UNSAFE.sub('_', job)}.md"
    write_private(path, markdown.encode("utf-8", "replace"))
    prune(folder, "*.md", KEEP_DAYS)
    return path


def latest_report(folder: Path) -> Path | None:
    """The newest report; None where there is none."""
    prune(folder, "*.md", KEEP_DAYS)
    return max(folder.glob("*.md"), key=lambda path: path.stat().st_mtime, default=None)

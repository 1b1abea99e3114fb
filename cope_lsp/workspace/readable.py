"""What of a project a model may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.workspace.files import Unreadable, real_relative
from cope_lsp.workspace.ignoring import is_ignored
from cope_lsp.workspace.secret_scan import find_secrets
from cope_lsp.workspace.snapshot import snapshot_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.workspace.ignoring import IgnoreRules
    from cope_lsp.workspace.snapshot import Snapshot


def readable_for_model(snapshot: Snapshot, rules: IgnoreRules) -> Callable[[str], str | None]:
    """A reader of the snapshot's files that gives None for what a model must not see.

    That is what any list ignores, by the path asked for or by the real one behind a link, and what
    holds a secret. Each file is looked at once.
    """
    seen: dict[str, str | None] = {}

    def read(relative: str) -> str | None:
        if relative not in seen:
            seen[relative] = _read(snapshot, rules, relative)
        return seen[relative]

    return read


def _read(snapshot: Snapshot, rules: IgnoreRules, relative: str) -> str | None:
    if is_ignored(rules, relative) or is_ignored(rules, _behind(rules, relative)):
        return None
    text = snapshot_file(snapshot, relative)
    return None if text is None or find_secrets(relative, text) else text


def _behind(rules: IgnoreRules, relative: str) -> str:
    try:
        return real_relative(rules.root, relative)
    except Unreadable:
        return relative  # not saved yet

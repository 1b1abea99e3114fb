"""What the user allows in a workspace: that its code runs, and how its tests are started.

Trust comes from the client (VS Code's, Neovim's), from `cope-lsp trust`, or from an answer to our question.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import CopeError
from cope_lsp.lsp.questions import choose
from cope_lsp.lsp.records import user_stores
from cope_lsp.settings import project_layer, read_proposal
from cope_lsp.workspace.files import read_or_none

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.lsp.folders import Folder
    from cope_lsp.lsp.jobs import Job
    from cope_lsp.lsp.session import Session
    from cope_lsp.settings import Proposal, Settings

_TRUST = "Trust"
_ALLOW = "Allow this command"
_NOT_NOW = "Not now"


async def settle_trust(session: Session, job: Job, folder: Folder, root: Path | None) -> bool:
    """Whether a project's code may run; asks once a session where nothing was decided.

    Without a project (`root` None) the answer is about unsaved documents and holds for the session.
    """
    if folder.trusted or (root is not None and await user_stores().decisions.is_trusted(root)):
        return True
    if not folder.declined and await choose(session.client, _question(root), (_TRUST, _NOT_NOW)) == _TRUST:
        return await _trusted(job, folder, root)
    folder.declined = True
    command = f"; allow it with: cope-lsp trust {root}" if root is not None else "."
    job.notes.append(f"The folder is not trusted, so nothing of it ran{command}")
    return False


async def settle_settings(session: Session, job: Job, folder: Folder, root: Path) -> Settings:
    """The settings for a trusted project, with the test command that it proposes once that is approved."""
    settings = session.folders.settings(folder)
    pyproject = read_or_none(root, "pyproject.toml")
    proposal = read_proposal(pyproject) if pyproject is not None else None
    if proposal is None or settings.tests.command:
        return settings
    if await _is_approved(session, folder, root, proposal):
        return session.folders.settings_with(folder, project_layer(proposal, "pyproject.toml"))
    job.notes.append("The project's own test command is not approved and was not used.")
    return settings


async def _is_approved(session: Session, folder: Folder, root: Path, proposal: Proposal) -> bool:
    decisions = user_stores().decisions
    if await decisions.is_approved(root, proposal.hash):
        return True
    if proposal.hash in folder.refused:
        return False
    text = (
        f"{root} proposes to run its tests with: {shlex.join(proposal.command)} -- in the sandbox. Allow it?"
    )
    if await choose(session.client, text, (_ALLOW, _NOT_NOW)) != _ALLOW:
        folder.refused.add(proposal.hash)
        return False
    await decisions.approve(root, proposal.hash)
    return True


async def _trusted(job: Job, folder: Folder, root: Path | None) -> bool:
    if root is None:
        folder.trusted = True
        return True
    try:
        await user_stores().decisions.trust(root)
    except (CopeError, OSError) as error:
        job.notes.append(f"The folder could not be trusted: {error}")
        return False
    return True


def _question(root: Path | None) -> str:
    what = "files that belong to no folder" if root is None else str(root)
    return (
        f"Do you trust {what}? Cope then runs code and tests from there in a sandbox without network, to "
        "check what it writes. Untrusted, nothing of it runs and nothing leaves this machine."
    )

"""How the faceless editor of `client` answers a server, and how it hears what the server sends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from cope_lsp.lsp import protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from cope_lsp.lsp.client import Editor


class Applies(StrEnum):
    """What an editor does with `workspace/applyEdit`."""

    HONESTLY = "honestly"
    REFUSES = "refuses"
    LIES = "says applied, and does not"


@dataclass(slots=True)
class Manners:
    """How an editor answers the server.

    `questions` picks a title or None; a client that raises from it answers with that error. `proposals`
    decides, or leaves the proposal open with None; `inquiries` likewise with `cope/question`.
    `configuration` answers `workspace/configuration` by scope URI (empty for none).
    """

    questions: Callable[[types.ShowMessageRequestParams], str | None] = lambda _: None
    proposals: Callable[[protocol.Proposal], Literal["accept", "reject"] | None] = lambda _: "accept"
    inquiries: Callable[[protocol.Question], protocol.QuestionAnswer | None] = lambda _: {}
    applies: Applies = Applies.HONESTLY
    configuration: Mapping[str, object] = field(default_factory=dict[str, object])


def listen(editor: Editor) -> None:
    """Have the editor hear what the server sends."""
    client = editor.client
    for method, handler in {
        types.WINDOW_SHOW_MESSAGE: partial(_keep, editor, editor.messages),
        types.WINDOW_LOG_MESSAGE: partial(_keep, editor, editor.logged),
        types.WINDOW_WORK_DONE_PROGRESS_CREATE: partial(_on_token, editor),
        types.PROGRESS: partial(_on_progress, editor),
        types.WINDOW_SHOW_MESSAGE_REQUEST: partial(_on_question, editor),
        types.WINDOW_SHOW_DOCUMENT: partial(_on_document, editor),
        types.WORKSPACE_APPLY_EDIT: partial(_on_edit, editor),
        types.WORKSPACE_CONFIGURATION: partial(_on_configuration, editor),
        types.CLIENT_REGISTER_CAPABILITY: _ignore,
        protocol.STATUS: partial(_keep, editor, editor.statuses),
    }.items():
        client.feature(method)(_plain(handler))

    async def on_proposal(params: Any) -> protocol.ProposalAnswer:  # noqa: ANN401 -- pygls' untyped JSON
        editor.proposals.append(params)
        editor.note()
        answer = editor.manners.proposals(params)
        if answer is None:
            await asyncio.Event().wait()  # until the server cancels it
        return {"answer": answer or "reject"}

    async def on_inquiry(params: Any) -> protocol.QuestionAnswer:  # noqa: ANN401 -- as above
        editor.inquiries.append(params)
        editor.note()
        answer = editor.manners.inquiries(params)
        if answer is None:
            await asyncio.Event().wait()  # until the server withdraws it
        return answer or {}

    client.feature(protocol.PROPOSAL)(on_proposal)
    client.feature(protocol.QUESTION)(on_inquiry)


def _plain(handler: Callable[[Any], object]) -> Callable[[Any], object]:
    # pygls marks what it registers by attributes, which a partial of a method does not share safely.
    def listener(params: Any) -> object:  # noqa: ANN401 -- each method has its own
        return handler(params)

    return listener


def _keep(editor: Editor, kept: list[Any], params: object) -> None:
    kept.append(params)
    editor.note()


def _ignore(_: object) -> None:
    pass


def _on_token(editor: Editor, params: types.WorkDoneProgressCreateParams) -> None:
    editor.tokens.append(params.token)
    editor.note()


def _on_progress(editor: Editor, params: types.ProgressParams) -> None:
    editor.progress.append((params.token, cast("dict[str, Any]", params.value)))
    editor.note()


def _on_question(editor: Editor, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
    editor.questions.append(params)
    editor.note()
    picked = editor.manners.questions(params)
    return types.MessageActionItem(picked) if picked is not None else None


def _on_document(editor: Editor, params: types.ShowDocumentParams) -> types.ShowDocumentResult:
    editor.shown.append(params)
    editor.note()
    return types.ShowDocumentResult(success=True)


def _on_edit(editor: Editor, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
    editor.edits.append(params)
    editor.note()
    match editor.manners.applies:
        case Applies.HONESTLY:
            return types.ApplyWorkspaceEditResult(applied=editor.apply(params.edit))
        case Applies.REFUSES:
            return types.ApplyWorkspaceEditResult(applied=False, failure_reason="The user said no.")
        case Applies.LIES:
            return types.ApplyWorkspaceEditResult(applied=True)


def _on_configuration(editor: Editor, params: types.ConfigurationParams) -> list[object]:
    return [editor.manners.configuration.get(item.scope_uri or "") for item in params.items]

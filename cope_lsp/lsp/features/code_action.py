"""`textDocument/codeAction`: what can be asked here. Fast, never preferred, nothing is loaded for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cope_lsp.code.problem import RequestKind
from cope_lsp.code.request import offers, target_hash
from cope_lsp.engine.front import money
from cope_lsp.lsp import convert, protocol
from cope_lsp.lsp.jobs import TargetKey
from cope_lsp.lsp.requests import language_of
from cope_lsp.settings import Cloud, Preset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cope_lsp.code.problem import Offer
    from cope_lsp.languages.language import Source
    from cope_lsp.lsp.documents import OpenDocument
    from cope_lsp.lsp.session import Session
    from cope_lsp.lsp.shelf import Waiting
    from cope_lsp.settings import Settings


def handle(session: Session, params: types.CodeActionParams) -> list[types.CodeAction | types.Command] | None:
    """The actions for a range, as far as the client's `only` lets them through."""
    document = session.documents.get(params.text_document.uri)
    language = language_of(document) if document is not None else None
    if document is None or language is None:
        return None
    source = document.parsed(language)
    span = convert.span_of(document, params.range)
    diagnostics = tuple(convert.diagnostic_of(document, each) for each in params.context.diagnostics)
    found = offers(language, source, span, diagnostics)
    actions = [
        *(action for offer in found for action in _offered(session, document, source, offer, params)),
        *(action for offer in found[:1] for action in _waiting(session, document, offer)),
    ]
    only = params.context.only
    wanted = [action for action in actions if only is None or _is_within(str(action.kind), only)]
    if session.abilities.code_action_literals:
        return list(wanted)
    return [action.command for action in wanted if action.command is not None]


def _offered(
    session: Session, document: OpenDocument, source: Source, offer: Offer, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    argument = _argument(document, source, offer, params)
    kind = (
        protocol.KIND_FIX if offer.kind is RequestKind.FIX else f"{protocol.KIND_REWRITE}.{offer.kind.value}"
    )
    for title, reach in _variants(session.folders.settings(session.folders.of(document.path)), offer.title):
        asked: protocol.RunArguments = {**argument, "reach": reach}
        yield _action(session, title, kind, types.Command(title, protocol.RUN, arguments=[asked]))


def _variants(settings: Settings, title: str) -> tuple[tuple[str, protocol.Reach], ...]:
    if settings.large.model is None or settings.cloud is Cloud.NEVER or settings.stages is Preset.LOCAL:
        return ((title, "local"),)
    most = money(settings.budget.per_request_usd)
    return ((f"{title} (local)", "local"), (f"{title} (local, then ≤ {most})", "cascade"))


def _waiting(session: Session, document: OpenDocument, offer: Offer) -> Iterator[types.CodeAction]:
    waiting = session.shelf.at(TargetKey(document.uri, offer.target.qualname))
    if waiting is None:
        return
    name = offer.target.name
    if waiting.solved.edit is not None:
        title = f"Apply {'tested' if waiting.is_verified else 'unverified'} candidate for {name}"
        argument: protocol.JobArguments = {"job": waiting.job}
        command = types.Command(title, protocol.APPLY, arguments=[argument])
        yield _action(session, title, f"{protocol.KIND_REWRITE}.apply", command)
    if waiting.solved.ask_large_usd is not None:
        title = f"Ask the large model for {name} (≤ {money(waiting.solved.ask_large_usd)})"
        command = types.Command(title, protocol.RUN, arguments=[_asked_again(document, waiting)])
        yield _action(session, title, f"{protocol.KIND_REWRITE}.ask", command)


def _argument(
    document: OpenDocument, source: Source, offer: Offer, params: types.CodeActionParams
) -> protocol.RunArguments:
    argument: protocol.RunArguments = {
        "uri": document.uri,
        "version": document.version,
        "qualname": offer.target.qualname,
        "kind": offer.kind.value,
        "hash": target_hash(source, offer.target),
    }
    if offer.kind is RequestKind.FIX:
        spans = {diagnostic.span for diagnostic in offer.diagnostics}
        argument["findings"] = [
            convert.finding_of(each)
            for each in params.context.diagnostics
            if convert.span_of(document, each.range) in spans
        ]
    return argument


def _asked_again(document: OpenDocument, waiting: Waiting) -> protocol.RunArguments:
    ask: protocol.RunArguments = {**waiting.ask, "version": document.version, "reach": "large"}
    ask.pop("hash", None)
    return ask


def _action(session: Session, title: str, kind: str, command: types.Command) -> types.CodeAction:
    tags = [types.CodeActionTag.LlmGenerated] if session.abilities.tags else None
    return types.CodeAction(title, kind=kind, command=command, tags=tags)


def _is_within(kind: str, only: Iterable[str]) -> bool:
    return any(kind == wanted or kind.startswith(f"{wanted}.") or not wanted for wanted in only)

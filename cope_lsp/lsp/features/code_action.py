"""`textDocument/codeAction`: what can be asked here. Fast, never preferred, nothing is loaded for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from cope_lsp.code.problem import RequestKind
from cope_lsp.code.request import is_at_head, offers, quiet_offers, target_hash
from cope_lsp.engine.front import money
from cope_lsp.lsp import convert, protocol
from cope_lsp.lsp.jobs import TargetKey
from cope_lsp.lsp.parsing import parsed
from cope_lsp.lsp.requests import language_of
from cope_lsp.settings import Cloud, Preset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cope_lsp.code.problem import Offer
    from cope_lsp.languages.language import Language
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.lsp.documents import OpenDocument
    from cope_lsp.lsp.session import Session
    from cope_lsp.lsp.shelf import Waiting
    from cope_lsp.settings import Settings


_KINDS = {
    RequestKind.FIX: protocol.KIND_FIX,
    RequestKind.EXPLAIN: f"{protocol.KIND_READ}.explain",
}
"""Kinds of code actions that are no rewriting of the target."""

_LEFT = {RequestKind.TESTS: "tests for", RequestKind.DOCUMENT: "documentation for"}
_PURPOSES = {
    RequestKind.TESTS: "for tests of",
    RequestKind.DOCUMENT: "to document",
    RequestKind.EXPLAIN: "to explain",
}


async def handle(
    session: Session, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command] | None:
    """The actions for a range, as far as the client's `only` lets them through.

    None in a file that is left alone, and where the text moved on before it was parsed.
    """
    document = session.documents.get(params.text_document.uri)
    language = language_of(document) if document is not None else None
    if document is None or language is None:
        return None
    version = document.version
    source = await parsed(document, language, session.taster)
    if source is None:
        session.leave_alone(document.uri, document.refused)
    if source is None or document.version != version:
        return None
    return _actions(_Place(session, document, source, params), language)


def _actions(place: _Place, language: Language) -> list[types.CodeAction | types.Command]:
    session, document, params = place.session, place.document, place.params
    span = convert.span_of(document, params.range)
    diagnostics = tuple(convert.diagnostic_of(document, each) for each in params.context.diagnostics)
    found = offers(language, place.source, span, diagnostics)
    target = found[0].target if found else language.syntax.target_at(place.source, span)
    actions = [action for offer in found for action in _offered(place, offer)]
    if target is not None:
        actions += _waiting(place, target)
        if _is_asked_by_hand(params.context) or is_at_head(target, span):
            asked = {offer.kind for offer in found} | _impossible(document)
            quiet = quiet_offers(language, target)
            actions += [_quietly(place, offer) for offer in quiet if offer.kind not in asked]
    only = params.context.only
    wanted = [action for action in actions if only is None or _is_within(str(action.kind), only)]
    if session.abilities.code_action_literals:
        return list(wanted)
    return [action.command for action in wanted if action.command is not None]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the actions are asked for."""

    session: Session
    document: OpenDocument
    source: Source
    params: types.CodeActionParams


def _impossible(document: OpenDocument) -> set[RequestKind]:
    """What cannot be asked of a document: one that is no file has no place for tests."""
    return {RequestKind.TESTS} if document.path is None else set[RequestKind]()


def _is_asked_by_hand(context: types.CodeActionContext) -> bool:
    """Whether the user opened the menu, where an editor tells; else a cursor merely came by."""
    return context.trigger_kind == types.CodeActionTriggerKind.Invoked


def _offered(place: _Place, offer: Offer) -> Iterator[types.CodeAction]:
    session, document = place.session, place.document
    argument = _argument(place, offer)
    settings = session.folders.settings(session.folders.of(document.path))
    for title, reach in _variants(settings, offer.title):
        asked: protocol.RunArguments = {**argument, "reach": reach}
        command = types.Command(title, protocol.RUN, arguments=[asked])
        yield _action(session, title, _kind_of(offer), command)


def _quietly(place: _Place, offer: Offer) -> types.CodeAction:
    """One action, which stays on this machine; what it leaves open can be asked of the large model after."""
    asked: protocol.RunArguments = {**_argument(place, offer), "reach": "local"}
    command = types.Command(offer.title, protocol.RUN, arguments=[asked])
    return _action(place.session, offer.title, _kind_of(offer), command)


def _kind_of(offer: Offer) -> str:
    return _KINDS.get(offer.kind, f"{protocol.KIND_REWRITE}.{offer.kind.value}")


def _variants(settings: Settings, title: str) -> tuple[tuple[str, protocol.Reach], ...]:
    if settings.large.model is None or settings.cloud is Cloud.NEVER or settings.stages is Preset.LOCAL:
        return ((title, "local"),)
    most = money(settings.budget.per_request_usd)
    return ((f"{title} (local)", "local"), (f"{title} (local, then ≤ {most})", "cascade"))


def _waiting(place: _Place, target: Target) -> Iterator[types.CodeAction]:
    """What earlier requests for the target left: a candidate to apply, a larger model to ask."""
    for beside in ("", RequestKind.TESTS.value, RequestKind.EXPLAIN.value):
        waiting = place.session.shelf.at(TargetKey(place.document.uri, target.qualname, beside))
        if waiting is not None:
            yield from _left(place, target, waiting)


def _left(place: _Place, target: Target, waiting: Waiting) -> Iterator[types.CodeAction]:
    session, name = place.session, target.name
    what = _LEFT.get(RequestKind(waiting.ask["kind"]), "candidate for")
    if waiting.solved.edit is not None:
        title = waiting.title or f"Apply {'tested' if waiting.is_verified else 'unverified'} {what} {name}"
        argument: protocol.ApplyArguments = {"job": waiting.job}
        command = types.Command(title, protocol.APPLY, arguments=[argument])
        yield _action(session, title, f"{protocol.KIND_REWRITE}.apply", command)
    if waiting.with_answer is not None:
        title = f"Apply tested {what} {name}, with your answer as an example"
        argument = {"job": waiting.job, "withAnswer": True}
        command = types.Command(title, protocol.APPLY, arguments=[argument])
        yield _action(session, title, f"{protocol.KIND_REWRITE}.apply", command)
    if waiting.solved.ask_large_usd is not None:
        price = money(waiting.solved.ask_large_usd)
        purpose = _PURPOSES.get(RequestKind(waiting.ask["kind"]), "for")
        title = f"Ask the large model {purpose} {name} (≤ {price})"
        command = types.Command(title, protocol.RUN, arguments=[_asked_again(place.document, waiting)])
        yield _action(session, title, f"{protocol.KIND_REWRITE}.ask", command)


def _argument(place: _Place, offer: Offer) -> protocol.RunArguments:
    document, params = place.document, place.params
    argument: protocol.RunArguments = {
        "uri": document.uri,
        "version": document.version,
        "qualname": offer.target.qualname,
        "kind": offer.kind.value,
        "hash": target_hash(place.source, offer.target),
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

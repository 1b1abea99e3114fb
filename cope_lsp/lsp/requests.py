"""`cope.run`'s argument becomes a request on today's text, or a sentence that says why it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.code.problem import Offer, Request, RequestKind
from cope_lsp.code.request import (
    WRITTEN_ONLY,
    asks_for_documentation,
    edit_offer,
    find_again,
    take_up,
    unwritten,
)
from cope_lsp.languages.registry import for_document
from cope_lsp.lsp import convert
from cope_lsp.lsp.jobs import TargetKey
from cope_lsp.lsp.parsing import parsed
from cope_lsp.workspace.roots import project_root
from cope_lsp.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.languages.language import Language
    from cope_lsp.languages.target import Instruction, Target
    from cope_lsp.languages.text import Source
    from cope_lsp.lsp import protocol
    from cope_lsp.lsp.documents import OpenDocument
    from cope_lsp.lsp.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked. `root` is its project's; None for a document that belongs to no folder."""

    document: OpenDocument
    language: Language
    source: Source
    target: Target
    root: Path | None


def language_of(document: OpenDocument) -> Language | None:
    """The document's language; None where nothing is offered."""
    return for_document(document.language_id, document.uri)


def target_key(ask: protocol.RunArguments) -> TargetKey:
    """What the job for a request works on: only work that may change the target gets in another's way."""
    kind = RequestKind(ask["kind"])
    beside = kind in WRITTEN_ONLY and kind is not RequestKind.DOCUMENT
    return TargetKey(ask["uri"], ask["qualname"], kind.value if beside else "")


async def find_place(session: Session, ask: protocol.RunArguments) -> Place | str:
    """The place that is meant, as it stands now; or why there is none."""
    name = ask["qualname"]
    document = session.documents.get(ask["uri"])
    if document is None:
        is_large = session.documents.is_too_large(ask["uri"])
        return f"{name}: its file is {'larger than 1 MiB and left alone' if is_large else 'not open'}."
    language = language_of(document)
    if language is None:
        return f"{name}: cope-lsp cannot write this kind of file ({document.language_id})."
    source = await parsed(document, language, session.taster)
    if source is None:
        return f"{name}: {session.leave_alone(document.uri, document.refused)}"
    target = _target(language, source, ask)
    if target is None:
        return f"{name}: it has changed since this was offered, or is gone; ask again."
    place = Place(document, language, source, target, _root(session, document))
    problem = _problem(place, RequestKind(ask["kind"]))
    return f"{name}: {problem}" if problem else place


def request_at(session: Session, place: Place, ask: protocol.RunArguments, *, trusted: bool) -> Request:
    """What is asked, on an immutable picture of the project with every open document."""
    documents = (document.frozen() for document in session.documents)
    snapshot = take_snapshot(place.root, documents, trusted=trusted)
    return take_up(_offer(place, ask), place.language, place.document.frozen(), snapshot)


def _target(language: Language, source: Source, ask: protocol.RunArguments) -> Target | None:
    fingerprint = ask.get("hash")
    if fingerprint is None:
        return language.syntax.target_named(source, ask["qualname"])
    return find_again(language, source, ask["qualname"], fingerprint)


def _offer(place: Place, ask: protocol.RunArguments) -> Offer:
    kind = RequestKind(ask["kind"])
    given = ask.get("instruction", "").strip()
    instruction = edit_offer(place.target, given).instruction if given else _standing(place, kind)
    diagnostics = convert.diagnostics_from(place.document, ask.get("findings", []))
    return Offer(kind, place.target, f"{kind.value} {place.target.name}", instruction, diagnostics)


def _standing(place: Place, kind: RequestKind) -> Instruction | None:
    """The `cope:` comment at the target, where it asks for this kind of thing."""
    found = place.language.syntax.instruction_at(place.source, place.target.span)
    if kind in WRITTEN_ONLY and not (
        kind is RequestKind.DOCUMENT and found is not None and asks_for_documentation(found.text)
    ):
        return None
    return found


def _problem(place: Place, kind: RequestKind) -> str:
    """Why a kind cannot be asked of what stands there; empty: it can."""
    if not place.target.offerable:
        return "it only declares (abstract, overload, protocol); it has no body to write."
    return unwritten(place.language, kind, place.target) or _homeless(kind, place.root)


def _homeless(kind: RequestKind, root: Path | None) -> str:
    """Why tests have no place; empty: they have, or none are asked for."""
    if kind is RequestKind.TESTS and root is None:
        return "its file belongs to no open folder, so tests of it have no place."
    return ""


def _root(session: Session, document: OpenDocument) -> Path | None:
    folders = [folder.root for folder in session.folders if folder.root is not None]
    return project_root(document.path, folders) if document.path is not None else None

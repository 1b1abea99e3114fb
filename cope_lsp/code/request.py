"""What can be asked at a place, and an offer taken up as a request."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import CopeError
from cope_lsp.code.problem import Offer, Request, RequestKind
from cope_lsp.languages.target import Head, Instruction
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cope_lsp.code.problem import Diagnostic
    from cope_lsp.languages.language import Language
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.workspace.snapshot import Document, Snapshot

LARGEST_FILE = 1 << 20
"""Bytes beyond which a file is left alone (security, part 4.1)."""

OWN_SOURCE = "cope"
"""Source of diagnostics that are ours, which ask for nothing."""

WRITTEN_ONLY = frozenset({RequestKind.TESTS, RequestKind.DOCUMENT, RequestKind.EXPLAIN})
"""What can be asked of a function that is written already, and of no stub."""

_MOST_FIXES = 3
_TITLE = 72
_ABOUT_HEAD = re.compile(
    r"\b(?:param\w*|arg(?:s|ument\w*)?|signature|keyword|default\w*|annotat\w*|typed?|types|hints?|async\w*|sync\w*"
    r"|decorat\w*|docstrings?|document\w*|return type|overload\w*|cache)\b",
    re.IGNORECASE,
)


_ABOUT_DOCUMENTATION = re.compile(
    r"(?:please\s+)?(?:document|(?:write|add|update|improve|rewrite|correct|complete)\s+"
    r"(?:(?:an?|the|its|this)\s+)?doc(?:string|umentation|s)?)\b.*",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(?:and|then|also)\b|[;,]", re.IGNORECASE)
_VERBS = {
    RequestKind.TESTS: "write tests for",
    RequestKind.DOCUMENT: "document",
    RequestKind.EXPLAIN: "explain",
}


class NothingToAsk(CopeError):  # noqa: N818 -- reads as a state, like the model errors
    """No definition of that name, or nothing said about what is to be done with it."""


def offers(
    language: Language, source: Source, span: Span, diagnostics: Iterable[Diagnostic]
) -> tuple[Offer, ...]:
    """What can be asked at a cursor or selection: reads the tree only, no disk and no model."""
    if len(source.text) > LARGEST_FILE:
        return ()
    instruction = language.syntax.instruction_at(source, span)
    target = _target(language, source, span, instruction)
    if target is None or not target.offerable:
        return ()
    instruction = instruction or language.syntax.instruction_at(source, target.span)
    if target.stub:
        return (Offer(RequestKind.IMPLEMENT, target, f"Implement {target.name}", instruction),)
    edits = [_asked_in_the_file(language, target, instruction)] if instruction is not None else []
    return (*edits, *_fixes(target, span, diagnostics))


def quiet_offers(language: Language, target: Target) -> tuple[Offer, ...]:
    """What can be asked of any written function besides: tests, documentation, an explanation."""
    if target.stub or not target.offerable:
        return ()
    kinds = [RequestKind.TESTS, RequestKind.DOCUMENT, RequestKind.EXPLAIN]
    if target.docstring is not None or language.documenting is None:
        kinds.remove(RequestKind.DOCUMENT)
    if language.testing is None or language.testing.is_test(target):
        kinds.remove(RequestKind.TESTS)
    return tuple(Offer(kind, target, _title(kind, target)) for kind in kinds)


def is_at_head(target: Target, span: Span) -> bool:
    """Whether a cursor is where a function is named and described, not somewhere in its code."""
    end = max(target.signature.end, target.docstring.end if target.docstring else 0)
    return _touch(span, Span(target.span.start, end))


def asks_for_documentation(instruction: str) -> bool:
    """Whether an instruction asks for documentation and nothing else."""
    return bool(_ABOUT_DOCUMENTATION.fullmatch(instruction)) and not _MORE.search(instruction)


def edit_offer(target: Target, instruction: str) -> Offer:
    """An edit by an instruction that stands nowhere in the file."""
    return _edit(target, Instruction(instruction.strip(), Span(target.span.start, target.span.start)))


def take_up(offer: Offer, language: Language, document: Document, snapshot: Snapshot) -> Request:
    """Bind an offer to the version of the document and of the project that it was made for."""
    marker = offer.instruction.span if offer.instruction else None
    return Request(
        kind=offer.kind,
        language=language,
        document=document,
        snapshot=snapshot,
        target=offer.target,
        instruction=offer.instruction.text if offer.instruction else "",
        marker=marker if marker and marker.end > marker.start else None,
        diagnostics=offer.diagnostics,
    )


def request_named(
    language: Language, document: Document, snapshot: Snapshot, qualname: str, instruction: str = ""
) -> Request:
    """A request by name, as the command line asks it. Raises: NothingToAsk."""
    source, target = _named(language, document, qualname)
    if not target.offerable:
        raise NothingToAsk(
            f"{qualname} only declares (abstract, overload or Protocol); it has no body to write."
        )
    found = offers(language, source, target.signature, ())
    if target.stub:
        offer = replace(found[0], instruction=_given(target, instruction) or found[0].instruction)
    elif instruction:
        offer = edit_offer(target, instruction)
    elif found:
        offer = found[0]
    else:
        raise NothingToAsk(
            f"{qualname} is already written.",
            fix=f"Say what to change: {language.line_comment} cope: …, or --instruction.",
        )
    return take_up(offer, language, document, snapshot)


def written_request(
    kind: RequestKind, language: Language, document: Document, snapshot: Snapshot, qualname: str
) -> Request:
    """One of `WRITTEN_ONLY` by name. Raises: NothingToAsk."""
    _, target = _named(language, document, qualname)
    if problem := unwritten(language, kind, target):
        raise NothingToAsk(problem)
    return take_up(Offer(kind, target, _title(kind, target)), language, document, snapshot)


def unwritten(language: Language, kind: RequestKind, target: Target) -> str:
    """Why a kind cannot be asked of a target: there is no code yet; empty: it can."""
    if kind not in WRITTEN_ONLY:
        return ""
    if target.stub or not target.offerable:
        return (
            f"{target.qualname} has no code yet, so there is nothing to {_VERBS[kind]}; implement it first."
        )
    port = {RequestKind.DOCUMENT: language.documenting, RequestKind.TESTS: language.testing}.get(
        kind, language
    )
    if port is None:
        return f"cope-lsp does not know yet how to {_VERBS[kind]} {language.name} functions."
    return ""


def target_hash(source: Source, target: Target) -> str:
    """Fingerprint of a target's text: equal exactly when it has not been touched."""
    return hashlib.sha256(source.text[target.span.start : target.span.end]).hexdigest()[:16]


def find_again(language: Language, source: Source, qualname: str, fingerprint: str) -> Target | None:
    """The target of that name and `target_hash` in a later version; None when it was touched or is gone."""
    same = (each for each in language.syntax.targets(source) if each.qualname == qualname)
    return next((each for each in same if target_hash(source, each) == fingerprint), None)


def head_of(request: Request) -> Head:
    """Whether decorators, signature and docstring may change: what is asked is about them."""
    if request.kind is RequestKind.EDIT and _ABOUT_HEAD.search(request.instruction):
        return Head.FREE
    target = request.target
    heads = [Span(target.span.start, target.signature.end), *([target.docstring] if target.docstring else [])]
    if any(_touch(each.span, head) for each in request.diagnostics for head in heads):
        return Head.FREE
    return Head.FIXED


def _named(language: Language, document: Document, qualname: str) -> tuple[Source, Target]:
    """The definition of that name. Raises: NothingToAsk."""
    data = document.text.encode()
    if len(data) > LARGEST_FILE:
        raise NothingToAsk("The file is larger than 1 MiB and is left alone.")
    source = language.syntax.parse(data)
    target = language.syntax.target_named(source, qualname)
    if target is None:
        raise NothingToAsk(
            f"There is no function {qualname} in this file.", fix=_near(language, source, qualname)
        )
    return source, target


def _target(language: Language, source: Source, span: Span, instruction: Instruction | None) -> Target | None:
    """The definition that a comment right above speaks of, else the one around the cursor."""
    if instruction is not None:
        below = _first_code(source.text, instruction.span.end, language.line_comment.encode())
        target = language.syntax.target_at(source, Span(below, below))
        if (
            target is not None
            and source.text[below : target.span.start].strip() == b""
            and below <= target.span.start
        ):
            return target
    return language.syntax.target_at(source, span)


def _first_code(text: bytes, offset: int, comment: bytes) -> int:
    """Where the first line that is no comment begins."""
    while offset < len(text) and text[offset : offset + 200].lstrip(b" \t").startswith(comment):
        end = text.find(b"\n", offset)
        offset = len(text) if end < 0 else end + 1
    return offset


def _edit(target: Target, instruction: Instruction) -> Offer:
    return Offer(RequestKind.EDIT, target, _short(f"Edit {target.name}: {instruction.text}"), instruction)


def _asked_in_the_file(language: Language, target: Target, instruction: Instruction) -> Offer:
    """A comment that asks for documentation and nothing else asks for no other change of the code."""
    if not asks_for_documentation(instruction.text) or language.documenting is None:
        return _edit(target, instruction)
    return Offer(RequestKind.DOCUMENT, target, _title(RequestKind.DOCUMENT, target), instruction)


def _title(kind: RequestKind, target: Target) -> str:
    if kind is RequestKind.DOCUMENT and target.docstring is not None:
        return _short(f"Update the documentation of {target.name}")
    return _short(f"{_VERBS[kind].capitalize()} {target.name}")


def _fixes(target: Target, span: Span, diagnostics: Iterable[Diagnostic]) -> list[Offer]:
    """One fix for each finding of another tool: those under the cursor, else those in the target."""
    foreign = [each for each in diagnostics if each.source and each.source.lower() != OWN_SOURCE]
    inside = [each for each in foreign if _touch(each.span, target.span)]
    near = [each for each in inside if _touch(each.span, span)] or inside
    return [
        Offer(RequestKind.FIX, target, _short(f"Fix {target.name}: {each.message}"), diagnostics=(each,))
        for each in list(dict.fromkeys(near))[:_MOST_FIXES]
    ]


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1].rstrip()}…"


def _given(target: Target, instruction: str) -> Instruction | None:
    start = target.span.start
    return Instruction(instruction.strip(), Span(start, start)) if instruction.strip() else None


def _near(language: Language, source: Source, qualname: str) -> str:
    known = [each.qualname for each in language.syntax.targets(source)]
    close = difflib.get_close_matches(qualname, known, n=3) or known[:5]
    return f"Did you mean {', '.join(close)}?" if close else "The file defines no function."

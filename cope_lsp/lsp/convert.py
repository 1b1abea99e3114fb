"""Between LSP's values and ours; the only place that knows both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cope_lsp.code.problem import Diagnostic
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cope_lsp.code.problem import Edit
    from cope_lsp.lsp import protocol
    from cope_lsp.lsp.documents import OpenDocument


def span_of(document: OpenDocument, place: types.Range) -> Span:
    """The bytes of a range."""
    start = document.offset_at(place.start)
    return Span(start, max(start, document.offset_at(place.end)))


def diagnostic_of(document: OpenDocument, diagnostic: types.Diagnostic) -> Diagnostic:
    """Another server's diagnostic as ours."""
    code = "" if diagnostic.code is None else str(diagnostic.code)
    return Diagnostic(diagnostic.source or "", code, diagnostic.message, span_of(document, diagnostic.range))


def finding_of(diagnostic: types.Diagnostic) -> protocol.Finding:
    """A diagnostic as it travels in `cope.run`'s argument."""
    finding: protocol.Finding = {"range": plain_range(diagnostic.range), "message": diagnostic.message}
    if diagnostic.source:
        finding["source"] = diagnostic.source
    if diagnostic.code is not None:
        finding["code"] = str(diagnostic.code)
    return finding


def diagnostics_from(document: OpenDocument, findings: Iterable[protocol.Finding]) -> tuple[Diagnostic, ...]:
    """Findings of `cope.run`'s argument as diagnostics."""
    return tuple(
        Diagnostic(
            finding.get("source", ""),
            finding.get("code", ""),
            finding["message"],
            span_of(document, range_from(finding["range"])),
        )
        for finding in findings
    )


def text_edits(document: OpenDocument, edit: Edit) -> list[types.TextEdit]:
    """An edit's hunks; `document` must have the text that the edit was made for."""
    return [types.TextEdit(document.range_of(hunk.span), hunk.new) for hunk in edit.hunks]


def workspace_edit(
    uri: str, edits: Sequence[types.TextEdit], version: int | None = None
) -> types.WorkspaceEdit:
    """Edits bound to an open document's version; a file that is not open has none."""
    return types.WorkspaceEdit(document_changes=[_document_edit(uri, edits, version)])


def creating_edit(uri: str, edits: Sequence[types.TextEdit]) -> types.WorkspaceEdit:
    """A new file and what goes into it; one that is there already is left alone."""
    create = types.CreateFile(uri, options=types.CreateFileOptions(overwrite=False, ignore_if_exists=False))
    return types.WorkspaceEdit(document_changes=[create, _document_edit(uri, edits, None)])


def unversioned_edit(uri: str, edits: Sequence[types.TextEdit]) -> types.WorkspaceEdit:
    """Edits for clients without `documentChanges`."""
    return types.WorkspaceEdit(changes={uri: list(edits)})


def _document_edit(uri: str, edits: Sequence[types.TextEdit], version: int | None) -> types.TextDocumentEdit:
    return types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), list(edits))


def plain_edits(edits: Iterable[types.TextEdit]) -> list[protocol.TextEdit]:
    """Text edits as JSON."""
    return [{"range": plain_range(edit.range), "newText": edit.new_text} for edit in edits]


def plain_range(place: types.Range) -> protocol.Range:
    """A range as JSON."""
    start, end = place.start, place.end
    return {
        "start": {"line": start.line, "character": start.character},
        "end": {"line": end.line, "character": end.character},
    }


def range_from(place: protocol.Range) -> types.Range:
    """A range from JSON."""
    return types.Range(types.Position(**place["start"]), types.Position(**place["end"]))

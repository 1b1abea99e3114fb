"""The open documents: their text as bytes, their lines, and one syntax tree each, made by `parsing`.

Own code instead of pygls' documents because offsets are bytes here, lines end only where LSP says they
do (pygls also splits at form feeds), and a change must tell tree-sitter which bytes it touched.
"""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lsprotocol import types
from pygls.uris import to_fs_path

from cope_lsp.languages.text import TextChange
from cope_lsp.workspace.snapshot import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cope_lsp.languages.text import Source, Span

MAX_BYTES = 1024 * 1024
"""Files larger than this are left alone (security part 4.1)."""

TOO_LARGE = "it is larger than 1 MiB"

SCHEMES = frozenset({"file", "untitled"})
"""Documents of other schemes (notebook cells, diffs, remote views) are left alone."""

_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(slots=True)
class OpenDocument:
    """One document as its editor has it. `starts` are the byte offsets at which its lines begin.

    `source` is the version that was parsed last, `name` what the taster calls it, `pending` what changed
    since; `parsing` is at work on a newer one. `refused` says why the document is left alone.
    """

    uri: str
    path: Path | None
    language_id: str
    version: int
    encoding: types.PositionEncodingKind
    text: bytes
    starts: list[int]
    source: Source | None = None
    name: int = 0
    parsing: asyncio.Task[None] | None = None
    refused: str = ""
    pending: list[TextChange] = field(default_factory=list[TextChange])

    def frozen(self) -> Document:
        """This version as a value."""
        return Document(self.uri, self.path, self.language_id, self.version, self.text.decode())

    def offset_at(self, position: types.Position) -> int:
        """The byte offset of a position; positions past a line's or the text's end are pulled back to it."""
        if position.line >= len(self.starts):
            return len(self.text)
        start = self.starts[position.line]
        line = self.text[start : self._line_end(position.line)]
        return start + _bytes_before(line, position.character, self.encoding)

    def position_at(self, offset: int) -> types.Position:
        """The position of a byte offset."""
        line = bisect_right(self.starts, offset) - 1
        before = self.text[self.starts[line] : offset]
        return types.Position(line, _units(before, self.encoding))

    def range_of(self, span: Span) -> types.Range:
        """The range of a span."""
        return types.Range(self.position_at(span.start), self.position_at(span.end))

    def _line_end(self, line: int) -> int:
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        while end > self.starts[line] and self.text[end - 1] in b"\r\n":
            end -= 1
        return end


@dataclass(slots=True)
class Documents:
    """All open documents by URI. `encoding` is what was negotiated."""

    encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16
    _open: dict[str, OpenDocument] = field(default_factory=dict[str, OpenDocument])
    _too_large: set[str] = field(default_factory=set[str])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(self._open.values())

    def get(self, uri: str) -> OpenDocument | None:
        """The document, unless it is not open, of a foreign scheme, or too large."""
        return self._open.get(uri)

    def is_too_large(self, uri: str) -> bool:
        """Whether a document is open and left alone because of its size."""
        return uri in self._too_large

    def open(self, item: types.TextDocumentItem) -> None:
        """Take a document up."""
        text = encoded(item.text)
        self._too_large.discard(item.uri)
        if urlsplit(item.uri).scheme not in SCHEMES:
            return
        if len(text) > MAX_BYTES:
            self.leave(item.uri)
        else:
            self._open[item.uri] = OpenDocument(
                uri=item.uri,
                path=path_of(item.uri),
                language_id=item.language_id,
                version=item.version,
                encoding=self.encoding,
                text=text,
                starts=_line_starts(text),
            )

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Bring a document to its next version; one that grows too large is let go until it is reopened."""
        document = self._open.get(params.text_document.uri)
        if document is None:
            return
        for change in params.content_changes:
            _apply(document, change)
        document.version = params.text_document.version
        self._wake()
        if len(document.text) > MAX_BYTES:
            self.leave(document.uri)

    def leave(self, uri: str) -> None:
        """Let a document alone, until it is opened again: it is too large."""
        self._open.pop(uri, None)
        self._too_large.add(uri)

    def close(self, uri: str) -> None:
        """Let a document go."""
        self._open.pop(uri, None)
        self._too_large.discard(uri)
        self._wake()

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for a change or a closing that makes the condition hold; False if none does in time."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def closed_document(documents: Documents, uri: str, text: bytes) -> OpenDocument:
    """A file that is not open, read as a document would be; it is not kept among the open ones."""
    return OpenDocument(uri, path_of(uri), "", 0, documents.encoding, text, _line_starts(text))


def path_of(uri: str) -> Path | None:
    """The file a `file:` URI names."""
    path = to_fs_path(uri) if urlsplit(uri).scheme == "file" else None
    return Path(path) if path else None


def encoded(text: str) -> bytes:
    """UTF-8 of a text from the wire, where a lone surrogate (JSON allows it) becomes a question mark."""
    return text.encode("utf-8", "replace")


def _apply(document: OpenDocument, change: types.TextDocumentContentChangeEvent) -> None:
    new = encoded(change.text)
    if isinstance(change, types.TextDocumentContentChangePartial):
        start, end = document.offset_at(change.range.start), document.offset_at(change.range.end)
        end = max(start, end)
    else:
        start, end = 0, len(document.text)
    document.text = document.text[:start] + new + document.text[end:]
    edit = TextChange(start, end, start + len(new))
    document.starts = _shifted(document.starts, document.text, edit)
    if document.source is not None or document.parsing is not None:
        document.pending.append(edit)


def _line_starts(text: bytes) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _shifted(starts: list[int], text: bytes, edit: TextChange) -> list[int]:
    # The lines around the edit are looked at again as well: a CR and an LF may have met or parted.
    moved = edit.new_end - edit.old_end
    first = max(0, bisect_right(starts, edit.start) - 2)
    last = min(len(starts), bisect_right(starts, edit.old_end) + 1)
    begin = starts[first]
    end = starts[last] + moved if last < len(starts) else len(text)
    between = [match.end() for match in _LINE_END.finditer(text, begin, end)]
    if last < len(starts) and between and between[-1] == end:
        between.pop()
    return [*starts[: first + 1], *between, *(start + moved for start in starts[last:])]


def _bytes_before(line: bytes, character: int, encoding: types.PositionEncodingKind) -> int:
    character = min(character, len(line))
    if line.isascii():
        return character
    if encoding == types.PositionEncodingKind.Utf8:
        return len(line[:character].decode("utf-8", "ignore").encode())
    text = line.decode()
    if encoding == types.PositionEncodingKind.Utf32:
        return len(text[:character].encode())
    return len(text.encode("utf-16-le")[: character * 2].decode("utf-16-le", "ignore").encode())


def _units(before: bytes, encoding: types.PositionEncodingKind) -> int:
    if encoding == types.PositionEncodingKind.Utf8 or before.isascii():
        return len(before)
    text = before.decode("utf-8", "ignore")
    return len(text) if encoding == types.PositionEncodingKind.Utf32 else len(text.encode("utf-16-le")) // 2

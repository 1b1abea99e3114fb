"""A reply becomes a minimal edit of one version of a document, and follows the document when it moves on."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import CopeError
from cope_lsp.code.problem import Edit, Hunk
from cope_lsp.code.request import head_of
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.code.problem import Request
    from cope_lsp.languages.text import Patch, Source

_MOST_LINES = 4000


class EditRefused(CopeError):  # noqa: N818 -- reads as a state, like the model errors
    """The new text reaches outside the target and the imports, or changes nothing."""


def completed(request: Request, reply: str) -> Patch:
    """The file's text with a reply in place of the request's target, or why that cannot be."""
    source = request.language.syntax.parse(request.document.text.encode())
    return request.language.syntax.complete(source, request.target, reply, head_of(request))


def breaches(request: Request, before: Source, after: Source) -> tuple[str, ...]:
    """How a new text breaks the contract of this request; an instruction about the head frees the head."""
    return request.language.syntax.breaches(before, request.target, after, head_of(request))


def make_edit(request: Request, new_text: str) -> Edit:
    """The smallest hunks from the request's document to `new_text`. Raises: EditRefused."""
    syntax = request.language.syntax
    old, new = request.document.text.encode(), new_text.encode()
    before = syntax.parse(old)
    regions = _regions(old, new, syntax.editable(before, request.target))
    if regions is None:
        raise EditRefused(
            f"The new text changes more than {request.target.name} and the imports.",
            fix="It was not applied; ask again, or look at it in the report.",
        )
    hunks = tuple(hunk for span, text in regions for hunk in _hunks(old, span, text))
    if not hunks:
        raise EditRefused("The reply changes nothing.", fix="Say in other words what is to change.")
    flags = syntax.powers(before, syntax.parse(new))
    return Edit(request.document.uri, request.document.version, hunks, new_text, flags)


def changes(old: bytes, new: bytes) -> tuple[Hunk, ...]:
    """The smallest hunks from one whole text to another."""
    return tuple(_hunks(old, Span(0, len(old)), new))


def rebase(edit: Edit, made_for: bytes, now: bytes) -> Edit | None:
    """The edit for the text `now`, when what it replaces and the lines beside that still stand there.

    None where they do not: then nothing may be applied.
    """
    moved = _moved(made_for, now)
    hunks: list[Hunk] = []
    for hunk in edit.hunks:
        start = None if moved is None else moved.place(hunk)
        if start is None or now[start : start + len(hunk.old.encode())] != hunk.old.encode():
            return None
        hunks.append(Hunk(Span(start, start + len(hunk.old.encode())), hunk.old, hunk.new))
    if any(one.span.end > other.span.start for one, other in pairwise(hunks)):
        return None
    text = _applied(now, hunks).decode("utf-8", "surrogateescape")
    return replace(edit, version=None, hunks=tuple(hunks), new_text=text)


def _applied(text: bytes, hunks: list[Hunk]) -> bytes:
    for hunk in reversed(hunks):
        text = text[: hunk.span.start] + hunk.new.encode() + text[hunk.span.end :]
    return text


def _regions(old: bytes, new: bytes, spans: tuple[Span, ...]) -> list[tuple[Span, bytes]] | None:
    """What stands in `new` where `spans` were in `old`; None where the text between them changed."""
    head, tail = old[: spans[0].start], old[spans[-1].end :]
    if not new.startswith(head) or not new.endswith(tail) or len(new) < len(head) + len(tail):
        return None
    rest = new[len(head) : len(new) - len(tail)]
    found: list[tuple[Span, bytes]] = []
    for span, after in pairwise(spans):
        between = old[span.end : after.start]
        cut = _cut(rest, between, old[span.start : span.end])
        if cut is None:
            return None
        found.append((span, rest[:cut]))
        rest = rest[cut + len(between) :]
    return [*found, (spans[-1], rest)]


def _cut(rest: bytes, between: bytes, was: bytes) -> int | None:
    """Where the untouched text `between` two regions begins; the first region only grows, by whole lines."""
    at = rest.find(between, len(was)) if rest.startswith(was) else rest.find(between)
    while at >= 0:
        whole = at in (0, len(was)) or rest[:at].endswith(b"\n")
        if whole:
            return at
        at = rest.find(between, at + 1)
    return None


def _hunks(old: bytes, span: Span, new: bytes) -> Iterator[Hunk]:
    """Line by line differences of one region, each trimmed to the characters that differ."""
    was, now = _lines(old[span.start : span.end]), _lines(new)
    offsets = [span.start, *accumulate((len(line.encode()) for line in was), initial=span.start)][1:]
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind != "equal":
            yield _trimmed(offsets[first], "".join(was[first:last]), "".join(now[new_first:new_last]))


def _trimmed(start: int, old: str, new: str) -> Hunk:
    """The characters that differ; no line break is cut in two."""
    ahead = _shared(old, new)
    ahead -= old[:ahead].endswith("\r")
    behind = _shared(old[ahead:][::-1], new[ahead:][::-1])
    if behind and (old[: len(old) - behind].endswith("\r") or new[: len(new) - behind].endswith("\r")):
        behind -= old[len(old) - behind] == "\n"
    cut_old, cut_new = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    begin = start + len(old[:ahead].encode())
    return Hunk(Span(begin, begin + len(cut_old.encode())), cut_old, cut_new)


def _shared(one: str, other: str) -> int:
    """Length of the common prefix."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (left, right) in pairs if left != right), min(len(one), len(other)))


def _lines(text: bytes) -> list[str]:
    """Lines with their breaks; only a line feed ends one, whatever else Unicode calls a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text.decode("utf-8", "surrogateescape"))


def _byte_lines(text: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", text)


@dataclass(frozen=True, slots=True)
class _Moved:
    """Where the lines of one text stand in another: both texts by lines, and the runs that stayed."""

    old: list[bytes]
    new: list[bytes]
    runs: list[tuple[int, int, int]]

    def place(self, hunk: Hunk) -> int | None:
        """Where a hunk's start stands now, if its lines and those beside it are there as they were."""
        starts = list(accumulate(map(len, self.old), initial=0))
        first = min(bisect_right(starts, hunk.span.start) - 1, len(self.old) - 1)
        last = max(first, min(bisect_left(starts, hunk.span.end) - 1, len(self.old) - 1))
        for old, new, size in self.runs:
            if old <= first and last < old + size:
                now = new + first - old
                if self._beside(first - 1, now - 1) and self._beside(last + 1, now + last - first + 1):
                    return sum(map(len, self.new[:now])) + hunk.span.start - starts[first]
        return None

    def _beside(self, old: int, new: int) -> bool:
        """Whether the lines of these numbers are the same, or both beyond the text."""
        return _at(self.old, old) == _at(self.new, new)


def _at(lines: list[bytes], number: int) -> bytes | None:
    return lines[number] if 0 <= number < len(lines) else None


def _moved(old: bytes, new: bytes) -> _Moved | None:
    """Lines that stayed, by runs; None where too much changed to tell, or nothing is left."""
    was, now = _byte_lines(old), _byte_lines(new)
    ahead = _same(was, now)
    behind = _same(was[ahead:][::-1], now[ahead:][::-1])
    inner, fresh = was[ahead : len(was) - behind], now[ahead : len(now) - behind]
    if not was or not now or len(inner) > _MOST_LINES or len(fresh) > _MOST_LINES:
        return None
    matcher = difflib.SequenceMatcher(None, inner, fresh, autojunk=False)
    between = [(block.a + ahead, block.b + ahead, block.size) for block in matcher.get_matching_blocks()]
    tail = (len(was) - behind, len(now) - behind, behind)
    return _Moved(was, now, _joined([(0, 0, ahead), *between, tail]))


def _same(one: list[bytes], other: list[bytes]) -> int:
    return next(
        (number for number, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _joined(blocks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Blocks that touch, as one."""
    joined: list[tuple[int, int, int]] = []
    for old, new, size in blocks:
        if joined and joined[-1][0] + joined[-1][2] == old and joined[-1][1] + joined[-1][2] == new:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + size)
        elif size:
            joined.append((old, new, size))
    return joined

"""Open documents are parsed here once a child has survived the same steps (security, part 4.1)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.trial import Answer
from cope_lsp.workspace.tasting import WHY, Since, Tasted

if TYPE_CHECKING:
    from cope_lsp.languages.language import Language
    from cope_lsp.languages.text import Source, TextChange
    from cope_lsp.lsp.documents import OpenDocument
from cope_lsp.workspace.tasting import Taster


async def parsed(document: OpenDocument, language: Language, taster: Taster) -> Source | None:
    """The syntax tree of the document as it is now; None where it is left alone."""
    while not document.refused:
        if document.parsing is None:
            if document.source is not None and not document.pending:
                return document.source
            document.parsing = asyncio.create_task(_parse(document, language, taster))
        # A cancelled request leaves the step to the next one: half a step would cost a parse from nothing.
        await asyncio.shield(document.parsing)
    return None


async def _parse(document: OpenDocument, language: Language, taster: Taster) -> None:
    """Bring the tree to the text as it is when this begins; what changes meanwhile waits in `pending`."""
    text, change = document.text, trees.covering(tuple(document.pending))
    document.pending.clear()
    try:
        source, tasted = await _step(document, language, taster, text, change)
    finally:
        document.parsing = None
    if tasted.why or source is None or source.given_up:
        document.refused = tasted.why or WHY[Answer.SLOW]
        document.source = None
        document.pending.clear()
    else:
        document.source, document.name = source, tasted.name


async def _step(
    document: OpenDocument, language: Language, taster: Taster, text: bytes, change: TextChange | None
) -> tuple[Source | None, Tasted]:
    syntax, previous = language.syntax, document.source
    if previous is not None and change is not None and trees.leads(previous.text, text, change):
        tasted = await taster.follow(syntax.parser_name, text, Since(document.name, change))
        if tasted.why:
            return None, tasted
        if tasted.name:
            return syntax.reparse(previous, text, (change,)), tasted
    tasted = await taster.follow(syntax.parser_name, text)
    return None if tasted.why else syntax.parse(text), tasted

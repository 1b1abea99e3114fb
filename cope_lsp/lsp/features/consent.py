"""`cope.consent`: keeps what the user decided about calls to a model elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import only_argument
from cope_lsp.lsp.records import user_stores
from cope_lsp.storage.consent import Choice, Destination

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(_: Session, *arguments: object) -> protocol.Done:
    """Keep the answer for this host, model and price."""
    given = only_argument(arguments, protocol.ConsentArguments)
    destination = Destination(given["host"], given["model"], given["price"])
    await user_stores().decisions.choose(destination, Choice(given["answer"]))
    return {"done": True}

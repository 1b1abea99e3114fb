"""`cope/solve`: what `cope.run` does, for clients that await the outcome and cancel by the request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol, starting
from cope_lsp.lsp.arguments import shaped

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, params: object) -> protocol.Outcome:
    """Run a job to its end; the outcome carries the message, so none is shown."""
    ask = shaped(params, protocol.RunArguments)
    job = starting.start(session, ask, starting.unspoken)
    try:
        outcome = await asyncio.shield(job.ended)
    except asyncio.CancelledError:
        session.jobs.cancel(job)
        raise
    answer: protocol.Outcome = {
        "job": job.id,
        "ending": outcome.ending.value,
        "message": outcome.message,
        "stage": outcome.stage,
        "confidence": outcome.confidence,
        "costUsd": outcome.usage.cost_usd,
        "seconds": outcome.usage.seconds,
    }
    if outcome.report:
        answer["report"] = outcome.report
    if outcome.page:
        answer["page"] = outcome.page
    return answer

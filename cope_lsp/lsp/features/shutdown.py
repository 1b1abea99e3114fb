"""`shutdown`: nothing runs any more when it is answered."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session

log = logging.getLogger(__name__)

PATIENCE_S = 0.8
"""Seconds that jobs have to end; what lasts longer ends with the process."""


async def handle(session: Session, _: object) -> None:
    """Cancel all jobs and wait for their connections and children to be gone."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await session.jobs.stop_all()
    except TimeoutError:
        log.warning("A job did not end in time")

"""Where this user's stores stand: one place that names their files for engine and command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.storage.consent import Decisions
from cope_lsp.storage.ledger import Ledger
from cope_lsp.storage.places import places
from cope_lsp.storage.plan_store import PlanCache

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.settings import Settings


@dataclass(frozen=True, slots=True)
class Stores:
    """Trust and consent, money, plans; the folders of what was sent and of reports."""

    decisions: Decisions
    ledger: Ledger
    plans: PlanCache
    sent: Path
    reports: Path


def builds_folder() -> Path:
    """Where what compilers made is kept."""
    return places().cache / "builds"


def stores(settings: Settings) -> Stores:
    """The stores of this user; creates nothing."""
    here = places()
    return Stores(
        Decisions(here.state / "decisions.json"),
        Ledger(here.state / "ledger.sqlite"),
        PlanCache(settings.cache.directory or here.cache / "plans", settings.cache.size_mb),
        here.state / "sent",
        here.state / "reports",
    )

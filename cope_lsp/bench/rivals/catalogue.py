"""The rivals that learn, as strategies."""

from __future__ import annotations

from functools import partial

from cope_lsp.bench.rivals.past import LARGE_ALONE, OURS_BARE, SMALL_ALONE
from cope_lsp.bench.rivals.routers import by_lot, by_outcome
from cope_lsp.bench.rivals.score_cascade import Aim, scored
from cope_lsp.bench.strategies import Strategy
from cope_lsp.bench.tasks import Rulebook

_ALONE = (SMALL_ALONE, LARGE_ALONE)

LEARNED: tuple[Strategy, ...] = (
    Strategy(
        "FrugalGPT",
        "a score of the draft, its threshold by what a wrong answer costs",
        Rulebook.TAKEN,
        partial(scored, aim=Aim.CHEAPEST),
        after=_ALONE,
    ),
    Strategy(
        "FrugalGPT at our rate",
        "a score of the draft, as many tasks paid for as with ours",
        Rulebook.TAKEN,
        partial(scored, aim=Aim.OUR_RATE),
        after=(*_ALONE, OURS_BARE),
    ),
    Strategy(
        "router by lot",
        "as many tasks to the large model as with ours, at random",
        Rulebook.TAKEN,
        by_lot,
        after=(OURS_BARE,),
    ),
    Strategy(
        "router by an oracle",
        "as many tasks to the large model as with ours, those that need it first",
        Rulebook.TAKEN,
        by_outcome,
        after=(*_ALONE, OURS_BARE),
    ),
)

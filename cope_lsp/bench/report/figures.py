"""Numbers as a report writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.bench.contrasts import Measure

if TYPE_CHECKING:
    from cope_lsp.bench.measures import Bounds
    from cope_lsp.bench.statistics import Interval

NONE = "–"  # noqa: RUF001 -- a dash, as in print
"""What was not measured, or does not apply."""

_PLACES = {Measure.ACCURACY: 1, Measure.MONEY: 0, Measure.EXPECTED: 3, Measure.SECONDS: 1}


def number(value: float, places: int) -> str:
    """A number with a minus sign and groups of thousands; no negative nothing."""
    told = f"{value:,.{places}f}"
    return told.removeprefix("-") if not float(told.replace(",", "")) else told.replace("-", "−")  # noqa: RUF001 -- the sign


def signed(value: float, places: int) -> str:
    """The same, with a plus sign where it is more than nothing."""
    told = number(value, places)
    return f"+{told}" if value > 0 and told != number(0.0, places) else told


def percent(share: float) -> str:
    """A share in per cent."""
    return number(100 * share, 1)


def whole_percent(share: float) -> str:
    """A share in whole per cent."""
    return number(100 * share, 0)


def bounds(share: Bounds) -> str:
    """A share in per cent with its interval; two where calls are missing."""
    told = percent(share.least)
    if share.most > share.least:
        told += f"…{percent(share.most)}"
    return f"{told} ({percent(share.low)}–{percent(share.high)})"  # noqa: RUF001 -- a range


def change(measure: Measure, interval: Interval | None) -> str:
    """A difference with its interval; of accuracy in points."""
    if interval is None:
        return NONE
    scale, places = 100 if measure is Measure.ACCURACY else 1, _PLACES[measure]
    value, low, high = (signed(scale * end, places) for end in (interval.value, interval.low, interval.high))
    return f"{value} ({low}…{high})"


def chance(p: float) -> str:
    """A p value."""
    least = 0.001
    return "< 0.001" if p < least else f"{p:.3f}"

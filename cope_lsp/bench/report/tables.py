"""The report's tables as text, before any layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.bench.contrasts import Measure
from cope_lsp.bench.measures import UNANSWERED, given_up
from cope_lsp.bench.report import figures
from cope_lsp.cascade.presets import GUIDED, LARGE, SMALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cope_lsp.bench.contrasts import Ablation, Contrast, Difference, Finding
    from cope_lsp.bench.measures import Summary
    from cope_lsp.bench.report.content import Report
    from cope_lsp.bench.statistics import Interval
    from cope_lsp.bench.tariffs import Price

GIVEN_UP = "given up"

BOUNDED = (
    "From … to: some calls are unanswered; all of them wrong, or all right. Costs are then at least (≥)."
)

_UNITS = {
    Measure.ACCURACY: "points",
    Measure.MONEY: "$ / 1M",
    Measure.EXPECTED: "expected $",
    Measure.SECONDS: "seconds",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A title, columns (the first is a name, the others are figures), rows, and what is to be said below."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def tables(report: Report) -> tuple[Table, ...]:
    """All tables, in order; one without rows is left out."""
    made = (_costs(report), _times(report), _exits(report), _primary(report), _ablations(report))
    return tuple(table for table in made if table.rows)


def conditions(report: Report) -> tuple[str, ...]:
    """What the figures hold for, a sentence a line."""
    outline, tried = report.outline, report.conditions
    worth = outline.yardstick.worth
    sets = ", ".join(f"{count} of {name}" for name, count in tried.sets.items())
    seeds = ", ".join(f"seed {seed} on {count}" for seed, count in tried.seeds.items())
    prices = "; ".join(f"{name} {_price(price)}" for name, price in outline.yardstick.prices.items())
    return (
        f"Small model: {outline.small}. Large model: {outline.large}.",
        f"Problems: {sum(tried.sets.values())} ({sets}); {seeds}.",
        f"Prices of the large model, US dollars a million tokens (input / cached / output): {prices}.",
        (
            f"Worth: a wrong edit costs ${worth.wrong_edit_usd:g}, no answer ${worth.no_answer_usd:g}, "
            f"a second ${worth.second_usd:g}. Local compute costs no money."
        ),
        "Intervals cover 95 %, by bootstrap over problems; all seeds of a problem are one observation.",
    )


def exit_shares(summary: Summary) -> Mapping[str, float]:
    """Shares by stage, in the cascade's order, then what was given up, whyever, and what is unanswered."""
    given = {name: share for name, share in summary.exits.items() if not given_up(name)}
    stages = [*(name for name in (SMALL, GUIDED, LARGE) if name in given)]
    others = [name for name in given if name not in {SMALL, GUIDED, LARGE, UNANSWERED}]
    shares = {name: given[name] for name in (*stages, *others)}
    shares[GIVEN_UP] = sum(share for name, share in summary.exits.items() if given_up(name))
    if UNANSWERED in given:
        shares[UNANSWERED] = given[UNANSWERED]
    return shares


def exit_names(report: Report) -> tuple[str, ...]:
    """Every exit that some strategy took, in order."""
    taken = {name for summary in report.summaries for name in exit_shares(summary)}
    last = (GIVEN_UP, UNANSWERED)
    others = sorted(taken - {SMALL, GUIDED, LARGE, *last})
    return tuple(name for name in (SMALL, GUIDED, LARGE, *others, *last) if name in taken)


def _costs(report: Report) -> Table:
    prices = tuple(report.outline.yardstick.prices)
    incomplete = any(not summary.complete for summary in report.summaries)
    return Table(
        f"{report.outline.title}: accuracy and cost",
        ("strategy", "accuracy % (95 %)", *(f"$ / 1M, {name}" for name in prices), "expected $"),
        tuple(_cost_row(summary, prices) for summary in report.summaries),
        (
            f"Expected $ a problem at {prices[0]}: money, waiting, and what a wrong or missing answer costs.",
            *((BOUNDED,) if incomplete else ()),
        ),
    )


def _cost_row(summary: Summary, prices: tuple[str, ...]) -> tuple[str, ...]:
    return (
        summary.strategy,
        figures.bounds(summary.accuracy),
        *(_at_least(summary, summary.at[name].money.value, 0) for name in prices),
        _at_least(summary, summary.at[prices[0]].expected.value, 3),
    )


def _times(report: Report) -> Table:
    return Table(
        "Seconds and calls a problem",
        ("strategy", "local s", "p50 s", "p95 s", "small calls", "large calls"),
        tuple(_time_row(summary) for summary in report.summaries),
        ("p50 and p95 are of both models' seconds together.",),
    )


def _time_row(summary: Summary) -> tuple[str, ...]:
    latency = summary.latency
    return (
        summary.strategy,
        _at_least(summary, summary.local_s, 1),
        figures.NONE if latency is None else figures.number(latency.p50, 1),
        figures.NONE if latency is None else figures.number(latency.p95, 1),
        _at_least(summary, summary.small_calls, 1),
        _at_least(summary, summary.large_calls, 2),
    )


def _exits(report: Report) -> Table:
    names = exit_names(report)
    return Table(
        "Where it ended, and what was accepted wrongly",
        ("strategy", *(f"{name} %" for name in names), "false accepts %", "of accepted %"),
        tuple(_exit_row(summary, names) for summary in report.summaries),
        ("An answer that is not checked is not accepted either; the expected cost prices it all the same.",),
    )


def _exit_row(summary: Summary, names: tuple[str, ...]) -> tuple[str, ...]:
    shares, false = exit_shares(summary), summary.false_accepts
    vouched = summary.accepted > 0 or not summary.complete
    return (
        summary.strategy,
        *(figures.whole_percent(shares.get(name, 0.0)) for name in names),
        figures.bounds(false.of_all) if vouched else figures.NONE,
        figures.NONE if false.of_accepted is None else figures.percent(false.of_accepted),
    )


def _primary(report: Report) -> Table:
    partial = (each for each in report.findings if each.difference.missing)
    return Table(
        "Primary contrasts, named before the run",
        ("contrast", "difference (95 %)", "problems", "p", "p (Holm)", "shown"),
        tuple(_finding_row(each) for each in report.findings),
        tuple(_partly(_question(each.contrast), each.difference) for each in partial),
    )


def _finding_row(finding: Finding) -> tuple[str, ...]:
    interval = finding.difference.interval
    known = interval is not None
    return (
        _question(finding.contrast),
        figures.change(finding.contrast.measure, interval),
        str(finding.difference.problems),
        figures.chance(finding.p) if known else figures.NONE,
        figures.chance(finding.adjusted) if known else figures.NONE,
        finding.verdict.value,
    )


def _question(contrast: Contrast) -> str:
    unit = _UNITS[contrast.measure]
    margin = f", not below −{100 * contrast.margin:g}" if contrast.margin else ""  # noqa: RUF001 -- the sign
    return f"{contrast.first} − {contrast.second}, {unit}{margin}"  # noqa: RUF001 -- the sign


def _ablations(report: Report) -> Table:
    unmeasured = (each for each in report.ablations if not each.measurable)
    return Table(
        f"One change at a time: difference from “{report.outline.base}”",
        ("strategy", *(_UNITS[measure] for measure in Measure)),
        tuple(_ablation_row(each) for each in report.ablations),
        tuple(_unmeasured(each.strategy, each.differences[Measure.ACCURACY]) for each in unmeasured),
    )


def _ablation_row(told: Ablation) -> tuple[str, ...]:
    """Differences over the problems that happen to be answered would mislead, so that none is shown."""
    shown: Iterable[Interval | None] = (
        told.differences[measure].interval if told.measurable else None for measure in Measure
    )
    cells = (figures.change(measure, interval) for measure, interval in zip(Measure, shown, strict=True))
    return (told.strategy, *cells)


def _unmeasured(name: str, difference: Difference) -> str:
    needed = f"{difference.missing} of {difference.tried} need unanswered requests"
    return f"{name}: not measurable on this pair: {needed}."


def _partly(name: str, difference: Difference) -> str:
    if difference.interval is None:
        return _unmeasured(name, difference)
    needed = f"{difference.missing} of {difference.tried} need unanswered requests"
    return f"{name}: {needed}; the figures are of the others, which are no random part."


def _at_least(summary: Summary, value: float, places: int) -> str:
    told = figures.number(value, places)
    return told if summary.complete else f"≥ {told}"


def _price(price: Price) -> str:
    return f"{price.input:g} / {price.cached:g} / {price.output:g}"

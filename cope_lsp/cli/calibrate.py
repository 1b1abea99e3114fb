"""`cope-lsp calibrate`: rates and thresholds of the user's own models, from what `bench` recorded."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table

from cope_lsp.bench.calibrated import compared, languages_of, savings, write_fits
from cope_lsp.bench.calibrating import ENOUGH, SOURCES, fits
from cope_lsp.bench.catalogue import chosen
from cope_lsp.bench.problem_files import OWN, own_set
from cope_lsp.bench.running import Log, Order
from cope_lsp.bench.running import run as run_all
from cope_lsp.bench.sessions import Calling, Files, opened
from cope_lsp.bench.strategies import PAPERS_TAU, bare
from cope_lsp.bench.tariffs import Price
from cope_lsp.cascade.errors import CopeError
from cope_lsp.cascade.escalation import FIXED, Worth
from cope_lsp.cascade.problem import Kind
from cope_lsp.cli import amounts
from cope_lsp.cli.status import Status
from cope_lsp.cli.words import visible
from cope_lsp.settings import load
from cope_lsp.storage.places import places

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from cope_lsp.bench.calibrated import Saving
    from cope_lsp.bench.calibrating import Fit
    from cope_lsp.settings import Settings

PRICE = Price(1.25, 0.125, 10.0)
"""US dollars a million tokens of a present-day large model."""


class NothingRecorded(CopeError):  # noqa: N818 -- a state, like the other errors
    """There is nothing to fit to."""


def define(parser: argparse.ArgumentParser) -> None:
    """Whose records, on which problems, at what prices, and where the result goes."""
    add = parser.add_argument
    file = partial(add, type=Path, metavar="FILE")
    own = ", ".join(OWN)
    add("--problems", nargs="+", default=list(OWN), metavar="FILE", help=f"files, or own sets: {own}")
    file("--ids", help="a .jsonl file whose task_ids choose the tasks")
    add("--most", type=int, metavar="N", help="the first N tasks of each file")
    file("--records", nargs="+", help="records of calls (default: in this user's cache)")
    file("--evidence", nargs="+", default=[], help="further findings, only read")
    file("--large-replies", help="recorded replies that stand for the large model")
    file("--hidden", help="further hidden calls for code")
    add("--small", default="", metavar="NAME", help="the small model as records name it")
    add("--large", default="", metavar="NAME", help="the large model as records name it")
    add("--small-pace", type=amounts.pace, metavar="S,IN,OUT", help="seconds before a reply, tokens a second")
    add("--large-pace", type=amounts.pace, metavar="S,IN,OUT", help="the same of the large model")
    add("--price", type=amounts.price, default=PRICE, metavar="IN,CACHED,OUT", help="US dollars a million")
    add("--failures", action="store_true", help="compare with failures told to the large model")
    file("--out", help="write the result there, as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Replay, fit, and say what it would save; no model is called."""
    settings = load(arguments.set).settings
    log, worth = Log(), Worth(**settings.worth.model_dump())
    try:
        models, languages = anyio.run(partial(_replay, arguments, settings, worth, log))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{visible(str(error))}\n")
        return Status.FAILED
    found = fits(log, languages, worth)
    saved = savings(log, languages, arguments.price, worth)
    console = Console()
    for fit, saving in zip(found, saved, strict=True):
        console.print(_table(fit))
        console.print(_told(saving), soft_wrap=True)
    if arguments.out is not None:
        write_fits(arguments.out, models, found, saved)
    return Status.DONE


async def _replay(
    arguments: argparse.Namespace, settings: Settings, worth: Worth, log: Log
) -> tuple[tuple[str, str], Mapping[str, str]]:
    """Make every attempt that tells something; returns the models' names and the tasks' languages."""
    calling = Calling(
        small=arguments.small,
        large=arguments.large,
        small_pace=arguments.small_pace,
        large_pace=arguments.large_pace,
    )
    strategies = (*chosen(SOURCES), *compared(worth, tuple if arguments.failures else bare))
    async with opened(_files(arguments), calling, settings, lambda _record: None) as session:
        large = session.pair.large
        priced = replace(large, tariff=replace(large.tariff, price=arguments.price))
        await run_all(Order(session.tasks, strategies), replace(session.pair, large=priced), log, _unheard)
        return (session.pair.small.name, large.name), languages_of(session.tasks)


def _files(arguments: argparse.Namespace) -> Files:
    here = places().cache / "bench"
    records = tuple(arguments.records or [here / "records.jsonl"])
    for path in records:
        if not path.exists():
            raise NothingRecorded(f"There are no records at {path}.", fix="Run `cope-lsp bench` first.")
    return Files(
        problems=tuple(own_set(name) if name in OWN else Path(name) for name in arguments.problems),
        known=records,
        evidence=here / "evidence.jsonl",
        known_evidence=tuple(arguments.evidence),
        ids=arguments.ids,
        most=arguments.most,
        large=arguments.large_replies,
        hidden=arguments.hidden,
    )


def _table(fit: Fit) -> Table:
    title = f"{fit.kind} {fit.language}".strip()
    table = Table(title, "fixed", "fitted", "problems", box=None, pad_edge=False)
    for row in _rows(fit):
        table.add_row(*row)
    return table


def _rows(fit: Fit) -> Iterator[tuple[str, str, str, str]]:
    if fit.kind is not Kind.CODE:
        name, before = ("perplexity", "its set's") if fit.kind is Kind.TEXT else ("votes", f"{PAPERS_TAU:g}")
        bar = None if fit.bar is None else 1 / fit.bar if fit.kind is Kind.TEXT and fit.bar else fit.bar
        yield name, before, _number(bar), _count(fit.problems["bar"])
        return
    fitted = asdict(fit.rates)
    for name, before in asdict(FIXED).items():
        now = fitted[name] if name in fit.fitted else None
        yield name.replace("_", " "), _number(before), _number(now), _count(fit.problems.get(name))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _count(problems: int | None) -> str:
    if problems is None:
        return "not measured"
    return str(problems) if problems >= ENOUGH else f"{problems}: fewer than {ENOUGH}, stays fixed"


def _told(saving: Saving) -> str:
    waiting = f"; {saving.missing} wait for answers and are left out" if saving.missing else ""
    if saving.saved is None:
        return f"What it would save is not known: no problem has all its answers{waiting}.\n"
    saved = saving.saved
    return (
        f"Expected cost of a problem, fitted on others: ${saving.fixed_usd:.4f} fixed, "
        f"${saving.fitted_usd:.4f} fitted; saved ${saved.value:.4f} "
        f"(95 %: {saved.low:.4f} to {saved.high:.4f}) over {saving.problems} problems{waiting}.\n"
    )


def _unheard(_made: object) -> None:
    """A replay takes seconds."""

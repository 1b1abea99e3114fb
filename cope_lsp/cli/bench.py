"""`cope-lsp bench`: the cascade and its rivals on problem sets, with the user's models or from records."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from cope_lsp.bench.batch import fold_answers, write_requests
from cope_lsp.bench.catalogue import GROUPS, chosen, primary
from cope_lsp.bench.leaves import leaves
from cope_lsp.bench.measures import Yardstick
from cope_lsp.bench.ours import ABLATIONS
from cope_lsp.bench.problem_files import OWN, own_set
from cope_lsp.bench.report.content import Outline, compiled
from cope_lsp.bench.report.files import write_report
from cope_lsp.bench.report.terminal import show
from cope_lsp.bench.running import Log, Order
from cope_lsp.bench.running import run as run_all
from cope_lsp.bench.sessions import Calling, Files, names_of, opened
from cope_lsp.bench.tariffs import Price
from cope_lsp.bench.texts.fitting import with_fitted_threshold
from cope_lsp.cascade.errors import CopeError
from cope_lsp.cascade.escalation import Worth
from cope_lsp.cli.amounts import pace, price
from cope_lsp.cli.bench_progress import watched
from cope_lsp.cli.status import Status
from cope_lsp.settings import load
from cope_lsp.storage.places import places

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.report.content import Report
    from cope_lsp.bench.sessions import Session
    from cope_lsp.bench.strategies import Strategy
    from cope_lsp.settings import Settings

PRICES = {
    "$1.25/$10": Price(1.25, 0.125, 10.0),
    "$3/$15": Price(3.0, 0.3, 15.0),
    "$0.28/$0.42": Price(0.28, 0.028, 0.42),
}
"""Per million tokens, prompt and reply: present-day models whose replies cost 8, 5 and 1.5 times a prompt."""


def define(parser: argparse.ArgumentParser) -> None:
    """What is run, on what, with which models, and what becomes of it."""
    own = ", ".join(OWN)
    add = parser.add_argument
    add("--problems", nargs="+", default=list(OWN), metavar="FILE", help=f"files, or own sets: {own}")
    add("--ids", type=Path, metavar="FILE", help="a .jsonl file whose task_ids choose the tasks")
    add("--most", type=int, metavar="N", help="the first N tasks of each file")
    add("--strategies", nargs="+", default=list(GROUPS), metavar="NAME", help=f"or: {', '.join(GROUPS)}")
    add("--base", default="ours", metavar="NAME", help="the one of ours that the report is about")
    add("--seeds", type=int, default=1, help="seeds (default: 1)")
    add("--seeded", type=int, default=50, metavar="N", help="tasks with more than one seed (default: 50)")
    _define_records(parser)
    _define_models(parser)
    add("--batch", type=Path, metavar="FILE", help="write what is unanswered as requests for a batch")
    add("--out", type=Path, metavar="FOLDER", help="write the report and its plots there")


def _define_records(parser: argparse.ArgumentParser) -> None:
    add = partial(parser.add_argument, type=Path, metavar="FILE")
    add("--records", help="where calls are kept (default: in this user's cache)")
    add("--known", nargs="+", default=[], help="further records, only read")
    add("--evidence", help="where findings are kept (default: in this user's cache)")
    add("--known-evidence", nargs="+", default=[], help="further findings, only read")
    add("--answers", nargs="+", default=[], help="answers of a batch, to be folded in")
    add("--large-replies", help="recorded replies that stand for the large model")
    add("--hidden", help="further hidden calls for code")


def _define_models(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--offline", action="store_true", help="call no model: replay what is recorded")
    add("--budget", type=float, default=0.0, metavar="USD", help="most that the large model may cost")
    add("--width", type=int, default=4, help="tasks at a time, and calls in flight (default: 4)")
    add("--small", default="", metavar="NAME", help="the small model as records name it")
    add("--large", default="", metavar="NAME", help="the large model as records name it")
    add("--small-pace", type=pace, metavar="S,IN,OUT", help="seconds before a reply, tokens a second")
    add("--large-pace", type=pace, metavar="S,IN,OUT", help="the same of the large model")
    add("--price", type=price, nargs="+", metavar="IN,CACHED,OUT", help="US dollars a million tokens")


@dataclass(frozen=True, slots=True)
class _Job:
    """What the arguments say."""

    files: Files
    calling: Calling
    settings: Settings
    strategies: tuple[Strategy, ...]
    arguments: argparse.Namespace


def run(arguments: argparse.Namespace) -> int:
    """Run, replay, report. Whatever ends it early, what is there is reported; the same command goes on."""
    job, log = _job(arguments), Log()
    try:
        status = _carry_out(job, log)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Every answer is kept; the same command goes on from here.\n")
        status = Status.INTERRUPTED
    try:
        _tell(job, tuple(log))
    except OSError as error:
        sys.stderr.write(f"The report cannot be written: {error}\n")
        return Status.FAILED
    return status


def _tell(job: _Job, attempts: tuple[Attempt, ...]) -> None:
    """Report what there is; a run that never began leaves an earlier batch file alone. Raises: OSError."""
    arguments = job.arguments
    if arguments.batch is not None and attempts:
        _write_batch(job, attempts)
    for report in _reports(job, attempts):
        show(report, Console())
        if arguments.out is not None:
            write_report(report, arguments.out / report.outline.title)


def _carry_out(job: _Job, log: Log) -> Status:
    try:
        anyio.run(partial(_run, job, log))
    except* (CopeError, OSError) as group:  # a full disk, a folder that may not be written
        sys.stderr.write("".join(f"{error}\n" for error in dict.fromkeys(map(str, leaves(group)))))
    else:
        return Status.DONE
    return Status.FAILED


async def _run(job: _Job, log: Log) -> None:
    seeds = (job.arguments.seeds, job.arguments.seeded)
    with watched() as watch:
        async with opened(job.files, job.calling, job.settings, watch.called) as session:
            _fold(job, session)
            if job.calling.live and session.pair.large.source is None:
                sys.stderr.write(_NOBODY_LARGE)
            tasks = await with_fitted_threshold(session.tasks, session.pair)
            order = Order(tasks, job.strategies, *seeds, job.calling.width)
            watch.begin(order.size)
            await run_all(order, session.pair, log, watch.tried)


_NOBODY_LARGE = (
    "No large model is called: it is not set (`large.model`), its price is not known (`large.price`), or "
    "there is no --budget. What it would be asked stays open; --batch FILE writes it down.\n"
)


def _fold(job: _Job, session: Session) -> None:
    if not job.arguments.answers:
        return
    pair = session.pair
    folded = fold_answers(job.arguments.answers, pair.records, (pair.small.name, pair.large.name))
    sys.stderr.write(f"Answers: {folded.new} new, {folded.known} known, {len(folded.faults)} skipped.\n")
    sys.stderr.write("".join(f"  {fault}\n" for fault in folded.faults))


def _write_batch(job: _Job, attempts: tuple[Attempt, ...]) -> None:
    """Requests to the large model; the small one is asked here."""
    _, large = names_of(job.files, job.calling, job.settings)
    wanted = [each for made in attempts for each in made.wanted if each.call.model == large]
    files = write_requests(wanted, job.arguments.batch)
    told = ", ".join(map(str, files))
    sys.stderr.write(f"{len({each.call for each in wanted})} unanswered requests are in {told}.\n")


def _reports(job: _Job, attempts: tuple[Attempt, ...]) -> Iterator[Report]:
    """One for each kind of task: shares over several kinds would say nothing."""
    settings, arguments = job.settings, job.arguments
    worth = Worth(**settings.worth.model_dump())
    prices = {f"${p.input:g}/${p.output:g}": p for p in arguments.price} if arguments.price else PRICES
    for kind in dict.fromkeys(attempt.kind for attempt in attempts):
        outline = Outline(
            kind.value,
            *names_of(job.files, job.calling, settings),
            tuple(each.name for each in job.strategies),
            primary(arguments.base),
            arguments.base,
            tuple(each.name for each in ABLATIONS),
            Yardstick(prices, worth),
        )
        yield compiled([each for each in attempts if each.kind is kind], outline)


def _job(arguments: argparse.Namespace) -> _Job:
    here = places().cache / "bench"
    files = Files(
        problems=tuple(own_set(name) if name in OWN else Path(name) for name in arguments.problems),
        records=arguments.records or here / "records.jsonl",
        known=tuple(arguments.known),
        evidence=arguments.evidence or here / "evidence.jsonl",
        known_evidence=tuple(arguments.known_evidence),
        ids=arguments.ids,
        most=arguments.most,
        large=arguments.large_replies,
        hidden=arguments.hidden,
    )
    calling = Calling(
        live=not arguments.offline,
        budget_usd=arguments.budget,
        width=arguments.width,
        small=arguments.small,
        large=arguments.large,
        small_pace=arguments.small_pace,
        large_pace=arguments.large_pace,
    )
    return _Job(files, calling, load(arguments.set).settings, chosen(arguments.strategies), arguments)

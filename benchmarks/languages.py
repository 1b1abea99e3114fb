"""Eight candidates against one plain run: `python -m benchmarks.languages [NAME]...`.

For each language's project under `tests/languages`: the seconds in which the product builds and tests eight
different right candidates, as a ratio to one run of the same tests by the language's own tool after an edit
(`plain` in `case.toml`), in the same minute; the seconds of the first run of all and of the first one in
another project; the seconds with what mutants add, which say how much the tests
prove; and the most memory that all processes of the judge hold at once.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import psutil

from cope_lsp.cascade.problem import Candidate, Status
from cope_lsp.code.baseline import baseline
from cope_lsp.code.evidence import Case as Tried
from cope_lsp.code.evidence import cases_of, gather, read
from cope_lsp.languages.registry import LANGUAGES
from tests.languages.cases import CASES
from tests.support.toolchains import Shop, ask, judge_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from cope_lsp.code.findings import Findings
    from tests.languages.cases import Case

CANDIDATES, ROUNDS = 8, 3
_EVERY_S = 0.05
_BEGUN = int(time.time()) * 1000
"""Numbers of this run begin here: what an earlier one had built must not serve it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One language: seconds of a first run, of eight candidates without and with mutants, of a plain run.

    `next_s` is the first run in another project on the same machine.
    """

    name: str
    first_s: float
    next_s: float
    eight_s: float
    whole_s: float
    plain_s: float
    memory_mb: float
    passed: int

    @property
    def ratio(self) -> float:
        """Eight candidates by one plain run."""
        return self.eight_s / self.plain_s


def main() -> int:
    """Measure the named languages, or all, and print a table."""
    options = _options()
    cases = [case for case in CASES if case.plain and case.folder.name in (options.names or _names())]
    head = ("first s", "next s", "eight s", "+mutants", "plain s")
    print(f"{'language':12}", *(f"{name:>8}" for name in head), f"{'ratio':>6} {'MiB':>6} passed")
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="cope-languages-") as folder:
            found = _measured(case, Path(folder).resolve())
        print(
            f"{found.name:12} {found.first_s:8.2f} {found.next_s:8.2f} {found.eight_s:8.2f}"
            f" {found.whole_s:8.2f} {found.plain_s:8.2f} {found.ratio:6.2f} {found.memory_mb:6.0f}"
            f" {found.passed} of {CANDIDATES}"
        )
    return 0


def _measured(case: Case, folder: Path) -> Measured:
    for name in ("project", "next"):
        case.lay(folder / name)
    language = next(each for each in LANGUAGES if each.id == case.language)
    shop = Shop(language, folder / "project", folder / "builds")
    os.environ.update(case.environment())
    with _watched() as most:
        first_s, eight_s, whole_s, passed = anyio.run(partial(_judged, shop, case))
    next_s = anyio.run(_prepared, replace(shop, root=folder / "next"), case)
    return Measured(case.folder.name, first_s, next_s, eight_s, whole_s, _plain(shop, case), most[0], passed)


async def _prepared(shop: Shop, case: Case) -> float:
    """Seconds until candidates of a project can be judged."""
    judge = judge_of(shop, ask(shop, case.file, case.symbol))
    begun = time.monotonic()
    await judge.prepare()
    return time.monotonic() - begun


async def _judged(shop: Shop, case: Case) -> tuple[float, float, float, int]:
    """Seconds of the first run, of candidates after it, of these with mutants (fastest rounds); passes."""
    eight, whole = list[float](), list[float]()
    first_s, passed = 0.0, CANDIDATES
    for number in range(ROUNDS):
        asked = ask(shop, case.file, case.symbol)
        judge = judge_of(shop, asked)
        begun = time.monotonic()
        await judge.prepare()
        first_s = first_s or time.monotonic() - begun
        cases = cases_of(asked)
        tried = Tried(asked, judge.bench, cases, await baseline(asked, judge.bench, cases))
        for times, examine in ((eight, partial(_gathered, tried)), (whole, judge.examine)):
            found = list[Status]()
            begun = time.monotonic()
            async with anyio.create_task_group() as group:
                for each in range(CANDIDATES):
                    text = _varied(case, (number * 2 + (times is whole)) * CANDIDATES + each, shop)
                    group.start_soon(_examined, examine, text, found)
            times.append(time.monotonic() - begun)
            passed = min(passed, sum(status is Status.PASS for status in found))
    return first_s, min(eight), min(whole), passed


async def _gathered(tried: Tried, candidate: Candidate) -> Findings:
    return await gather(tried, read(tried.asked, candidate))


async def _examined(
    examine: Callable[[Candidate], Awaitable[Findings]], text: str, found: list[Status]
) -> None:
    found.append((await examine(Candidate(text, "scripted"))).status)


def _varied(case: Case, number: int, shop: Shop) -> str:
    """The right reply with a line of its own, so that it must be built: what the case says, or a comment."""
    lines = case.reply(case.right).splitlines()
    if case.varied:
        first = next(row for row, line in enumerate(lines) if line.endswith("{")) + 1
        own = case.varied.replace("{number}", str(_BEGUN + number))
        return "\n".join([*lines[:first], own, *lines[first:]])
    last = max(row for row, line in enumerate(lines) if line.strip() and not line.startswith("```"))
    own = f"{' ' * 4}{shop.language.line_comment} {_BEGUN + number}"
    return "\n".join([*lines[:last], own, *lines[last:]])


def _plain(shop: Shop, case: Case) -> float:
    """Seconds of the language's own tool on the solved file, after an edit; the median of some runs."""
    path = shop.root / case.file
    syntax = shop.language.syntax
    source = syntax.parse(path.read_bytes())
    target = syntax.target_named(source, case.symbol)
    if target is None:
        raise SystemExit(f"{path} has no {case.symbol}.")
    times: list[float] = []
    for number in range(ROUNDS + 1):
        path.write_text(syntax.complete(source, target, _varied(case, number, shop)).text or "")
        begun = time.monotonic()
        done = subprocess.run(case.plain, cwd=shop.root, capture_output=True, check=False)
        times.append(time.monotonic() - begun)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(case.plain)} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return statistics.median(times[1:])


@contextmanager
def _watched() -> Generator[list[float]]:
    """The most memory that this process's children hold at once, in MiB."""
    most, done = [0.0], threading.Event()

    def watch() -> None:
        me = psutil.Process(os.getpid())
        while not done.wait(_EVERY_S):
            held = 0
            for process in me.children(recursive=True):
                try:
                    held += process.memory_info().rss
                except psutil.Error:
                    continue
            most[0] = max(most[0], held / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def _names() -> list[str]:
    return [case.folder.name for case in CASES]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.languages", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(_names())}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""Requests that repeat, with the store of plans and solutions and without: `python -m benchmarks.repeats`.

HumanEval's problems of the published pair: asked first, asked again, after an edit elsewhere in the file,
with another docstring, and one for the function next to it. Calls come from the published records; with
`--live` and the settings of a small model what is missing is asked of it and kept in `--records`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import anyio

from benchmarks.published import CALLS, EVIDENCE, PROBLEMS, QWEN, RECORDS
from cope_lsp.bench.catalogue import chosen
from cope_lsp.bench.coding.problems import read_problems
from cope_lsp.bench.coding.tasks import CodeTask, code_tasks
from cope_lsp.bench.sessions import Calling, Files, opened
from cope_lsp.bench.tariffs import Pace, Tariff
from cope_lsp.bench.workload import as_table, compare, workload
from cope_lsp.cli.bench import PRICES
from cope_lsp.settings import load

STRATEGY = "ours, bare large"
LARGE = Tariff(PRICES["$1.25/$10"], Pace(0.8, 5000, 60))


def main() -> int:
    """Print the table."""
    options = _options()
    anyio.run(partial(_run, options))
    return 0


async def _run(options: argparse.Namespace) -> None:
    files = Files(
        problems=(PROBLEMS[0],),
        records=options.records,
        known=(CALLS[QWEN],),
        evidence=options.evidence,
        known_evidence=(EVIDENCE,),
        most=options.most,
        large=RECORDS / "large-recorded.jsonl.gz",
    )
    calling = Calling(options.live, width=8, small=QWEN, small_pace=Pace(0.2, 400, 30))
    (strategy,) = chosen([STRATEGY])
    async with opened(files, calling, load(options.set).settings, lambda _record: None) as session:
        first = next(task for task in session.tasks if isinstance(task, CodeTask))
        make = partial(code_tasks, bench=first.desk.bench, kept=first.desk.kept)
        problems = tuple(islice(read_problems(PROBLEMS[0]), options.most))
        large = replace(session.pair.large, tariff=LARGE)
        rows = await compare(workload(problems, make), strategy, replace(session.pair, large=large))
    sys.stdout.write(as_table(rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repeats", description=__doc__)
    parser.add_argument("--most", type=int, default=82, help="problems (default: 82)")
    parser.add_argument("--live", action="store_true", help="ask the small model what is not recorded")
    parser.add_argument("--records", type=Path, help="where new calls are kept")
    parser.add_argument("--evidence", type=Path, help="where new findings are kept")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

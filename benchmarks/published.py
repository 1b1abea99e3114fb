"""Makes the bench's figures in `docs/benchmarks.md` again: `python -m benchmarks.published`.

Nothing is called and nothing is run: every reply and every finding is in `benchmarks/records`. With
`--answers FILE…` answers to `batch-requests.jsonl` are folded into the records first.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
DATA, RECORDS = ROOT / "benchmarks" / "data", ROOT / "benchmarks" / "records"
PAGE, IMAGES = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "images"

QWEN, FRONTIER = "qwen2.5-coder-1.5b-instruct-q4_k_m", "recorded-frontier"
SMALL_RECORDS, EVIDENCE = RECORDS / "qwen2.5-coder-1.5b.jsonl.gz", RECORDS / "evidence.jsonl.gz"
BATCH = RECORDS / "batch-requests.jsonl"
ANSWERED = RECORDS / "answered.jsonl"
"""Where folded answers are kept."""


@dataclass(frozen=True, slots=True)
class Table:
    """One report on the page: its name in the page's markers, and what `cope-lsp bench` is told."""

    name: str
    options: tuple[str, ...]


def main() -> int:
    """Write the page's tables and pictures."""
    options = _options()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cope-published-") as name, ThreadPoolExecutor(2) as pool:
        folder = Path(name)
        if options.answers:
            to = ("--records", str(ANSWERED), "--known", str(SMALL_RECORDS))
            _run(TABLES[0], folder / "folded", to, options.answers)
        made = list(pool.map(partial(_made, folder=folder), TABLES))
        for table, there in zip(TABLES, made, strict=True):
            _place(table, there)
    print(f"{PAGE.relative_to(ROOT)}: {len(TABLES)} reports in {time.monotonic() - began:.0f} s")
    return 0


def _made(table: Table, folder: Path) -> Path:
    """The folder with a table's report. Raises: CalledProcessError."""
    out = folder / table.name
    known = (str(SMALL_RECORDS), *([str(ANSWERED)] if ANSWERED.exists() else []))
    _run(table, out, ("--records", str(out.with_suffix(".jsonl")), "--known", *known))
    return next(out.iterdir())


def _run(table: Table, out: Path, records: tuple[str, ...], answers: Sequence[Path] = ()) -> None:
    command = [sys.executable, "-m", "cope_lsp", "bench", "--offline", *table.options, *records]
    command += ["--evidence", str(out.with_suffix(".evidence")), "--out", str(out)]
    command += ["--answers", *map(str, answers)] if answers else []
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def _place(table: Table, made: Path) -> None:
    page, text = PAGE.read_text(), (made / "report.md").read_text().strip()
    for picture in ("front", "exits"):
        shutil.copyfile(made / f"{picture}.svg", IMAGES / f"bench-{table.name}-{picture}.svg")
    begin, end = f"<!-- {table.name}: begin -->", f"<!-- {table.name}: end -->"
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not between.search(page):
        raise SystemExit(f"{PAGE} has no place for {table.name}: {begin} … {end}")
    PAGE.write_text(between.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", page))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.published", description=__doc__)
    parser.add_argument(
        "--answers", type=Path, nargs="+", default=[], metavar="FILE", help="a batch's answers"
    )
    return parser.parse_args()


PROBLEMS = tuple(DATA / f"{name}-qwen2.5-coder-1.5b.jsonl.gz" for name in ("humaneval", "mbpp"))


def _published(ids: str, *more: str) -> tuple[str, ...]:
    """What all tables of the published pair have in common."""
    small = ("--small", QWEN, "--small-pace", "0.2,400,30")
    large = ("--large-replies", str(RECORDS / "large-recorded.jsonl.gz"), "--large-pace", "0.8,5000,60")
    known = ("--known-evidence", str(EVIDENCE))
    scored = ("--hidden", str(DATA / "mbpp-hidden.jsonl.gz"))
    tasks = ("--problems", *map(str, PROBLEMS), "--ids", str(RECORDS / ids))
    return (*tasks, *scored, *known, *small, *large, "--base", "ours, bare large", *more)


TABLES = (Table("published", _published("published-ids.jsonl", "--batch", str(BATCH))),)

if __name__ == "__main__":
    sys.exit(main())

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

QWEN, SMOLLM2 = "qwen2.5-coder-1.5b-instruct-q4_k_m", "smollm2-135m-instruct-q4_1"
CALLS = {QWEN: RECORDS / "qwen2.5-coder-1.5b.jsonl.gz", SMOLLM2: RECORDS / "smollm2-135m.jsonl.gz"}
"""Where each model's calls are kept."""

EVIDENCE = RECORDS / "evidence.jsonl.gz"
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
            to = ("--records", str(ANSWERED), "--known", *map(str, CALLS.values()))
            _run(TABLES[0], folder / "folded", to, options.answers)
        made = list(pool.map(partial(_made, folder=folder), TABLES))
        for table, there in zip(TABLES, made, strict=True):
            _place(table, there)
    print(f"{PAGE.relative_to(ROOT)}: {len(TABLES)} reports in {time.monotonic() - began:.0f} s")
    return 0


def _made(table: Table, folder: Path) -> Path:
    """The folder with a table's report. Raises: CalledProcessError."""
    out = folder / table.name
    known = (*CALLS.values(), *([ANSWERED] if ANSWERED.exists() else []))
    _run(table, out, ("--records", str(out.with_suffix(".jsonl")), "--known", *map(str, known)))
    return next(out.iterdir())


def _run(table: Table, out: Path, records: tuple[str, ...], answers: Sequence[Path] = ()) -> None:
    command = [sys.executable, "-m", "cope_lsp", "bench", "--offline", *table.options, *records]
    command += ["--evidence", str(out.with_suffix(".evidence")), "--out", str(out)]
    command += ["--answers", *map(str, answers)] if answers else []
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def _place(table: Table, made: Path) -> None:
    page, text = PAGE.read_text(), (made / "report.md").read_text().strip()
    for picture in ("front", "exits"):
        shown = f"bench-{table.name}-{picture}.svg"
        if shown in page:
            shutil.copyfile(made / f"{picture}.svg", IMAGES / shown)
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

_JUDGED = (
    *("--known-evidence", str(EVIDENCE), "--small-pace", "0.2,400,30", "--large-pace", "0.8,5000,60"),
    *("--base", "ours, bare large"),
)
_COMMON = (
    *("--problems", *map(str, PROBLEMS), "--hidden", str(DATA / "mbpp-hidden.jsonl.gz")),
    *_JUDGED,
)
_FRONTIER = ("--small", QWEN, "--large-replies", str(RECORDS / "large-recorded.jsonl.gz"))


def _ids(name: str) -> tuple[str, ...]:
    return ("--ids", str(RECORDS / f"{name}-ids.jsonl"))


_PUBLISHED = (
    *(*_COMMON, *_FRONTIER, *_ids("published"), "--batch", str(BATCH)),
    *("--strategies", "base", "paper", "rivals", "ours"),
    *("without 3 failures, checked end", "without 4 self-made tests"),
)
_ABLATIONS = (
    *(*_COMMON, *_FRONTIER, *_ids("ablation")),
    *("--strategies", "large x1", "small x8 + gate", "small x16 + gate", "paper, bare end"),
    *("paper without goals", "ours, bare large", "ablations"),
)
_SEEDS = (
    *(*_COMMON, *_FRONTIER, *_ids("seeds"), "--seeds", "3"),
    *("--strategies", "large x1", "small x1", "paper, bare end", "ABC", "ours, bare large"),
    "ours, bare, doubt pays",
)
_LIVE = (
    *(*_COMMON, *_ids("live"), "--small", SMOLLM2, "--large", QWEN),
    *("--strategies", "large x1", "large + gate + repair", "small x1", "small x8 + gate", "small + repair"),
    *("paper", "paper, bare end", "ours", "ours, bare large", "without 3 failures, checked end"),
    *("without 4 self-made tests", "without 8 escalation as a decision"),
)
_LONGER = (
    *("--problems", "longer", *_JUDGED, "--small", QWEN),
    *("--large-replies", str(RECORDS / "longer-large.jsonl.gz")),
    *("--strategies", "large x1", "large + gate + repair", "small x1", "small x8 + gate", "small + repair"),
    *("paper, bare end", "ours, bare large", "ours, bare, doubt pays"),
)
TABLES = (
    Table("published", _PUBLISHED),
    Table("ablations", _ABLATIONS),
    Table("seeds", _SEEDS),
    Table("longer", _LONGER),
    Table("live", _LIVE),
)

if __name__ == "__main__":
    sys.exit(main())

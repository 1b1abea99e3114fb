"""Packs a recording's files into those that are committed: `python -m benchmarks.pack --records FILE…`.

What is committed already stays, and of the files that are named the first goes before the others; rows
have an order of their own: the same content gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.published import CALLS, EVIDENCE
from cope_lsp.bench.coding.kept import open_kept
from cope_lsp.bench.recorded_large import RECORDED
from cope_lsp.bench.records import line_of, open_records

if TYPE_CHECKING:
    from collections.abc import Iterable


def main() -> None:
    """Merge, and say how much there is."""
    options = _options()
    records = open_records(None, _there(CALLS.values(), options.records))
    # A recorder also keeps what the recorded large model said; that stands in its own file already.
    strangers = {record.call.model for record in records} - CALLS.keys() - {RECORDED}
    if strangers:
        raise SystemExit(f"There is no file for calls of {', '.join(sorted(strangers))}.")
    for model, path in CALLS.items():
        _write(path, sorted(line_of(record) for record in records if record.call.model == model))
    kept = open_kept(None, _there((EVIDENCE,), options.evidence))
    rows = sorted(kept.rows().items())
    _write(EVIDENCE, (json.dumps(row, separators=(",", ":")).encode() + b"\n" for row in rows))
    print(f"{sum(record.call.model in CALLS for record in records)} calls, {len(rows)} findings")


def _there(committed: Iterable[Path], others: list[Path]) -> list[Path]:
    # Of two replies to one call the one that is read last is kept.
    return [*reversed(others), *(path for path in committed if path.exists())]


def _write(path: Path, lines: Iterable[bytes]) -> None:
    path.write_bytes(gzip.compress(b"".join(lines), mtime=0))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pack", description=__doc__)
    parser.add_argument("--records", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--evidence", type=Path, nargs="+", default=[], metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    main()

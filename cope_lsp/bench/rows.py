"""Files of JSON objects, one a line, plain or compressed."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.cascade.errors import CopeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Unreadable(CopeError):  # noqa: N818 -- says of a file what it is
    """A file that is not what it should be; names the file and the line."""


def read_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a `.jsonl` or `.jsonl.gz` file with their line numbers. Raises: OSError, Unreadable."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, _row(line, f"{path}, line {number}")


def _row(line: str, place: str) -> Mapping[str, Any]:
    try:
        row: object = json.loads(line)
    except ValueError as error:
        raise Unreadable(f"{place} is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise Unreadable(f"{place} is no JSON object.")
    return cast("Mapping[str, Any]", row)

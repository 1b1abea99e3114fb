"""Files of JSON objects, one a line, plain or compressed."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.cascade.errors import CopeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Unreadable(CopeError, ValueError):  # noqa: N818 -- says of a file what it is
    """A file that is not there, or not what it should be; names the file and the line."""


def read_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a `.jsonl` or `.jsonl.gz` file with their line numbers. Raises: Unreadable."""
    for number, line in enumerate(contents(path).split(b"\n"), start=1):
        if line.strip():
            yield number, _row(line, f"{path}, line {number}")


def contents(path: Path) -> bytes:
    """A file's bytes, unpacked where its name ends in `.gz`. Raises: Unreadable."""
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error


def _row(line: bytes, place: str) -> Mapping[str, Any]:
    try:
        row: object = json.loads(line)
    except ValueError as error:
        raise Unreadable(f"{place} is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise Unreadable(f"{place} is no JSON object.")
    return cast("Mapping[str, Any]", row)

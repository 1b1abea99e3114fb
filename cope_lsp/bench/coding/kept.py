"""What running candidates showed, on disk by its content, so that a replay runs nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.bench.rows import contents
from cope_lsp.cascade.problem import Evidence, Status
from cope_lsp.code.findings import Failure, Findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cope_lsp.cascade.problem import Candidate

LONGEST = 60
"""Characters of a call's outcome that are kept; a longer one is named by its content, and still compares."""


@dataclass(slots=True)
class Kept:
    """Rows of JSON by key; new ones are appended to `path` (None: they are held in memory only)."""

    path: Path | None = None
    _rows: dict[str, Any] = field(default_factory=dict[str, Any])

    def get(self, key: str) -> Any:  # noqa: ANN401 -- JSON
        """The row of a key; None where there is none."""
        return self._rows.get(key)

    def put(self, key: str, row: Any) -> None:  # noqa: ANN401 -- JSON
        """Keep a row."""
        self._rows[key] = row
        if self.path is not None:
            with self.path.open("a") as file:
                file.write(json.dumps([key, row], ensure_ascii=False, separators=(",", ":")) + "\n")

    def rows(self) -> dict[str, Any]:
        """All rows by key."""
        return dict(self._rows)

    def read(self, path: Path) -> None:
        """Take in a file; a line that a kill left unfinished is passed over. Raises: Unreadable."""
        for line in contents(path).splitlines():
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            key, row = json.loads(line)
        except ValueError:
            return
        self._rows[key] = row


def open_kept(path: Path | None, others: Sequence[Path] = ()) -> Kept:
    """What is kept in `path`, where new rows go, and in files that are only read."""
    kept = Kept(path)
    for each in others:
        kept.read(each)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            kept.read(path)
    return kept


def key(*parts: object) -> str:
    """Names what something was found from."""
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def to_row(found: Findings) -> dict[str, Any]:
    """Findings as JSON, without the candidate and its text, which whoever asks has."""
    row = {each.name: getattr(found, each.name) for each in fields(Findings)}
    del row["candidate"], row["text"]
    row["calls"] = [abridged(call) for call in found.calls]
    row["failures"] = [[failure.case, failure.detail, failure.brief] for failure in found.failures]
    row["evidence"] = [[piece.source, piece.status, piece.passed, piece.total] for piece in found.evidence]
    return {name: value for name, value in row.items() if value not in ("", (), [], 0)}


def from_row(row: dict[str, Any], candidate: Candidate, text: bytes) -> Findings:
    """Findings again."""
    known = {name: _frozen(value) for name, value in row.items()}
    known["failures"] = tuple(Failure(*failure) for failure in row.get("failures", ()))
    known["evidence"] = tuple(
        Evidence(candidate, source, Status(status), passed, total)
        for source, status, passed, total in row.get("evidence", ())
    )
    return Findings(candidate, text=text, **known)


def abridged(outcome: str) -> str:
    """A call's outcome, or where it is long a name for it."""
    if len(outcome) <= LONGEST:
        return outcome
    return f"{outcome[:20]}…{hashlib.sha256(outcome.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def _frozen(value: object) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(value, list):
        return tuple(_frozen(item) for item in cast("Sequence[object]", value))
    return value

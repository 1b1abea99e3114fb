"""What was found out, on disk under the content it was found from: a second run takes seconds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.cascade.problem import Evidence, Status
from cope_lsp.code.findings import Failure, Findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.samples import Visible
    from cope_lsp.cascade.problem import Candidate

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "judge"

GATHERS = ("cope_lsp/languages", "cope_lsp/code", "benchmarks/judge/gathering.py")
DECIDES = ("confidence", "rules", "signals", "answers", "outlook")
"""Code that evidence comes from, and files in it that only read evidence: their changes leave it as it is."""


class Store:
    """Rows of JSON by key in one append-only file; a line that a killed run left unfinished is not read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[str, Any] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        for line in path.read_text().splitlines() if path.exists() else ():
            try:
                key, row = json.loads(line)
            except ValueError:
                continue
            self._rows[key] = row

    def get(self, key: str) -> Any:  # noqa: ANN401 -- JSON
        """The row of a key; None where there is none."""
        return self._rows.get(key)

    def put(self, key: str, row: Any) -> None:  # noqa: ANN401 -- JSON
        """Keep a row."""
        self._rows[key] = row
        with self._path.open("a") as file:
            file.write(json.dumps([key, row], separators=(",", ":")) + "\n")


def evidence_store(name: str) -> Store:
    """Where findings are kept: by the code as it stands, or for a `name` those of earlier code."""
    return Store(FOLDER / f"evidence-{name or version()}.jsonl")


def version() -> str:
    """Names the code that evidence comes from, as it stands."""
    digest = hashlib.sha256()
    for place in GATHERS:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            if not file.stem.startswith(DECIDES):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def key(*parts: object) -> str:
    """Names what something was found from."""
    plain = [asdict(part) if is_dataclass(part) and not isinstance(part, type) else part for part in parts]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:24]


def case_key(shown: Visible) -> str:
    """Names all of a case that evidence is made from; logprobs are read afresh."""
    return key(shown.stub, shown.entry_point, shown.replies, shown.tests)


def to_row(found: Findings) -> dict[str, Any]:
    """Findings as JSON, without the candidate, which the sample file holds."""
    row = {each.name: getattr(found, each.name) for each in fields(Findings)}
    del row["candidate"]
    row["text"] = None if found.text is None else found.text.decode()
    row["failures"] = [failure.case for failure in found.failures]
    row["evidence"] = [[piece.source, piece.status, piece.passed, piece.total] for piece in found.evidence]
    return row


def from_row(row: dict[str, Any], candidate: Candidate) -> Findings:
    """Findings again; what failures say in words is not kept."""
    known = {name: _frozen(value) for name, value in row.items()}
    known["text"] = None if row["text"] is None else row["text"].encode()
    known["failures"] = tuple(Failure(case, "", "") for case in row["failures"])
    known["evidence"] = tuple(
        Evidence(candidate, source, Status(status), passed, total)
        for source, status, passed, total in row["evidence"]
    )
    return Findings(candidate, **known)


def _frozen(value: object) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(value, list):
        return tuple(_frozen(item) for item in cast("Sequence[object]", value))
    return value

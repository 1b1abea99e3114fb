"""One short transaction on a sqlite file of ours: made at first use, versioned, and safe against kills."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.storage.places import private_folder

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

BUSY_S = 10.0


@dataclass(frozen=True, slots=True)
class Schema:
    """The statements that make an empty file into this version."""

    version: int
    statements: tuple[str, ...]


@contextmanager
def transaction(file: Path, schema: Schema) -> Generator[sqlite3.Connection]:
    """A connection inside one immediate transaction: committed at the end, rolled back on any error.

    Raises: sqlite3.Error, OSError, StoreUnsafe. A file of a newer version is left alone.
    """
    private_folder(file.parent)
    with closing(sqlite3.connect(file, timeout=BUSY_S, isolation_level=None)) as rows:
        rows.execute("PRAGMA journal_mode = WAL")
        rows.execute("PRAGMA synchronous = FULL")
        rows.execute("BEGIN IMMEDIATE")
        try:
            _bring_up(rows, schema)
            yield rows
        except BaseException:
            rows.execute("ROLLBACK")
            raise
        rows.execute("COMMIT")


def _bring_up(rows: sqlite3.Connection, schema: Schema) -> None:
    (version,) = rows.execute("PRAGMA user_version").fetchone()
    if version == schema.version:
        return
    if version:
        raise sqlite3.DatabaseError(f"it has schema version {version}, this server knows {schema.version}")
    for statement in schema.statements:
        rows.execute(statement)
    rows.execute(f"PRAGMA user_version = {schema.version}")

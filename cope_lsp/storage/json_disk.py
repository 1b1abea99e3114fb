"""How diskcache keeps our rows: JSON text inside the row, nothing else.

diskcache unpickles on read (CVE-2025-69872), its JSONDisk included, and reads and removes files that a
row names. A row that asks for either is refused.
"""

from __future__ import annotations

import json
from typing import Any

from diskcache import Disk

_RAW = 1


class ForeignRow(ValueError):  # noqa: N818 -- reads as what it is
    """A row that we did not write."""


class JsonDisk(Disk):
    """Keys are text, values are JSON text in the row; no pickle and no file is ever read."""

    def put(self, key: object) -> tuple[str, bool]:
        """A text key as it is stored."""
        return str(key), True

    def get(self, key: object, raw: bool) -> str:  # noqa: FBT001 -- diskcache's signature
        """A stored key; any other form is refused before it is looked at."""
        if not raw or not isinstance(key, str):
            raise ForeignRow("a key in the cache is not plain text")
        return key

    def store(
        self,
        value: object,
        read: bool,  # noqa: FBT001 -- diskcache's signature
        key: object = None,
    ) -> tuple[int, int, None, str]:
        """A value as it is stored: no size beside the row's own, plain mode, no file, its JSON text."""
        del read, key
        return 0, _RAW, None, json.dumps(value)

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> Any:  # noqa: ANN401, FBT001 -- JSON; diskcache's signature
        """A stored value; pickles, files and file handles are refused before they are looked at."""
        if mode != _RAW or filename is not None or read or not isinstance(value, str):
            raise ForeignRow("a value in the cache is not JSON text")
        return json.loads(value)

    def remove(self, file_path: str) -> None:
        """Nothing: no row of ours has a file, so a file that a row names is not ours to remove."""

"""Ends the making of a foundation: `python -I -S founded.py CACHE PART...`.

A tool that dates what it uses would copy it from the foundation into each run's own memory, and one that
removes what is old would hide it; what is dated far ahead it leaves alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

AHEAD_S = 4_102_444_800
"""The year 2100."""


def main(cache: Path, parts: list[str]) -> None:
    """Date all files, and leave one for each part."""
    for folder, _, names in os.walk(cache):
        for name in names:
            path = Path(folder, name)
            # What an earlier making dated is not touched: that, too, would copy it.
            if path.stat().st_mtime < AHEAD_S:
                os.utime(path, (AHEAD_S, AHEAD_S))
    said = cache / "parts"
    said.mkdir(exist_ok=True)
    for part in parts:
        (said / part).touch()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

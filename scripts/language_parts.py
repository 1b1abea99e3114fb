"""Brings what `tests/languages` needs beyond the machine's own toolchains, once per machine.

    python scripts/language_parts.py [PART]...     (nothing named: all)

prints the path of each part, one a line. Parts stand where those of `live_parts.py` do, each in a folder
named after the hash of how it was made.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.live_parts import PartMissingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PARTS: Mapping[str, Callable[[], Path]] = {}
"""How each part is made, by name."""


def main() -> int:
    """Make the named parts and print their paths."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of: {', '.join(PARTS)}; default: all")
    names: list[str] = parser.parse_args().parts
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    try:
        for name in names or PARTS:
            print(PARTS[name]())
    except PartMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Where the interpreter enters (`python -I -S main.py TASK ORDER`), inside the sandbox."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Do one task: a build, or the compiler's word on one file."""
    order: dict[str, Any] = json.loads(sys.argv[2])
    sys.path[:0] = [str(Path(__file__).parent), order["driver"]]
    if sys.argv[1] == "syntax":
        import checking  # noqa: PLC0415 -- findable only now

        return checking.syntax(order)
    import building  # noqa: PLC0415 -- findable only now

    return building.build(order)


if __name__ == "__main__":
    sys.exit(main())

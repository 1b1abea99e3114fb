"""Where the interpreter enters (`python -I -S main.py TASK ORDER`): the build, in a folder that is kept.

Its exit status is the tool's; `UNTRIED` where something is missing, and the reason is all that it prints.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> int:
    """Do one task of a build."""
    sys.path.insert(0, str(Path(__file__).parent))
    import checking  # noqa: PLC0415 -- findable only now
    import configuring  # noqa: PLC0415
    import targets  # noqa: PLC0415

    tasks: dict[str, Callable[[dict[str, Any]], int]] = {
        "prepare": configuring.prepare,
        "compile": targets.compile_source,
        "build": targets.build,
        "case": targets.run_case,
        "syntax": checking.syntax,
    }
    order: dict[str, Any] = json.loads(sys.argv[2])
    Path(order["build"]).mkdir(parents=True, exist_ok=True)
    return tasks[sys.argv[1]](order)


if __name__ == "__main__":
    sys.exit(main())

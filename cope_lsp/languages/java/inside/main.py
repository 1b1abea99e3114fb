"""Where our interpreter enters: `main.py build|test CACHE SCRATCH <order`, an order being one JSON object.

`build` ends with 0 where the candidate compiles, with 1 where it does not, with 2 where nothing could be
built. `test` tells of each test by a line of its own (see `telling.py`). Standard library only.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import sys
import types
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = "cope_lsp.languages.java.inside"
SET_DUMPABLE = 4


def main() -> int:
    """Take one step."""
    _load()
    from cope_lsp.languages.java.inside import building, testing  # noqa: PLC0415 -- loadable from here on

    what, cache, scratch = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    if what == "build":
        return building.build(order, cache, scratch)
    _close_to_others()
    return testing.test(order, cache, scratch)


def _load() -> None:
    """Make the parts importable by their own names, from this folder alone."""
    for name in ("cope_lsp", "cope_lsp.languages", "cope_lsp.languages.java"):
        stand_in = types.ModuleType(name)
        stand_in.__path__ = []
        sys.modules[name] = stand_in
    spec = importlib.util.spec_from_file_location(
        PACKAGE, HERE / "__init__.py", submodule_search_locations=[str(HERE)]
    )
    assert spec  # noqa: S101 -- for the type checker
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)


def _close_to_others() -> None:
    """Let no process of the same user read this one's memory: it knows what a test says when it passes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())

"""Where the interpreter enters (`python -s main.py`, or a worker): loads the other parts, then hides them."""

from __future__ import annotations

import importlib.util
import os
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "cope_lsp.languages.python.runner"


def main() -> int:
    """Run the work on standard input."""
    sys.path[:] = [path for path in sys.path if path != HERE]
    return _load()[0].supervise()


def prepare(base: str, modules: list[str], avoided: list[str]) -> tuple[Callable[[], int], list[str]]:
    """For a worker: what runs work, with all loaded that the work may want, and the names that this added.

    `base` is `pytest` where tests will be run by it.
    """
    supervisor, preloading = _load()
    return supervisor.supervise, preloading.preload(base, modules, avoided)


def _load() -> tuple[Any, Any]:
    """Load the runner's parts under their own names, and take the names away again."""
    for name in ("cope_lsp", "cope_lsp.languages", "cope_lsp.languages.python"):
        stand_in = types.ModuleType(name)
        stand_in.__path__ = []
        sys.modules[name] = stand_in
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(HERE, "__init__.py"), submodule_search_locations=[HERE]
    )
    if spec is None:
        raise ImportError(HERE)
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)

    from cope_lsp.languages.python.runner import preloading, supervisor  # noqa: PLC0415 -- findable only now

    for name in [name for name in sys.modules if name.split(".")[0] == "cope_lsp"]:
        del sys.modules[name]
    return supervisor, preloading


if __name__ == "__main__":
    sys.exit(main())

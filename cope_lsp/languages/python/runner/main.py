"""Where the interpreter enters (`python -s main.py`, or a worker): loads the other parts, then hides them."""

from __future__ import annotations

import importlib.util
import os
import sys
import types
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "cope_lsp.languages.python.runner"


def main() -> int:
    """Run the work on standard input."""
    sys.path[:] = [path for path in sys.path if path != HERE]
    return prepare([], [])[0]()


def prepare(modules: list[str], avoided: list[str]) -> tuple[Callable[[], int], list[str]]:
    """Load what runs work, and modules that the work may want: what runs it, and what a fresh start had not.

    The runner's parts are loaded under their own names, and the names taken away again.
    """
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

    from cope_lsp.languages.python.runner import preloading, pytests  # noqa: PLC0415 -- findable only now
    from cope_lsp.languages.python.runner.supervisor import supervise  # noqa: PLC0415 -- likewise

    if "pytest" in modules:
        pytests.preload()
    names = preloading.preload(modules, avoided, pytests.preload_plugins) if modules else []
    for name in [name for name in sys.modules if name.split(".")[0] == "cope_lsp"]:
        del sys.modules[name]
    return supervise, names


if __name__ == "__main__":
    sys.exit(main())

"""Where the interpreter enters (`python -I main.py`): loads the other parts, then hides them."""

from __future__ import annotations

import importlib.util
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "cope_lsp.languages.python.runner"


def main() -> int:
    """Load the runner's parts under their own names, take the names away again, and run."""
    for name in ("cope_lsp", "cope_lsp.languages", "cope_lsp.languages.python"):
        stand_in = types.ModuleType(name)
        stand_in.__path__ = []
        sys.modules[name] = stand_in
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(HERE, "__init__.py"), submodule_search_locations=[HERE]
    )
    if spec is None:
        return 1
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)

    from cope_lsp.languages.python.runner.supervisor import supervise  # noqa: PLC0415 -- findable only now

    for name in [name for name in sys.modules if name.split(".")[0] == "cope_lsp"]:
        del sys.modules[name]
    return supervise()


if __name__ == "__main__":
    sys.exit(main())

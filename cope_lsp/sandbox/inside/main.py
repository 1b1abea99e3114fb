"""Where both programs enter (`main.py warden|zygote DESCRIPTOR`): finds the parts under their own names."""

from __future__ import annotations

import importlib.util
import os
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "cope_lsp.sandbox.inside"


def main() -> None:
    """Load the part that is named, take all names away again, and serve."""
    sys.path[:] = [path for path in sys.path if path != HERE]
    for name in ("cope_lsp", "cope_lsp.sandbox"):
        stand_in = types.ModuleType(name)
        stand_in.__path__ = []
        sys.modules[name] = stand_in
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(HERE, "__init__.py"), submodule_search_locations=[HERE]
    )
    if spec is not None:
        sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    part = importlib.import_module(PACKAGE + "." + sys.argv[1])
    for name in [name for name in sys.modules if name.split(".")[0] == "cope_lsp"]:
        del sys.modules[name]
    part.serve(int(sys.argv[2]))


if __name__ == "__main__":
    main()

"""What a worker imports once for all of its jobs: never what the project itself could define."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, NoReturn

from cope_lsp.languages.python.runner import integrity, pytests
from cope_lsp.languages.python.runner.common import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Avoiding:
    """A finder that finds nothing by the names that the project may define."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002 -- a finder's signature
        """Refuse a name that is the project's."""
        if name.partition(".")[0] in self.names:
            _refuse(name)


def preload(base: str, modules: Iterable[str], avoided: Iterable[str]) -> list[str]:
    """Import modules, and what they need but for avoided names; gives the top-level names that are new.

    What cannot be imported is left to the job that wants it. `pytest` for a base comes with its plugins.
    """
    if base == "pytest":
        _try(base)  # before the names are looked at: a run that starts alone imports it first, too
    before = set(sys.modules)
    finder = _Avoiding(avoided)
    sys.meta_path.insert(0, finder)  # type: ignore[arg-type]
    try:
        for name in (*COMMON, *modules):
            _try(name)
        if base == "pytest":
            pytests.preload_plugins()
    finally:
        sys.meta_path.remove(finder)  # type: ignore[arg-type]
    integrity.remember(integrity.testing() if base == "pytest" else integrity.PLAIN)
    return sorted({name.split(".")[0] for name in sys.modules if name not in before})


def _try(name: str) -> None:
    try:
        importlib.import_module(name)
    except BaseException:  # noqa: BLE001 -- a package may raise anything at import
        return


def _refuse(name: str) -> NoReturn:
    raise ModuleNotFoundError(f"the project may have a {name} of its own", name=name)

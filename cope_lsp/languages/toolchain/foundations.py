"""The last step of a foundation's making: what is there is said, and no tool touches it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.toolchain.steps import CACHE, DRIVER, PYTHON, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIMIT_S = 60.0


def step(parts: Iterable[str], needs: str) -> Step:
    """After the step `needs`, which built all the parts."""
    program = str(DRIVER.parent / "founded.py")
    return Step("founded", (PYTHON, "-I", "-S", program, CACHE, *sorted(parts)), _LIMIT_S, needs=needs)

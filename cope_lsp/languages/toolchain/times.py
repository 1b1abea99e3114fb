"""A step before builds by tools that go by files' times: they follow the files' contents."""

from __future__ import annotations

from cope_lsp.languages.toolchain.steps import CACHE, DRIVER, PYTHON, Step

_LIMIT_S = 60.0


def step() -> Step:
    """It comes first; what it records is kept with the builds."""
    program = str(DRIVER.parent / "times.py")
    return Step("times", (PYTHON, "-I", "-S", program, f"{CACHE}/times.json"), _LIMIT_S)

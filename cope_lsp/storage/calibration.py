"""Rates of the user's own models, from the file that `cope-lsp calibrate --out` wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import CopeError
from cope_lsp.cascade.escalation import FIXED, Rates
from cope_lsp.cascade.problem import Kind

if TYPE_CHECKING:
    from pathlib import Path


class CalibrationUnfit(CopeError):  # noqa: N818 -- says of a file what it is
    """A file that holds no calibration, or one of another model."""


def code_rates(path: Path, small: str, language: str) -> Rates:
    """The rates for code of a language; the fixed ones where the file has none for it.

    Raises: CalibrationUnfit.
    """
    again = "Run `cope-lsp calibrate --out FILE` again, or remove the setting calibration."
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        made_for, fits = told["models"]["small"], told["fits"]
        found = {each["language"]: Rates(**each["rates"]) for each in fits if each["kind"] == Kind.CODE}
    except OSError as error:
        raise CalibrationUnfit(f"{path} cannot be read: {error.strerror}.", fix=again) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CalibrationUnfit(f"{path} holds no calibration: {error!r}.", fix=again) from error
    if made_for != small:
        raise CalibrationUnfit(f"{path} was fitted to {made_for}, and the small model is {small}.", fix=again)
    return found.get(language, FIXED)

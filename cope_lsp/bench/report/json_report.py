"""The report as JSON: every figure, field by field as `content.Report` has it, in a stable order."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from cope_lsp.bench.report.content import Report

VERSION = 1

_DIGITS = 6
"""Significant digits: fewer than machines differ by, more than the intervals allow."""

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | tuple[_Json, ...] | str | float | int | bool | None"


def as_json(report: Report) -> str:
    """One JSON object over several lines; shares are of 1, money is in US dollars."""
    told: dict[str, _Json] = {"version": VERSION, **asdict(report)}
    return json.dumps(_rounded(told), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _rounded(value: _Json) -> _Json:
    if isinstance(value, dict):
        return {str(name): _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value

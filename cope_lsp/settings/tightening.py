"""What counts as tighter, for every setting that has an order; as data.

A setting without a rule has no order: no value of it is tighter than another, so it cannot be set
from where only tightening is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cope_lsp.settings.tree import Cloud, Preset, Sandbox

Tighten: TypeAlias = Callable[[Any, Any], Any]
"""(current, proposed) -> the value that holds from now on, or `LOOSER`."""

LOOSER = object()
"""What a rule returns for a proposal that would loosen."""


def _lower(current: Any, proposed: Any) -> Any:  # noqa: ANN401 -- any number
    return proposed if proposed <= current else LOOSER


def _towards(*order: object) -> Tighten:
    def tighten(current: object, proposed: object) -> object:
        return proposed if order.index(proposed) >= order.index(current) else LOOSER

    return tighten


def _off(current: object, proposed: object) -> object:
    return proposed if current or not proposed else LOOSER


def _only(value: object) -> Tighten:
    def tighten(current: object, proposed: object) -> object:
        return proposed if proposed in (value, current) else LOOSER

    return tighten


def _more(current: tuple[str, ...], proposed: tuple[str, ...]) -> object:
    # A git-ignore pattern that begins with `!` takes files out of the list.
    if any(pattern.lstrip().startswith("!") for pattern in proposed if pattern not in current):
        return LOOSER
    return current + tuple(pattern for pattern in proposed if pattern not in current)


def _fewer(current: tuple[str, ...], proposed: tuple[str, ...]) -> object:
    return proposed if set(proposed) <= set(current) else LOOSER


TIGHTENING: Mapping[str, Tighten] = {
    "cloud": _towards(Cloud.ALLOW, Cloud.ASK, Cloud.NEVER),
    "stages": _only(Preset.LOCAL),
    "sandbox": _towards(Sandbox.OFF, Sandbox.REQUIRED),
    "auto_apply": _off,
    "small.allow_http": _off,
    "large.allow_http": _off,
    "cache.shared": _off,
    "budget.per_request_usd": _lower,
    "budget.per_day_usd": _lower,
    "samples": _lower,
    "deadline_s": _lower,
    "tests.timeout_s": _lower,
    "cache.size_mb": _lower,
    "ignore": _more,
    "tests.expose": _fewer,
}

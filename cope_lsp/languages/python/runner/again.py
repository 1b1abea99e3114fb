"""The same calls in a fresh interpreter, whose sets of strings are in another order."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cope_lsp.languages.python.runner.order import Body, Order

HERE = os.path.dirname(os.path.abspath(__file__))
WORD = "again"
SEED = "1"
"""Of the hashes there; the runs' own is 0."""

PATIENCE_S = 1.4
"""What the second interpreter gets for all calls beyond one call's limit."""

_HASHED = re.compile(rb"\b(?:set|frozenset|hash)\(|\{[^{}:\n]*(?:\bfor\b|,)[^{}:\n]*\}")


def marked(order: Order, bodies: Mapping[str, Body]) -> list[Body]:
    """Those that depend on how strings hash: `unordered` if only the order differs, else `unstable`."""
    asked = {id_: body for id_, body in bodies.items() if "value" in body and _may_vary(body["value"])}
    if not asked or not _hashes(order):
        return []
    calls = {case.id: case.call for case in order.cases if case.id in asked}
    differing = [
        (asked[id_], value)
        for id_, value in _second(order, calls).items()
        if id_ in asked and value != asked[id_]["value"]
    ]
    return [
        dict(
            body, **{"unordered" if sorted_parts(value) == sorted_parts(body["value"]) else "unstable": True}
        )
        for body, value in differing
    ]


def sorted_parts(encoded: Any) -> Any:
    """An encoded value with the items of each container in one order."""
    if not isinstance(encoded, list):
        return encoded
    kind, *rest = cast("list[Any]", encoded)
    if kind in ("list", "tuple", "dict") and rest:
        return [kind, sorted(map(sorted_parts, rest[0]), key=json.dumps)]
    return [kind, *map(sorted_parts, rest)]


def answer(evaluate: Callable[[Body], dict[str, Any]]) -> int:
    """Be the second interpreter: values by id on the descriptor that the order names."""
    asked = json.loads(sys.stdin.buffer.read())
    values = evaluate(asked)
    with os.fdopen(asked["answer"], "w") as file:
        json.dump(values, file)
    return 0


def _may_vary(encoded: list[Any]) -> bool:
    """Whether the order of strings can show in a value; that of numbers is always the same."""
    kind, *rest = encoded
    if kind == "str":
        return len(rest[0]) > 1
    return kind == "long" or (kind in ("list", "tuple", "dict", "other") and '"str"' in json.dumps(rest))


def _hashes(order: Order) -> bool:
    with open(order.target, "rb") as file:
        return _HASHED.search(file.read()) is not None


def _second(order: Order, calls: Mapping[str, str]) -> dict[str, Any]:
    """What the calls give there; nothing where that interpreter did not come to an end in its time."""
    asked = {"root": order.root, "path": order.path, "calls": calls, "limit_s": order.limit_s}
    try:
        with tempfile.TemporaryFile() as answer:
            subprocess.run(  # noqa: S603 -- our own program on the interpreter that runs it
                [sys.executable, "-s", os.path.join(HERE, "main.py"), WORD],
                env=dict(os.environ, PYTHONHASHSEED=SEED),
                input=json.dumps(dict(asked, answer=answer.fileno())).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(answer.fileno(),),
                timeout=order.limit_s + PATIENCE_S,
                check=False,
            )
            answer.seek(0)
            return dict(json.loads(answer.read() or b"{}"))
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}

"""What a call did in a form that can be compared: where two texts are the same, nothing tells them apart.

`likeness` is for candidates, as tests would tell them apart: floats to seven digits, a whole float like the
integer (tests compare by `==`), an exception by its type alone. What is printed, and what happens to
arguments, counts where the call gives nothing back; what happens to the object whose method it is, and to
files, always does. `exactly` keeps all that was seen, but for the noise of floats and the order of sets.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from cope_lsp.languages.python.runner.again import sorted_parts

if TYPE_CHECKING:
    from collections.abc import Callable

Body: TypeAlias = dict[str, Any]

UNORDERED = "unordered "
"""Opens what a call gave where only the members are sure."""

DIGITS = 7
FINE = 12
TINY = 1e-9
WHOLE = 1e15
SHOWN = 1000


def likeness(body: Body) -> str:
    """The text for a call's record; empty where the call says nothing of the candidate."""
    if body.get("cheat") or body.get("unstable"):
        return ""
    if body["outcome"] == "timed out":
        return "runs out of time"
    if body["outcome"] == "raised":
        kind = str((body.get("raised") or ["an exception"])[0]).removeprefix("builtins.")
        return f"raises {kind}"
    if body["outcome"] != "returned":
        return ""
    value = sorted_parts(body["value"]) if body.get("unordered") else body["value"]
    effects = _ALWAYS if body["value"] != ["None"] else (*_INSTEAD, *_ALWAYS)
    told = [f"{word} {_shown(body[key])}" for key, word in effects if body.get(key)]
    text = _bounded("; ".join([_shown(value), *told]))
    return f"{UNORDERED}{text}" if body.get("unordered") else text


def traced(bodies: list[Body]) -> str:
    """What a test saw the target do, call after call: a line for what went in, a line for what came of it."""
    return "\n".join(line for body in bodies for line in (_shown(body["arguments"]), likeness(body)))


def exactly(body: Body) -> str:
    """All that a call did; for one that is not the same every time only that."""
    if body.get("unstable"):
        return "unstable"
    sort = sorted_parts if body.get("unordered") else list[Any]
    effects = {
        key: _settled(sort(body[key])) for key in ("value", "changed", "owner", "files") if body.get(key)
    }
    told = {key: body[key] for key in ("raised", "printed") if body.get(key)}
    return json.dumps({**effects, **told}, sort_keys=True)


_ALWAYS = (("owner", "makes it"), ("files", "writes"))
_INSTEAD = (("printed", "prints"), ("changed", "leaves"))


def _bounded(text: str) -> str:
    if len(text) <= SHOWN:
        return text
    return f"{text[:SHOWN]}… {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _shown(encoded: list[Any] | str) -> str:
    """The source text of an encoded value, numbers made comparable."""
    if isinstance(encoded, str):
        return repr(encoded)
    kind, *rest = encoded
    show = _SHOWN.get(str(kind))
    if show is not None and rest:
        return show(rest[0])
    if kind in ("None", "Ellipsis"):
        return str(kind)
    return " ".join(each if isinstance(each, str) else _shown(each) for each in rest)


def _settled(encoded: Any) -> Any:  # noqa: ANN401 -- any part of an encoded value
    """The encoded value without the noise of floats."""
    match encoded:
        case ["float", str(text)]:
            value = float(text)
            return ["float", repr(0.0 if abs(value) < TINY else float(f"{value:.{FINE}g}"))]
        case list():
            return [_settled(part) for part in cast("list[Any]", encoded)]
        case _:
            return encoded


def _number(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return repr(value)
    if value == int(value) and abs(value) < WHOLE:
        return str(int(value))
    near = float(f"{value:.{DIGITS}g}") if abs(value) > TINY else 0.0
    return str(int(near)) if near == int(near) and abs(near) < WHOLE else repr(near)


def _complex(text: str) -> str:
    value = complex(text)
    return f"complex({_number(value.real)}, {_number(value.imag)})"


def _several(items: list[Any]) -> str:
    return ", ".join(map(_shown, items))


_SHOWN: dict[str, Callable[[Any], str]] = {
    "bool": str,
    "int": lambda text: str(int(text, 16)) if len(text) < SHOWN else text,
    "float": lambda text: _number(float(text)),
    "complex": _complex,
    "str": repr,
    "bytes": lambda text: repr(bytes.fromhex(text)),
    "bytearray": lambda text: f"bytearray({bytes.fromhex(text)!r})",
    "list": lambda items: f"[{_several(items)}]",
    "tuple": lambda items: f"({_several(items)}{',' if len(items) == 1 else ''})",
    "set": lambda items: f"{{{', '.join(sorted(map(_shown, items)))}}}" if items else "set()",
    "frozenset": lambda items: f"frozenset({{{', '.join(sorted(map(_shown, items)))}}})",
    "dict": lambda pairs: f"{{{', '.join(sorted(f'{_shown(k)}: {_shown(v)}' for k, v in pairs))}}}",
}

"""What a call did in a form that candidates can be compared by: the same text, nothing tells them apart.

Looser than the record: floats to seven digits, a whole float like the integer (tests compare by `==`), a set
in one order, an exception by its type alone. What is printed, and what happens to arguments, counts where the
call gives nothing back; what happens to the object whose method it is, and to files, always does.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Body: TypeAlias = dict[str, Any]

DIGITS = 7
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
    effects = _ALWAYS if body["value"] != ["None"] else (*_INSTEAD, *_ALWAYS)
    told = [f"{word} {_shown(body[key])}" for key, word in effects if body.get(key)]
    return _bounded("; ".join([_shown(body["value"]), *told]))


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
    show = _SHOWN.get(kind)
    if show is not None:
        return show(rest[0])
    return " ".join([kind, *map(str, rest)])


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

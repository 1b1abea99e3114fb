"""Whether the target's lines run, and what its calls give back."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterable

EXACT = (type(None), bool, int, float, complex, str, bytes, bytearray)


class Place(NamedTuple):
    """The definition under test: file, name, first and last line."""

    path: str
    name: str
    first: int
    last: int


class Watch(NamedTuple):
    """What can be asked of a watch: each answer covers the time since the last asking."""

    ran: Callable[[], bool]
    cheat: Callable[[], str]
    started: Callable[[str, str], bool]


def watch(place: Place, test_files: Iterable[str]) -> Watch:
    """Watch the target's code and the functions of the test files from now on, in every thread."""
    tests = {os.path.realpath(path) for path in test_files}
    known: dict[str, str] = {}
    seen: dict[str, Any] = {"ran": False, "cheat": "", "busy": False}
    started: set[tuple[str, str]] = set()

    def real(filename: str) -> str:
        if filename not in known:
            known[filename] = os.path.realpath(filename)
        return known[filename]

    def enter(code: types.CodeType) -> tuple[bool, bool]:
        path = real(code.co_filename)
        in_test = path in tests
        if in_test:
            started.add((path, code.co_name))
        return _is_target(code, path, place), in_test

    def leave(value: object, arguments: dict[str, Any]) -> None:
        if seen["busy"] or seen["cheat"]:
            return
        seen["busy"] = True
        try:
            seen["cheat"] = probe((value, list(arguments.values())), place)
        finally:
            seen["busy"] = False

    def note() -> None:
        seen["ran"] = True

    arm = (_monitor if hasattr(sys, "monitoring") else _trace)(enter, note, leave)
    arm()

    def ran() -> bool:
        # A tracer that met the recursion limit, or was taken off, works again from the next case on.
        arm()
        return _take(seen, "ran", empty=False)

    def has_started(path: str, name: str) -> bool:
        return (os.path.realpath(path), name) in started

    return Watch(ran, lambda: _take(seen, "cheat", empty=""), has_started)


def probe(value: object, place: Place, depth: int = 4) -> str:
    """Why a value cannot be trusted in a comparison; empty where it can."""
    kind = type(value)
    if kind in EXACT:
        return ""
    if kind in (list, tuple, set, frozenset, dict):
        container: Any = value
        items: list[object] = list(container.items() if kind is dict else container)[:50] if depth else []
        return next((why for why in (probe(item, place, depth - 1) for item in items) if why), "")
    for name in ("__eq__", "__ne__", "__repr__"):
        code = getattr(getattr(kind, name, None), "__code__", None)
        if code is not None and _inside(code, place):
            return f"its result is a {kind.__name__} that overrides {name}"
    try:
        if (value == object()) is True:
            return f"its result is a {kind.__name__} that equals anything"
    except Exception:  # noqa: BLE001 -- comparing a foreign object may raise anything
        return ""
    return ""


def _inside(code: types.CodeType, place: Place) -> bool:
    return (
        place.first <= code.co_firstlineno <= place.last and os.path.realpath(code.co_filename) == place.path
    )


def _is_target(code: types.CodeType, path: str, place: Place) -> bool:
    return (
        code.co_name == place.name and path == place.path and place.first <= code.co_firstlineno <= place.last
    )


def _take(seen: dict[str, Any], name: str, *, empty: Any) -> Any:
    value, seen[name] = seen[name], empty
    return value


def _arguments(frame: types.FrameType) -> dict[str, Any]:
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    values = frame.f_locals
    return {name: values[name] for name in names if type(values.get(name)) in (list, dict, set)}


def _trace(
    enter: Callable[[types.CodeType], tuple[bool, bool]],
    note: Callable[[], None],
    leave: Callable[[object, dict[str, Any]], None],
) -> Callable[[], None]:
    def inner(frame: types.FrameType, event: str, value: Any) -> Any:
        if event == "return":
            leave(value, _arguments(frame))
        return inner

    def outer(frame: types.FrameType, event: str, value: Any) -> Any:  # noqa: ARG001 -- the tracer's signature
        is_target, _ = enter(frame.f_code)
        if not is_target:
            return None
        note()
        frame.f_trace_lines = False
        return inner

    def arm() -> None:
        threading.settrace(outer)
        sys.settrace(outer)

    return arm


def _monitor(
    enter: Callable[[types.CodeType], tuple[bool, bool]],
    note: Callable[[], None],
    leave: Callable[[object, dict[str, Any]], None],
) -> Callable[[], None]:
    monitoring: Any = vars(sys)["monitoring"]
    tool = next(number for number in (4, 3, 5, 2, 0) if monitoring.get_tool(number) is None)
    events, disable = monitoring.events, monitoring.DISABLE
    caller: Any = vars(sys)["_getframe"]

    def start(code: types.CodeType, offset: int) -> Any:  # noqa: ARG001 -- the callback's signature
        is_target, in_test = enter(code)
        if is_target:
            note()
        return None if is_target or in_test else disable

    def end(code: types.CodeType, offset: int, value: object) -> Any:  # noqa: ARG001 -- the callback's signature
        if not enter(code)[0]:
            return disable
        leave(value, _arguments(caller(1)))
        return None

    monitoring.use_tool_id(tool, "watch")
    monitoring.register_callback(tool, events.PY_START, start)
    monitoring.register_callback(tool, events.PY_RETURN, end)
    monitoring.register_callback(tool, events.PY_YIELD, end)
    wanted = events.PY_START | events.PY_RETURN | events.PY_YIELD

    def arm() -> None:
        if monitoring.get_tool(tool) and monitoring.get_events(tool) != wanted:
            monitoring.set_events(tool, wanted)

    return arm

"""Whether the target's lines run, and what its calls give back."""

from __future__ import annotations

import dis
import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from cope_lsp.languages.python.runner.tracing import SILENT, Recorder

if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterable

LEAVING = {dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST", "YIELD_VALUE") if name in dis.opmap}
"""The last instruction of a frame that ends by itself, and not by an exception."""

MOST_CODES = 10_000
"""Code that is remembered not to be the target's; a candidate may make more without end."""

EXACT = (type(None), bool, int, float, complex, str, bytes, bytearray)


class Place(NamedTuple):
    """The definition under test: file, name, first and last line."""

    path: str
    name: str
    first: int
    last: int


class _Says(NamedTuple):
    """Told of code that starts, and of the target's frames that start, end, or end by an exception."""

    enter: Callable[[types.CodeType], tuple[bool, bool]]
    note: Callable[..., None]
    leave: Callable[..., None]
    unwind: Callable[..., None]


class Watch(NamedTuple):
    """What can be asked of a watch: each answer covers the time since the last asking."""

    ran: Callable[[], bool]
    cheat: Callable[[], str]
    started: Callable[[str, str], bool]


def watch(place: Place, test_files: Iterable[str], trace: Recorder = SILENT) -> Watch:
    """Watch the target's code and the functions of the test files from now on, in every thread.

    `trace` is told of the target's calls.
    """
    tests = {os.path.realpath(path) for path in test_files}
    known: dict[str, str] = {}
    seen: dict[str, Any] = {"ran": False, "cheat": "", "busy": False}
    started: set[tuple[str, str]] = set()

    def enter(code: types.CodeType) -> tuple[bool, bool]:
        path = known.get(code.co_filename) or known.setdefault(
            code.co_filename, os.path.realpath(code.co_filename)
        )
        in_test = path in tests
        if in_test:
            started.add((path, code.co_name))
        return _is_target(code, path, place), in_test

    def note(frame: types.FrameType) -> None:
        seen["ran"] = True
        _alone(seen, trace.begin, frame)

    def leave(frame: types.FrameType, value: object) -> None:
        _alone(seen, look, frame, value)
        _alone(seen, trace.end, frame, value)

    def look(frame: types.FrameType, value: object) -> None:
        seen["cheat"] = seen["cheat"] or probe((value, list(_arguments(frame).values())), place)

    says = _Says(enter, note, leave, partial(_alone, seen, trace.fail))
    arm = (_monitor if hasattr(sys, "monitoring") else _trace)(says)
    arm()

    def ran() -> bool:
        # A tracer that met the recursion limit, or was taken off, works again from the next case on.
        arm()
        return _take(seen, "ran", empty=False)

    def has_started(path: str, name: str) -> bool:
        return (os.path.realpath(path), name) in started

    return Watch(ran, lambda: _take(seen, "cheat", empty=""), has_started)


def _alone(seen: dict[str, Any], tell: Callable[..., None], *what: object) -> None:
    """What looks at values may run the target's own code, which must not be looked at in turn."""
    if not seen["busy"]:
        seen["busy"] = True
        try:
            tell(*what)
        finally:
            seen["busy"] = False


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


def _trace(says: _Says) -> Callable[[], None]:
    raised: list[str] = [""]
    # By identity, since code objects are slow to hash; each is held, so that no other gets its identity.
    others: dict[int, types.CodeType] = {}
    targets: dict[int, tuple[types.CodeType, bytes]] = {}

    def inner(frame: types.FrameType, event: str, value: Any) -> Any:
        if event == "exception":
            raised[0] = f"{value[0].__module__}.{value[0].__qualname__}"
        elif event == "return":
            if targets[id(frame.f_code)][1][frame.f_lasti] in LEAVING:
                says.leave(frame, value)
            else:
                says.unwind(frame, raised[0])
        return inner

    def outer(frame: types.FrameType, event: str, value: Any) -> Any:  # noqa: ARG001 -- the tracer's signature
        frame.f_trace_lines = False
        code = frame.f_code
        if others.get(id(code)) is code:
            return None
        is_target, _ = says.enter(code)
        if not is_target:
            _keep(others, code)
            return None
        if id(code) not in targets:
            targets[id(code)] = (code, code.co_code)  # made anew each time that it is asked for
        says.note(frame)
        return inner

    def arm() -> None:
        threading.settrace(outer)
        sys.settrace(outer)

    return arm


def _keep(codes: dict[int, types.CodeType], code: types.CodeType) -> None:
    if len(codes) < MOST_CODES:
        codes[id(code)] = code


def _monitor(says: _Says) -> Callable[[], None]:
    monitoring: Any = vars(sys)["monitoring"]
    tool = next(number for number in (4, 3, 5, 2, 0) if monitoring.get_tool(number) is None)
    events, disable = monitoring.events, monitoring.DISABLE
    caller: Any = vars(sys)["_getframe"]

    def start(code: types.CodeType, offset: int) -> Any:  # noqa: ARG001 -- the callback's signature
        is_target, in_test = says.enter(code)
        if is_target:
            says.note(caller(1))
        return None if is_target or in_test else disable

    def end(code: types.CodeType, offset: int, value: object) -> Any:  # noqa: ARG001 -- the callback's signature
        if not says.enter(code)[0]:
            return disable
        says.leave(caller(1), value)
        return None

    def fail(code: types.CodeType, offset: int, error: BaseException) -> None:  # noqa: ARG001 -- likewise
        if says.enter(code)[0]:
            says.unwind(caller(1), f"{type(error).__module__}.{type(error).__qualname__}")

    monitoring.use_tool_id(tool, "watch")
    monitoring.register_callback(tool, events.PY_START, start)
    monitoring.register_callback(tool, events.PY_RETURN, end)
    monitoring.register_callback(tool, events.PY_YIELD, end)
    monitoring.register_callback(tool, events.PY_UNWIND, fail)
    wanted = events.PY_START | events.PY_RETURN | events.PY_YIELD | events.PY_UNWIND

    def arm() -> None:
        if monitoring.get_tool(tool) and monitoring.get_events(tool) != wanted:
            monitoring.set_events(tool, wanted)

    return arm

"""What the target is seen to do while tests run: its calls from outside, what went in and what came out."""

from __future__ import annotations

import inspect
import json
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from cope_lsp.languages.python.runner import encoding

if TYPE_CHECKING:
    import types
    from collections.abc import Callable

    from cope_lsp.languages.python.runner.order import Body

MOST = 12
"""Calls of one test beyond this many are left out."""

ROOM = 60_000
"""Characters that all traces of a run may take; a test that finds no room has none."""

LATER = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class Recorder(NamedTuple):
    """What a watch tells of the target's calls, and what it was told since it was last asked."""

    begin: Callable[[types.FrameType], None]
    end: Callable[[types.FrameType, object], None]
    fail: Callable[[types.FrameType, str], None]
    taken: Callable[[], list[Body]]


def _nothing(*_: object) -> None:
    return None


SILENT = Recorder(_nothing, _nothing, _nothing, list)
"""Records nothing."""


def recorder() -> Recorder:
    """A recorder of the outermost calls in this thread; a call within a call is the target's own matter."""
    open_: list[_Open] = []
    done: list[Body] = []
    room = [ROOM]
    home = threading.get_ident()

    def begin(frame: types.FrameType) -> None:
        later = frame.f_code.co_flags & LATER
        if not open_ and not later and len(done) < MOST and threading.get_ident() == home:
            open_.append(_opened(frame))

    def end(frame: types.FrameType, value: object) -> None:
        if open_ and open_[0].frame is frame:
            done.append(_closed(open_.pop(), {"outcome": "returned", "value": encoding.brief(value)}))

    def fail(frame: types.FrameType, kind: str) -> None:
        if open_ and open_[0].frame is frame:
            done.append(_closed(open_.pop(), {"outcome": "raised", "raised": [kind]}))

    def taken() -> list[Body]:
        bodies = list(done)
        done.clear()
        open_.clear()
        room[0] -= len(json.dumps(bodies))
        return bodies if room[0] >= 0 else []

    return Recorder(begin, end, fail, taken)


class _Open(NamedTuple):
    frame: types.FrameType
    owner: Any
    arguments: list[Any]
    given: list[Any]


def _opened(frame: types.FrameType) -> _Open:
    owner, arguments = _given(frame)
    return _Open(frame, owner, arguments, encoding.brief(arguments))


def _closed(call: _Open, what: Body) -> Body:
    body = dict(what, arguments=call.given)
    after = encoding.brief(call.arguments)
    if after != call.given:
        body["changed"] = after
    if type(getattr(call.owner, "__dict__", None)) is dict:
        body["owner"] = encoding.brief(dict(call.owner.__dict__))
    return body


def _given(frame: types.FrameType) -> tuple[Any, list[Any]]:
    """The object whose method it is, and the other arguments in the signature's order."""
    code = frame.f_code
    several = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + several]
    values = frame.f_locals
    owner = values.get("self") if names[:1] == ("self",) else None
    return owner, [values[name] for name in names if name in values and name not in ("self", "cls")]

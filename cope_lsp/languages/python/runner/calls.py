"""Docstring examples, and calls on generated inputs: evaluated here, compared elsewhere."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import os
import signal
import time
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from cope_lsp.languages.python.runner import again, encoding, footprint, integrity, project, watching
from cope_lsp.languages.python.runner.order import Case

if TYPE_CHECKING:
    import types
    from collections.abc import Callable

    from cope_lsp.languages.python.runner.order import Body, Order, Send

PRINTED = 4000
TRACEBACK = 1500
HOPELESS = 2
"""Cases that hang, if they are the first, before the rest is given up."""

UNTRIED = "not tried after others hung"
IDLE_S = 1.5
"""Seconds that a case may wait beyond those that it computes; less than the supervisor grants."""

QUICK_S = 0.2
"""A call that takes longer is not tried a second time."""

COMPARED = ("outcome", "value", "raised", "printed", "changed", "owner")
TOLD = (*COMPARED, "unstable")
"""What is said of a call; the rest would only fill the record, which has its bounds."""
HERE = os.path.dirname(os.path.abspath(__file__))
ASYNC = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class OutOfTime(BaseException):
    """The case's time is over."""


class Printed(io.StringIO):
    """What a case prints, up to a bound."""

    def write(self, text: str) -> int:
        """Keep the text while there is room."""
        return super().write(text) if self.tell() < PRINTED else len(text)


class Way(NamedTuple):
    """How a group of cases is tried.

    `most_hung` cases that run out of time before the rest is given up. `careful`: what a case changed in the
    interpreter is looked for after each, not once after all.
    """

    evaluate: Callable[[Case, types.ModuleType], Body]
    most_hung: int
    careful: bool


def run_examples(order: Order, send: Send) -> None:
    """Evaluate each example in a copy of the module's names, as doctest does."""
    _run(order, send, Way(partial(_shown_example, order.limit_s), most_hung=1, careful=True))


def run_assertions(order: Order, send: Send) -> None:
    """The same for self-made tests, which are many and no proof."""
    _run(order, send, Way(partial(_shown_example, order.limit_s), most_hung=2, careful=False))


def run_calls(order: Order, send: Send) -> None:
    """Evaluate each call; what it gave, raised, printed and changed is its behaviour.

    Each is tried twice, and where sets are involved once more in another interpreter: what is not the same
    every time is marked.
    """
    touched = footprint.remember(order.root)

    def observe(case: Case, module: types.ModuleType) -> Body:
        touched()
        body = _twice(case, module, order.limit_s)
        files = touched()
        told = {key: body[key] for key in TOLD if body.get(key)}
        if told.get("printed"):
            told["printed"] = encoding.shortened(told["printed"])
        return dict(told, files=encoding.brief(files)) if files else told

    for body in again.marked(order, _run(order, send, Way(observe, most_hung=6, careful=False))):
        send(body)


def answer_again() -> int:
    """Be the second interpreter for `run_calls`."""
    return again.answer(_values)


def _values(asked: Body) -> dict[str, Any]:
    project.prepare(asked["root"], asked["path"])
    _heed_clock()
    module = project.import_target(asked["root"], asked["path"])
    bodies = {
        id_: _timed(partial(_call, Case(id_, call=call), _names(module)), asked["limit_s"])
        for id_, call in asked["calls"].items()
    }
    return {id_: body["value"] for id_, body in bodies.items() if body["outcome"] == "returned"}


def _twice(case: Case, module: types.ModuleType, limit_s: float) -> Body:
    """A call's record, marked `unstable` where a second try right after it gives another."""
    since = time.process_time()
    body = _timed(partial(_call, case, _names(module)), limit_s)
    if body["outcome"] == "timed out" or time.process_time() - since > QUICK_S:
        return body
    other = _timed(partial(_call, case, _names(module)), limit_s)
    return dict(body, unstable=True) if any(body.get(key) != other.get(key) for key in COMPARED) else body


def _run(order: Order, send: Send, way: Way) -> dict[str, Body]:
    """Send a record for each case; all that were sent, by id."""
    place = watching.Place(order.target, order.name, order.first, order.last)
    project.prepare(order.root, order.path)
    changed = integrity.remember(integrity.PLAIN)
    watch = watching.watch(place, [])
    _heed_clock()
    hung = 0
    sent: dict[str, Body] = {}
    module = _imported(order, send, watch)
    if module is None:
        return sent
    for case in order.todo:
        if hung == way.most_hung or hung == len(sent) == HOPELESS:
            send({"kind": "case", "id": case.id, "outcome": "timed out", "detail": UNTRIED})
            continue
        send({"kind": "start", "id": case.id})
        body = way.evaluate(case, module)
        hung += body["outcome"] == "timed out"
        cheat = watch.cheat() or (_name_of(changed) if way.careful else "")
        sent[case.id] = dict(body, kind="case", id=case.id, ran=watch.ran(), cheat=cheat)
        send(sent[case.id])
    cheat = "" if way.careful else _name_of(changed)
    for id_ in sent if cheat else ():
        sent[id_]["cheat"] = cheat
        send(sent[id_])
    return sent


def _imported(order: Order, send: Send, watch: watching.Watch) -> types.ModuleType | None:
    """The target's module; where it cannot be imported, all cases are told why."""
    try:
        module = project.import_target(order.root, order.path)
    except BaseException as error:  # noqa: BLE001 -- the project may raise anything at import
        body = dict(_raised(error), ran=watch.ran())
        for case in order.todo:
            send(dict(body, kind="case", id=case.id, outcome="errored"))
        return None
    watch.ran()
    return module


def _name_of(changed: Callable[[], list[str]]) -> str:
    return "".join(f"it changed {name}" for name in changed()[:1])


def _shown_example(limit_s: float, case: Case, module: types.ModuleType) -> Body:
    return _timed(partial(_example, case, _names(module)), limit_s)


def _names(module: types.ModuleType) -> dict[str, Any]:
    return dict(vars(module), __name__=module.__name__)


def _timed(evaluate: Callable[[], Body], limit_s: float) -> Body:
    printed = Printed()
    _set_clock(limit_s, limit_s + IDLE_S)
    try:
        with contextlib.redirect_stdout(printed):
            body = evaluate()
    except OutOfTime:
        body = {"outcome": "timed out", "detail": f"no result within {limit_s:g} s"}
    except BaseException as error:  # noqa: BLE001 -- the candidate may raise anything
        body = dict(_raised(error), outcome="raised")
    finally:
        _set_clock(0, 0)
    return dict(body, printed=printed.getvalue()[:PRINTED])


def _set_clock(computing_s: float, wall_s: float) -> None:
    """Bound the time that is computed, so that a loaded machine changes nothing, and more widely all time."""
    signal.setitimer(signal.ITIMER_PROF, computing_s)
    signal.setitimer(signal.ITIMER_REAL, wall_s)


def _heed_clock() -> None:
    signal.signal(signal.SIGPROF, _out_of_time)
    signal.signal(signal.SIGALRM, _out_of_time)


def _out_of_time(number: int, frame: Any) -> None:  # noqa: ARG001 -- a signal handler's signature
    raise OutOfTime


def _raised(error: BaseException) -> Body:
    kinds = [kind for kind in type(error).__mro__ if kind not in (Exception, BaseException, object)]
    try:
        message = str(error)[:PRINTED]
    except Exception:  # noqa: BLE001 -- a message of the candidate's may raise anything
        message = ""
    lines = traceback.format_exception(type(error), error, _theirs(error.__traceback__), limit=-4)
    return {
        "raised": [f"{kind.__module__}.{kind.__qualname__}" for kind in kinds] or [type(error).__name__],
        "message": message,
        "detail": "".join(lines)[-TRACEBACK:],
    }


def _theirs(trace: types.TracebackType | None) -> types.TracebackType | None:
    """The traceback from the first frame that is not the runner's own."""
    while trace is not None and os.path.dirname(trace.tb_frame.f_code.co_filename) == HERE:
        trace = trace.tb_next
    return trace


def _example(case: Case, names: dict[str, Any]) -> Body:
    for statement in case.setup:
        _execute(statement, names)
    try:
        code = compile(case.call.strip(), "<example>", "eval", ASYNC)
    except SyntaxError:
        _execute(case.call, names)
        return {"outcome": "returned", "value": encoding.encode(None), "shown": "", "statement": True}
    value = _finished(eval(code, names))  # noqa: S307 -- this is the sandbox, and running the example is the job
    body: Body = {"outcome": "returned", "value": encoding.encode(value), "shown": encoding.shown(value)}
    if case.form != "doctest":
        wanted = _finished(eval(case.expected.strip(), names))  # noqa: S307 -- likewise
        same = type(value) is type(wanted) and (value == wanted) is True
        body.update(wanted=encoding.encode(wanted), same=same, wanted_shown=encoding.shown(wanted))
    return body


def _execute(statement: str, names: dict[str, Any]) -> None:
    code = compile(statement + "\n", "<example>", "exec", ASYNC)
    _finished(eval(code, names))  # noqa: S307 -- likewise


def _finished(value: Any) -> Any:
    if not inspect.iscoroutine(value):
        return value
    import asyncio  # noqa: PLC0415 -- a fifth of what a worker would hold and fork each time, and rarely needed

    return asyncio.run(_awaited(value))


async def _awaited(value: Any) -> Any:
    return await value


def _call(case: Case, names: dict[str, Any]) -> Body:
    tree = ast.parse(case.call, mode="eval").body
    if not isinstance(tree, ast.Call):
        value = _finished(_value(tree, names))
        return {"outcome": "returned", "value": encoding.brief(encoding.drawn(value))}
    function = _value(tree.func, names)
    arguments = [_value(item, names) for item in tree.args]
    named = {item.arg: _value(item.value, names) for item in tree.keywords if item.arg}
    before = encoding.brief([arguments, named])
    owner: Any = getattr(function, "__self__", None)
    value = encoding.drawn(_finished(function(*arguments, **named)))
    body: Body = {"outcome": "returned", "value": encoding.brief(value)}
    after = encoding.brief([arguments, named])
    if after != before:
        body["changed"] = after
    if owner is not None and not inspect.ismodule(owner) and hasattr(owner, "__dict__"):
        body["owner"] = encoding.brief(dict(owner.__dict__))
    return body


def _value(tree: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(tree), "<call>", "eval", ASYNC), names)  # noqa: S307 -- likewise

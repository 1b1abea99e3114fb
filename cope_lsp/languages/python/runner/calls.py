"""Docstring examples, and calls on generated inputs: evaluated here, compared elsewhere."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import itertools
import os
import signal
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.python.runner import encoding, integrity, project, watching

if TYPE_CHECKING:
    import types
    from collections.abc import Callable

    from cope_lsp.languages.python.runner.order import Body, Case, Order, Send

PRINTED = 4000
TRACEBACK = 1500
MOST_HUNG = 2
HERE = os.path.dirname(os.path.abspath(__file__))
ASYNC = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class OutOfTime(BaseException):
    """The case's time is over."""


class Printed(io.StringIO):
    """What a case prints, up to a bound."""

    def write(self, text: str) -> int:
        """Keep the text while there is room."""
        return super().write(text) if self.tell() < PRINTED else len(text)


def run_examples(order: Order, send: Send) -> None:
    """Evaluate each example in a copy of the module's names, as doctest does."""
    _run(order, send, _example)


def run_calls(order: Order, send: Send) -> None:
    """Evaluate each call; what it gave, raised, printed and changed is its behaviour."""
    _run(order, send, _call)


def _run(order: Order, send: Send, evaluate: Callable[[Case, dict[str, Any]], Body]) -> None:
    place = watching.Place(order.target, order.name, order.first, order.last)
    project.prepare(order.root, order.path)
    changed = integrity.remember()
    watch = watching.watch(place, [])
    signal.signal(signal.SIGALRM, _out_of_time)
    try:
        module = project.import_target(order.root, order.path)
    except BaseException as error:  # noqa: BLE001 -- the project may raise anything at import
        body = dict(_raised(error), ran=watch.ran())
        for case in order.todo:
            send(dict(body, kind="case", id=case.id, outcome="errored"))
        return
    watch.ran()
    hung = 0
    for case in order.todo:
        if hung == MOST_HUNG:
            send(
                {
                    "kind": "case",
                    "id": case.id,
                    "outcome": "timed out",
                    "detail": "not tried after others hung",
                }
            )
            continue
        send({"kind": "start", "id": case.id})
        body = _timed(partial(evaluate, case, _names(module)), order.limit_s)
        hung += body["outcome"] == "timed out"
        cheat = watch.cheat() or "".join(f"it changed {name}" for name in changed()[:1])
        send(dict(body, kind="case", id=case.id, ran=watch.ran(), cheat=cheat))


def _names(module: types.ModuleType) -> dict[str, Any]:
    return dict(vars(module), __name__=module.__name__)


def _timed(evaluate: Callable[[], Body], limit_s: float) -> Body:
    printed = Printed()
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        with contextlib.redirect_stdout(printed):
            body = evaluate()
    except OutOfTime:
        body = {"outcome": "timed out", "detail": f"no result within {limit_s:g} s"}
    except BaseException as error:  # noqa: BLE001 -- the candidate may raise anything
        body = dict(_raised(error), outcome="raised")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return dict(body, printed=printed.getvalue()[:PRINTED])


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
    return asyncio.run(_awaited(value)) if inspect.iscoroutine(value) else value


async def _awaited(value: Any) -> Any:
    return await value


def _call(case: Case, names: dict[str, Any]) -> Body:
    tree = ast.parse(case.call, mode="eval").body
    if not isinstance(tree, ast.Call):
        value = _finished(_value(tree, names))
        return {"outcome": "returned", "value": encoding.encode(value)}
    function = _value(tree.func, names)
    arguments = [_value(item, names) for item in tree.args]
    named = {item.arg: _value(item.value, names) for item in tree.keywords if item.arg}
    before = encoding.encode([arguments, named])
    owner: Any = getattr(function, "__self__", None)
    value = _finished(function(*arguments, **named))
    if inspect.isgenerator(value):
        value = list(itertools.islice(value, 1000))
    body: Body = {"outcome": "returned", "value": encoding.encode(value)}
    after = encoding.encode([arguments, named])
    if after != before:
        body["changed"] = after
    if owner is not None and not inspect.ismodule(owner) and hasattr(owner, "__dict__"):
        body["owner"] = encoding.encode(dict(owner.__dict__))
    return body


def _value(tree: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(tree), "<call>", "eval", ASYNC), names)  # noqa: S307 -- likewise

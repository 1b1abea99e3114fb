"""The project's tests by unittest, where it has no pytest."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
import unittest
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.python.runner import integrity, project, tracing, watching

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.languages.python.runner.order import Body, Order, Send

DETAIL = 1500


def run_tests(order: Order, send: Send) -> None:
    """Run the wanted `file::Class::method` tests one after the other."""
    place = watching.Place(order.target, order.name, order.first, order.last)
    project.prepare(order.root, order.path)
    sys.argv = ["unittest"]
    changed = integrity.remember(integrity.testing())
    trace = tracing.recorder()
    watch = watching.watch(place, order.files, trace)
    for file in order.files:
        ids = [case.id for case in order.todo if os.path.join(order.root, case.path) == file]
        if ids:
            observer = _Observer(order.root, watch, changed, trace, send)
            _run_file(os.path.relpath(file, order.root), ids, observer)


class _Observer(unittest.TestResult):
    """Reports each test once, after its tear-down."""

    def __init__(
        self,
        root: str,
        watch: watching.Watch,
        changed: Callable[[], list[str]],
        trace: tracing.Recorder,
        send: Send,
    ) -> None:
        super().__init__()
        self.root, self.watch, self.changed, self.trace, self.send = root, watch, changed, trace, send
        self.ids: dict[tuple[str, str], str] = {}
        self.path = ""
        self.reached = False
        self.state: Body = {}

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 -- unittest's name
        super().startTest(test)
        case = self.ids.get((type(test).__name__, test.id().split(".")[-1]), test.id())
        self.state = {
            "kind": "case",
            "id": case,
            "outcome": "missing",
            "detail": "",
            "error": "",
            "cheat": "",
        }
        self.reached = self.watch.ran() or self.reached
        self.send({"kind": "start", "id": case})

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802 -- unittest's name
        super().stopTest(test)
        cheat = self.watch.cheat() or "".join(f"it changed {name}" for name in self.changed()[:1])
        ran = self.watch.ran() or self.reached
        started = self.watch.started(os.path.join(self.root, self.path), test.id().split(".")[-1])
        self.send(dict(self.state, cheat=cheat, ran=ran and started, trace=self.trace.taken()))

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802 -- unittest's name
        super().addSuccess(test)
        if self.state["outcome"] == "missing":
            self.state["outcome"] = "passed"

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 -- unittest's name
        super().addFailure(test, err)
        self._failed(err)

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 -- unittest's name
        super().addError(test, err)
        if self.state:
            self._failed(err)
        else:
            self.broken(err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:  # noqa: N802 -- unittest's name
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._failed(err)

    def _failed(self, err: Any) -> None:
        detail = "".join(traceback.format_exception(*err, limit=-4))[-DETAIL:]
        self.state.update(outcome="failed", error=err[0].__name__, detail=detail)

    def broken(self, err: Any) -> None:
        """Report that the file's tests could not even start."""
        detail = "".join(traceback.format_exception(*err, limit=-4))[-DETAIL:]
        self.send(
            {
                "kind": "collected",
                "file": self.path,
                "outcome": "errored",
                "detail": detail,
                "ran": self.watch.ran(),
                "cheat": "",
            }
        )


def _run_file(path: str, ids: list[str], observer: _Observer) -> None:
    observer.path = path
    folder, name = project.home_of(observer.root, path)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        module = importlib.import_module(name)
    except BaseException:  # noqa: BLE001 -- the project may raise anything at import
        observer.broken(sys.exc_info())
        return
    observer.reached = observer.watch.ran()
    suite = unittest.TestSuite()
    for case in ids:
        _, owner, method = [*case.split("::"), "", ""][:3]
        kind = getattr(module, owner, None)
        if isinstance(kind, type) and issubclass(kind, unittest.TestCase) and hasattr(kind, method):
            observer.ids[(owner, method)] = case
            suite.addTest(kind(method))
    suite.run(observer)

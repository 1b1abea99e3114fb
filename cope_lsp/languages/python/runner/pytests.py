"""The project's tests by its own pytest, with what was seen while each ran."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.python.runner import integrity, project, tracing, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from cope_lsp.languages.python.runner.order import Body, Order, Send

DETAIL = 1500
NOT_STARTED = (3, 4)  # pytest's exit codes for an internal error and for wrong usage
SETTLED = (
    ("xdist", ["-n0"]),
    ("pytest_cov", ["--no-cov"]),
    ("pytest_randomly", ["-p", "no:randomly"]),
)


def preload() -> None:
    """Import pytest before anything of the project could change it, on disk or in memory."""
    importlib.import_module("pytest")


def preload_plugins() -> None:
    """Import the plugins that are installed beside pytest, as the start of a session does, and end it there.

    Through a session's own start they are imported with their assertions rewritten, or the next would warn.
    """
    config = importlib.import_module("_pytest.config")
    started: Any = None
    try:
        started = config._prepareconfig(["-c", os.devnull, "--rootdir=/", "-p", "no:cacheprovider"])  # noqa: SLF001 -- the start has no public name
    except BaseException:  # noqa: BLE001 -- a plugin may raise anything; the job that wants it will see it
        return
    finally:
        if started is not None:
            started._ensure_unconfigure()  # noqa: SLF001 -- nor has its end


def run_tests(order: Order, send: Send) -> None:
    """Run the wanted tests in this process; options that would stop, choose or spread tests are undone."""
    root, files, pytest = order.root, order.files, importlib.import_module("pytest")
    place = watching.Place(order.target, order.name, order.first, order.last)
    project.prepare(root, order.path)
    sys.argv = ["pytest"]
    changed = integrity.remember(integrity.testing())
    trace = tracing.recorder()
    watch = watching.watch(place, files, trace)
    arguments = [
        "--rootdir=" + root,
        "--continue-on-collection-errors",
        "--maxfail=0",
        "-k",
        "",
        "-m",
        "",
        "-o",
        "cache_dir=" + tempfile.mkdtemp(),
    ]
    for plugin, options in SETTLED:
        if importlib.util.find_spec(plugin) is not None:
            arguments += options
    observer = _observer(pytest, _Seen(order, watch, changed, trace), send)
    said = os.open(os.path.join(tempfile.mkdtemp(), "said"), os.O_RDWR | os.O_CREAT)
    os.dup2(said, 2)
    if pytest.main([*order.options, *arguments, *files], plugins=[observer]) in NOT_STARTED:
        sys.stderr.flush()
        last = os.pread(said, 1 << 16, 0).decode(errors="replace")[-DETAIL:]
        send({"kind": "broken", "group": "pytest", "outcome": "errored", "detail": f"pytest stopped: {last}"})


class _Seen:
    """What the observer looks at while tests run."""

    def __init__(
        self,
        order: Order,
        watch: watching.Watch,
        changed: Callable[[], list[str]],
        trace: tracing.Recorder,
    ) -> None:
        self.wanted = {case.id for case in order.cases}
        self.skip = set(order.done)
        self.target = order.target
        self.watch = watch
        self.changed = changed
        self.trace = trace
        self.reached: set[str] = set()

    def wants(self, nodeid: str) -> bool:
        """Whether the test, or the one that it is a parametrisation of, was asked for."""
        return nodeid not in self.skip and nodeid.partition("[")[0] in self.wanted


def _observer(pytest: Any, seen: _Seen, send: Send) -> object:
    """A plugin that reports each test once, after its tear-down."""
    state: Body = {}

    class Observer:
        """Hooks."""

        @pytest.hookimpl(trylast=True)
        def pytest_sessionstart(self) -> None:
            if seen.watch.ran():
                seen.reached.add("")

        @pytest.hookimpl(tryfirst=True)
        def pytest_collectreport(self, report: Any) -> None:
            file = report.nodeid.split("::")[0]
            if seen.watch.ran():
                seen.reached.add(file)
            if report.failed:
                send(
                    {
                        "kind": "collected",
                        "file": file,
                        "outcome": "errored",
                        "detail": str(report.longrepr)[-DETAIL:],
                        "ran": file in seen.reached or "" in seen.reached,
                        "cheat": _cheat(seen, None),
                    }
                )

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> None:
            wanted = [item for item in items if seen.wants(item.nodeid)]
            config.hook.pytest_deselected(items=[item for item in items if not seen.wants(item.nodeid)])
            items[:] = wanted

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logstart(self, nodeid: str) -> None:
            state.clear()
            state.update(outcome="passed", detail="", kind="case", id=nodeid, ran=False, error="", cheat="")
            send({"kind": "start", "id": nodeid})

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(self, item: Any, call: Any) -> Generator[None, Any, None]:
            outcome: Any = yield
            report: Any = outcome.get_result()
            _note(state, seen, item, call, report)
            if call.when == "teardown":
                state["cheat"] = state["cheat"] or _cheat(seen, item)
                send(dict(state, ran=state["ran"] and _test_ran(seen, item), trace=seen.trace.taken()))

    return Observer()


def _note(state: Body, seen: _Seen, item: Any, call: Any, report: Any) -> None:
    """Add one phase of a test to what is known of it."""
    file = item.nodeid.split("::")[0]
    ran = seen.watch.ran()
    if ran and call.when == "setup":
        seen.reached.add(file)
    state["ran"] = state["ran"] or ran or file in seen.reached or "" in seen.reached
    state["cheat"] = state["cheat"] or seen.watch.cheat()
    if state["outcome"] != "passed":
        return
    if call.excinfo is None and report.passed and not hasattr(report, "wasxfail"):
        return
    if report.skipped or hasattr(report, "wasxfail"):
        state.update(outcome="missing", detail="skipped, or expected to fail")
        return
    state.update(
        outcome="failed" if call.when == "call" else "errored",
        detail=_failure(report),
        error="" if call.excinfo is None else call.excinfo.typename,
    )


def _failure(report: Any) -> str:
    """The traceback's end, and the assertion with its values."""
    text = str(report.longrepr)
    crash = getattr(getattr(report.longrepr, "reprcrash", None), "message", "")
    return text[-DETAIL:] if crash[:200] in text[-DETAIL:] else f"{crash[:DETAIL]}\n{text[-DETAIL // 2 :]}"


def _cheat(seen: _Seen, item: Any) -> str:
    changed = seen.changed()
    if changed:
        return f"it changed {changed[0]}"
    if item is None:
        return ""
    for name in (
        "pytest_runtest_makereport",
        "pytest_runtest_call",
        "pytest_pyfunc_call",
        "pytest_runtest_setup",
    ):
        for implementation in getattr(item.config.hook, name).get_hookimpls():
            code = getattr(implementation.function, "__code__", None)
            if code is not None and os.path.realpath(code.co_filename) == seen.target:
                return "it hooked into pytest"
    return ""


def _test_ran(seen: _Seen, item: Any) -> bool:
    name = getattr(item, "originalname", None) or item.name.split("[")[0]
    return seen.watch.started(str(item.path if hasattr(item, "path") else item.fspath), name)

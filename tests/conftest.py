"""What holds for every ring.

Where `COPE_NO_SKIPS` is set, a skipped test is a failed run. The sandbox ring is heavy: its fork bombs and
time limits would disturb, and be disturbed by, whatever runs beside it. What only judges in it may run beside
others.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_SANDBOX_RING = Path(__file__).parent / "sandbox"
_JUDGING = frozenset(
    f"test_{name}.py"
    for name in (
        *("behaviour", "bench_code", "coding_agent", "own_sets", "security_page"),
        *("verdicts_layouts", "verdicts_secrecy"),
    )
)


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter and os.environ.get("COPE_NO_SKIPS") else 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the sandbox ring before anything is selected by marks."""
    for item in items:
        if _SANDBOX_RING in item.path.parents and item.path.name not in _JUDGING:
            item.add_marker(pytest.mark.heavy)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped something."""
    if _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why the run failed."""
    if count := _skipped(terminalreporter.config):
        terminalreporter.write_line(
            f"COPE_NO_SKIPS is set and {count} tests were skipped: the run fails.", red=True
        )

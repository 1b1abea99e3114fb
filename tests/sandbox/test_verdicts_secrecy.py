"""What watches a candidate and signs its records cannot be looked into by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Status
from tests.sandbox.scene import Unsuspecting, attacked, passing, weakened

if TYPE_CHECKING:
    from cope_lsp.code.workbench import Run
    from tests.sandbox.scene import Scene

PEEKS = """
    import os
    def double(x: int) -> int:
        parent = f"/proc/{os.getppid()}"
        for part in ("mem", "fd/3"):
            try:
                os.close(os.open(f"{parent}/{part}", os.O_RDONLY))
                return 0
            except PermissionError:
                pass
        return 2 * x
"""


async def test_the_memory_and_records_of_what_watches_are_shut(scene: Scene, way: Run) -> None:
    """A candidate that is right only where it can open neither is right."""
    found = await attacked(scene, PEEKS, Unsuspecting(), way)
    assert passing(found) == {"examples", "tests"}, found.evidence


async def test_they_are_open_where_the_runner_does_not_hide(scene: Scene) -> None:
    """The test above can fail."""
    folder = weakened(scene, [("supervisor.py", "    secrecy.hide()", "    pass")])
    found = await attacked(scene, PEEKS, Unsuspecting(folder))
    assert found.status is Status.FAIL

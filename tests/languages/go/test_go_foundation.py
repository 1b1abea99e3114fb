"""Go's standard library is compiled once for all projects, and no project's code takes part."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import psutil
import pytest

from cope_lsp.engine.foundations import Foundations, close, lay
from cope_lsp.languages.go.foundation import COMMON, imported
from cope_lsp.languages.go.language import GO
from cope_lsp.languages.running import Foundation, Work
from cope_lsp.languages.toolchain.driver import founded
from cope_lsp.sandbox.caches import holds
from tests.support.toolchains import Shop, ask, bench_of, judge_of, laid_out

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.workbench import Run, Workbench
    from cope_lsp.sandbox.job import Finished, Job

FILES = {
    "go.mod": "module example.com/app\n\ngo 1.21\n",
    "double/double.go": """package double

import (
	"container/list"

	plain "example.com/app/inner/plain"
	"github.com/other/module"
	. "../../../../etc"
	_ "/etc"
	_ "internal/abi"
)

// Four gives four times n.
func Four(n int) int {
	panic("not implemented")
}
""",
    "double/double_test.go": 'package double\n\nimport "testing"\nimport q "math/big"\n\n'
    "func TestFour(t *testing.T) { if Four(1) != 4 { t.Fatal(q.NewInt(1)) } }\n",
    "inner/plain/plain.go": 'package plain\n\nimport "hash/fnv"\n\nvar Hash = fnv.New32\n',
    "apart/apart.go": 'package apart\n\nimport "net/http"\n\nvar Get = http.Get\n',
}

SOUND = {
    "go.mod": "module example.com/app\n\ngo 1.21\n",
    "double.go": 'package double\n\nimport "container/list"\n\nvar Held list.List\n\n'
    'func Four(n int) int {\n\tpanic("not implemented")\n}\n',
    "double_test.go": 'package double\n\nimport "testing"\n\n'
    'func TestFour(t *testing.T) {\n\tif Four(1) != 4 {\n\t\tt.Fatal("no")\n\t}\n}\n',
}


def work_of(shop: Shop, path: str) -> Work:
    """What a run of the function's cases is told."""
    asked = ask(shop, path, "Four")
    return Work(path, "Four", (1, 2), tests=asked.tests, root=shop.root)


def foundation_of(shop: Shop, path: str) -> Foundation:
    """What should lie below the project's builds."""
    environment = GO.running.environment(shop.root, None)
    found = GO.running.invoke(environment, work_of(shop, path)).foundation
    assert found is not None
    return found


def packages(foundation: Foundation) -> set[str]:
    """The parts as Go names them."""
    return {part.partition("@")[0].replace("+", "/") for part in foundation.parts}


def test_what_is_imported_is_read_from_the_package_its_tests_and_what_they_use(tmp_path: Path) -> None:
    """A package of the module that nothing here imports does not count; what a candidate imports does."""
    work = work_of(laid_out(tmp_path, FILES, GO), "double/double.go")
    found = imported(work)
    assert {"container/list", "testing", "math/big", "hash/fnv"} <= found
    assert "net/http" not in found
    assert "net/http" in imported(replace(work, text=b'package double\n\nimport "net/http"\n'))


def test_only_the_standard_library_is_part_of_it(tmp_path: Path) -> None:
    """Neither what a project names outside of it, nor what is internal to it, nor a word of a project's."""
    foundation = foundation_of(laid_out(tmp_path, FILES, GO), "double/double.go")
    assert packages(foundation) == COMMON | {"container/list", "math/big", "hash/fnv"}
    assert set(foundation.making.layer) == {"go.mod", "all.go", "all_test.go"}
    assert not any(b"example.com" in text for text in foundation.making.layer.values())


def test_what_was_made_is_dated_ahead_once_so_that_no_run_copies_it(tmp_path: Path) -> None:
    """Go dates what it uses after an hour, and removes what is old: both would copy the file or hide it."""
    (tmp_path / "go").mkdir()
    old, new = tmp_path / "go" / "old-a", tmp_path / "go" / "new-a"
    old.write_text("of an earlier making")
    founded.main(tmp_path, ["fmt@0"])
    assert old.stat().st_mtime > time.time() + 86_400 * 365
    untouched = old.stat().st_ctime_ns
    new.write_text("of this one")
    founded.main(tmp_path, ["fmt@0", "net+http@0"])
    assert new.stat().st_mtime == old.stat().st_mtime
    assert old.stat().st_ctime_ns == untouched
    assert {path.name for path in (tmp_path / "parts").iterdir()} == {"fmt@0", "net+http@0"}


@pytest.mark.heavy
async def test_a_second_project_compiles_none_of_it(tmp_path: Path) -> None:
    """Its own builds are small, and nothing was added to those below them."""
    first, second = (laid_out(tmp_path / name, SOUND, GO) for name in ("first", "second"))
    second = replace(second, builds=first.builds)
    await judge_of(first, ask(first, "double.go", "Four")).prepare()
    folder = first.builds / foundation_of(first, "double.go").name
    before = {path: path.stat().st_mtime for path in folder.glob("g*/**/*")}
    await judge_of(second, ask(second, "double.go", "Four")).prepare()
    assert {path: path.stat().st_mtime for path in folder.glob("g*/**/*")} == before
    projects = [each for each in first.builds.iterdir() if each != folder]
    assert len(projects) == 2
    for each in projects:
        assert sum(path.stat().st_size for path in each.rglob("*") if path.is_file()) < 8 << 20
    assert sum(path.stat().st_size for path in before if path.is_file()) > 24 << 20


@pytest.mark.heavy
async def test_making_goes_on_when_its_asker_is_gone_and_ends_with_the_engine(tmp_path: Path) -> None:
    """A deadline that is too short for a first build does not lose it; a closed engine leaves no process.

    What was compiled until then is there for the next one, who makes the rest.
    """
    shop = laid_out(tmp_path, SOUND, GO)
    foundation, these, bench = foundation_of(shop, "double.go"), Foundations(), bench_of(shop)
    asking = asyncio.create_task(lay(these, foundation, bench))
    await _until_it_compiles()
    asking.cancel()
    await asyncio.sleep(0.5)
    assert _compiling()
    await close(these)
    assert not _compiling()
    files = [f"parts/{part}" for part in foundation.parts]
    folder = shop.builds / foundation.name
    assert len(list(folder.glob("g*/0*"))) == 1
    assert not holds(folder, files)
    assert await lay(Foundations(), foundation, bench) == folder
    assert holds(folder, files)


@pytest.mark.heavy
async def test_what_cannot_be_made_is_tried_once(tmp_path: Path) -> None:
    """A toolchain without a library: each project builds for itself, and nobody waits again."""
    shop = laid_out(tmp_path, SOUND, GO)
    foundation = foundation_of(shop, "double.go")
    broken = replace(foundation, making=replace(foundation.making, layer={"go.mod": b"module broken\n"}))
    tries: list[Job] = []
    these, bench = Foundations(), _counting(bench_of(shop), tries)
    for _ in range(2):
        assert await lay(these, broken, bench) == shop.builds / foundation.name
    assert len(tries) == 1


def _counting(bench: Workbench, tries: list[Job]) -> Workbench:
    """The bench, with a note of each run."""
    assert bench.run is not None
    return replace(bench, run=partial(_noted, bench.run, tries))


async def _noted(run: Run, tries: list[Job], job: Job) -> Finished:
    tries.append(job)
    return await run(job)


async def _until_it_compiles() -> None:
    async with asyncio.timeout(60):
        while not _compiling():  # noqa: ASYNC110 -- no event tells of another process's child
            await asyncio.sleep(0.05)


def _compiling() -> bool:
    """Whether a compiler runs below this process."""
    names = list[str]()
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            names.append(process.name())
        except psutil.Error:
            continue
    return "compile" in names

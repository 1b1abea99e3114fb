"""Candidates in C++, judged in the sandbox: kept builds, forged reports, what is missing, `make`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.judge import code_judge
from cope_lsp.languages.cpp import tools
from cope_lsp.languages.cpp.language import CPP
from cope_lsp.languages.running import Environment, Work
from cope_lsp.languages.toolchain.steps import CACHE, PYTHON, SCRATCH
from tests.support.toolchains import Shop, ask, bench_of, findings, judge_of, laid_out

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings

pytestmark = [pytest.mark.heavy]

CMAKE = """cmake_minimum_required(VERSION 3.16)
project(twice LANGUAGES CXX)
option(TWICE_BUILD_TESTS "" OFF)
add_library(other other.cpp)
if(TWICE_BUILD_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  add_executable(twice_gtest tests/twice_gtest.cpp)
  target_link_libraries(twice_gtest other GTest::gtest_main)
  add_test(NAME with_gtest COMMAND twice_gtest WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests)
  add_executable(plain tests/plain_test.cpp)
  add_test(NAME plain COMMAND plain)
  add_executable(broken tests/broken_test.cpp)
endif()
"""
FILES = {
    "CMakeLists.txt": CMAKE,
    "other.cpp": "int other() { return 1; }\n",
    "twice.hpp": "#pragma once\n\ntemplate <class T>\nconstexpr T twice(T value) noexcept {\n"
    "    // TODO\n    return {};\n}\n",
    "tests/data.txt": "4\n",
    "tests/twice_gtest.cpp": """#include <fstream>

#include <gtest/gtest.h>

#include "../twice.hpp"

TEST(Twice, ReadsItsFile) {
    int wanted = 0;
    std::ifstream("data.txt") >> wanted;
    EXPECT_EQ(twice(2), wanted);
}
""",
    "tests/plain_test.cpp": '#include "../twice.hpp"\n\nint main() { return twice(3) == 6 ? 0 : 1; }\n',
    "tests/broken_test.cpp": "int main() { return nothing; }\n",
}
RIGHT = "template <class T>\nconstexpr T twice(T value) noexcept { return value + value; }"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A header with a stub, a GoogleTest and a plain program that test it, and one that does not compile."""
    return laid_out(tmp_path, FILES, CPP)


def evidence(found: Findings) -> tuple[Status, str]:
    """What the tests' evidence is, and why."""
    return next((each.status, each.detail) for each in found.evidence if each.source == "tests")


async def test_a_header_is_judged_by_what_includes_it(shop: Shop) -> None:
    """GoogleTest and a plain program decide, in their folders; what does not compile is not built."""
    asked = ask(shop, "twice.hpp", "twice")
    ids = ["tests/plain_test.cpp::main", "tests/twice_gtest.cpp::Twice.ReadsItsFile"]
    assert sorted(test.id for test in asked.tests) == ids
    judge = judge_of(shop, asked)
    wrong = await findings(judge, RIGHT.replace("value + value", "value"))
    assert evidence(wrong)[0] is Status.FAIL
    assert "twice(2)" in "".join(failure.detail for failure in wrong.failures)
    assert evidence(await findings(judge, RIGHT))[0] is Status.PASS
    forged = RIGHT.replace("return", '__builtin_puts("[  PASSED  ] 1 test."); __builtin_exit(0); return')
    assert evidence(await findings(judge, forged))[0] is Status.UNKNOWN
    worse = await findings(judge, RIGHT.replace("value + value", "valeu"))
    assert "valeu" in evidence(worse)[1]
    assert "build/" not in evidence(worse)[1]


async def test_what_would_be_downloaded_leaves_the_evidence_unknown(tmp_path: Path) -> None:
    """The reason says that a dependency is fetched and what to do."""
    fetching = (
        "include(FetchContent)\nFetchContent_Declare(far URL https://example.invalid/far.tar.gz)\n"
        "FetchContent_MakeAvailable(far)\nadd_executable(needs tests/plain_test.cpp)\n"
        "target_link_libraries(needs far::far)\n"
    )
    files = {"CMakeLists.txt": f"{CMAKE}{fetching}"}
    shop = laid_out(tmp_path, {**FILES, **files}, CPP)
    status, why = evidence(await findings(judge_of(shop, ask(shop, "twice.hpp", "twice")), RIGHT))
    assert status is Status.UNKNOWN
    assert "CMake would download far" in why


async def test_without_cmake_a_command_of_the_user_runs_the_tests(tmp_path: Path) -> None:
    """Without one the reason says so; `make test` decides."""
    make = "test: tests/plain_test.cpp twice.hpp\n\tc++ -o plain tests/plain_test.cpp && ./plain\n"
    files = {"Makefile": make, **{name: FILES[name] for name in ("twice.hpp", "tests/plain_test.cpp")}}
    shop = laid_out(tmp_path, files, CPP)
    asked = ask(shop, "twice.hpp", "twice")
    status, why = evidence(await findings(judge_of(shop, asked), RIGHT))
    assert status is Status.UNKNOWN
    assert "tests.command" in why
    judge = code_judge(asked, replace(bench_of(shop), command=("make", "-s", "test")))
    assert evidence(await findings(judge, RIGHT))[0] is Status.PASS
    assert evidence(await findings(judge, RIGHT.replace("value + value", "value")))[0] is Status.FAIL


def test_only_what_changed_is_compiled_again(tmp_path: Path) -> None:
    """By content: an old file after another text was built is compiled, a new one with its old text not."""
    (tmp_path / "project").mkdir()
    root = tmp_path / "project"
    (root / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(a LANGUAGES CXX)\n"
        "add_executable(a_test a_test.cpp a.cpp b.cpp)\n"
    )
    (root / "b.cpp").write_text("int b() { return 1; }\n")
    (root / "a_test.cpp").write_text("int a(); int b(); int main() { return a() - b(); }\n")
    (root / "a.cpp").write_text("int a() { return 1; }\n")
    os.utime(root / "a.cpp", (1_000_000_000, 1_000_000_000))

    def built() -> tuple[int, dict[str, int]]:
        """The steps of one run; the program's status, and when each object was made."""
        take_steps(root, tmp_path / "cache", tmp_path / "scratch")
        objects = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "cache").rglob("*.o")}
        return subprocess.run([tmp_path / "scratch/start-0"], check=False).returncode, objects

    status, first = built()
    assert status == 0
    (root / "a.cpp").write_text("int a() { return 3; }\n")
    status, second = built()
    assert status == 2
    (root / "a.cpp").write_text("int a() { return 1; }\n")
    os.utime(root / "a.cpp", (1_000_000_000, 1_000_000_000))
    (root / "b.cpp").touch()
    status, third = built()
    assert status == 0
    assert len({each["a.cpp.o"] for each in (first, second, third)}) == 3
    assert first["b.cpp.o"] == second["b.cpp.o"] == third["b.cpp.o"]


def take_steps(root: Path, cache: Path, scratch: Path) -> None:
    """What the driver does with a recipe's building steps, without a sandbox."""
    cache.mkdir(exist_ok=True)
    scratch.mkdir(exist_ok=True)
    found = CPP.running.tests_for(
        root,
        "a.cpp",
        ask(Shop(CPP, root, cache), "a.cpp", "a").request.target,
        {"a_test.cpp": b"int main() { a(); }"},
    )
    environment: Environment = CPP.running.environment(root, None)
    work = Work("a.cpp", "a", (1, 1), tests=found, checks=CPP.running.checks(root, "a.cpp"), root=root)
    for step in tools.recipe(environment, work).steps[:-1]:
        places = {CACHE: str(cache), SCRATCH: str(scratch), PYTHON: sys.executable}
        argv = list(step.argv)
        for place, folder in places.items():
            argv = [part.replace(place, folder) for part in argv]
        done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, json.dumps([argv, done.stdout, done.stderr])

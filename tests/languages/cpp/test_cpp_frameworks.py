"""Candidates in C++, judged by Catch2, doctest and Boost.Test: each case by its title, as CTest knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.languages.cpp.language import CPP
from scripts.language_parts import PARTS
from tests.support.toolchains import ask, findings, judge_of, laid_out

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings

pytestmark = [pytest.mark.heavy]

CMAKE = """cmake_minimum_required(VERSION 3.16)
project(twice LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 17)
enable_testing()
add_executable(twice_test twice_test.cpp twice.cpp)
"""
CASES = """#include "twice.hpp"

TEST_CASE("two, twice") {
    CHECK(twice(2) == 4);
}

TEST_CASE("three is more") {
    REQUIRE(twice(3) > 3);
}
"""
BOOST = """#define BOOST_TEST_MODULE twice
#include <boost/test/included/unit_test.hpp>

#include "twice.hpp"

BOOST_AUTO_TEST_CASE(two_twice) {
    BOOST_TEST(twice(2) == 4);
}
"""
FRAMEWORKS = {
    "Catch2": (
        f"#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n{CASES}",
        (
            "find_package(Catch2 REQUIRED)\ntarget_link_libraries(twice_test Catch2::Catch2)\n"
            "include(Catch)\ncatch_discover_tests(twice_test)\n"
        ),
        2,
    ),
    "doctest": (
        f"#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n#include <doctest/doctest.h>\n{CASES}",
        (
            "find_package(doctest REQUIRED)\ntarget_link_libraries(twice_test doctest::doctest)\n"
            "include(doctest)\ndoctest_discover_tests(twice_test)\n"
        ),
        2,
    ),
    "Boost.Test": (BOOST, "add_test(NAME twice COMMAND twice_test)\n", 1),
}
STUB = '#include "twice.hpp"\n\nint twice(int value) {\n    // TODO\n}\n'


def _tests(found: Findings) -> tuple[Status, int, int]:
    return next((each.status, each.passed, each.total) for each in found.evidence if each.source == "tests")


@pytest.mark.parametrize(("text", "cmake", "count"), FRAMEWORKS.values(), ids=FRAMEWORKS)
async def test_each_case_is_found_and_judged(tmp_path: Path, text: str, cmake: str, count: int) -> None:
    """A wrong candidate fails the case that notices it, and that one alone."""
    PARTS["c++"]()
    files = {"CMakeLists.txt": CMAKE + cmake, "twice.hpp": "#pragma once\nint twice(int value);\n"}
    of = laid_out(tmp_path, {**files, "twice.cpp": STUB, "twice_test.cpp": text}, CPP)
    judge = judge_of(of, ask(of, "twice.cpp", "twice"))
    right = await findings(judge, "int twice(int value) { return 2 * value; }")
    assert _tests(right) == (Status.PASS, count, count), right.evidence
    wrong = await findings(judge, "int twice(int value) { return 3 * value; }")
    assert _tests(wrong) == (Status.FAIL, count - 1, count)
    assert "twice(2) == 4" in "".join(failure.detail for failure in wrong.failures)

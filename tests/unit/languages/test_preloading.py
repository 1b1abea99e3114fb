"""What a worker may import for a project: what its files import and the project cannot answer to itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cope_lsp.languages.python.preloading import preload
from cope_lsp.languages.running import Environment, TestCase, Work

RUNNER = Path("/runner")
TEXT = b"""
from __future__ import annotations
import json, numpy as np
import scipy.stats
from pandas import DataFrame
from .near import thing
from helpers import make
if True:
    import yaml
"""


def environment(root: Path, *, runner: str = "pytest") -> Environment:
    """An interpreter in the project's own virtual environment."""
    (root / ".venv").mkdir(exist_ok=True)
    (root / ".venv" / "pyvenv.cfg").touch()
    return Environment(root / ".venv" / "bin" / "python", (), runner)


def work(root: Path | None, *tests: str) -> Work:
    """Work on `pkg/a.py` with the text and these test files."""
    cases = tuple(TestCase(f"{path}::test_a", path, "pytest") for path in tests)
    return Work("pkg/a.py", "f", (1, 2), tests=cases, root=root, texts=(TEXT,))


def test_foreign_modules_are_imported_by_the_names_in_the_text(tmp_path: Path) -> None:
    """What is imported for all alike is not named, nor relative ones."""
    found = preload(environment(tmp_path), work(tmp_path), RUNNER)
    assert found is not None
    assert found.modules == ("helpers", "numpy", "pandas", "scipy.stats", "yaml")
    assert found.own == (tmp_path / ".venv",)


def test_large_modules_of_the_standard_library_are_imported_for_the_projects_that_use_them(
    tmp_path: Path,
) -> None:
    """What every worker held would be forked for every job."""
    text = b"import asyncio, math\nimport unittest\nfrom unittest import mock\nfrom uuid import uuid4\n"
    found = preload(environment(tmp_path), replace(work(tmp_path), texts=(text,)), RUNNER)
    assert found is not None
    assert found.modules == ("asyncio", "unittest.mock", "uuid")


def test_what_the_project_defines_is_avoided(tmp_path: Path) -> None:
    """In its root, below `src`, and beside the target and the tests: files, folders and compiled modules."""
    for path in ("yaml.py", "src/numpy/__init__.py", "tests/unit/helpers.py", "pkg/scipy.cpython-311.so"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    found = preload(environment(tmp_path), work(tmp_path, "tests/unit/test_a.py"), RUNNER)
    assert found is not None
    assert found.modules == ("pandas",)
    assert found.avoided >= {"yaml", "numpy", "helpers", "scipy", "pkg", "tests"}


def test_pytest_is_only_imported_for_tests(tmp_path: Path) -> None:
    """Calls are forked from a worker that is smaller for it."""
    with_tests = preload(environment(tmp_path), work(tmp_path, "test_a.py"), RUNNER)
    without = preload(environment(tmp_path), work(tmp_path), RUNNER)
    by_unittest = preload(environment(tmp_path, runner="unittest"), work(tmp_path, "test_a.py"), RUNNER)
    assert [each and each.base for each in (with_tests, without, by_unittest)] == ["pytest", "", ""]


def test_nothing_is_kept_warm_for_an_unknown_project(tmp_path: Path) -> None:
    """Without a root, what it defines cannot be told."""
    assert preload(environment(tmp_path), work(None), RUNNER) is None

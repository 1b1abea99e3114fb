"""Python as one `Language` value."""

from __future__ import annotations

from cope_lsp.languages.language import Language
from cope_lsp.languages.python import docstrings, formatting, syntax, writing_tests
from cope_lsp.languages.python.running import PYTHON_RUNNING

PYTHON = Language(
    id="python",
    suffixes=(".py",),
    root_markers=("pyproject.toml", "pytest.ini", "setup.cfg", "setup.py", "tox.ini"),
    line_comment="#",
    syntax=syntax,
    running=PYTHON_RUNNING,
    name="Python",
    declarations=(".pyi",),
    test_setup=("conftest.py",),
    formatting=formatting,
    documenting=docstrings,
    testing=writing_tests,
    test_files=("test*.py", "*_test.py", "*_tests.py"),
    reads_tests=True,
)

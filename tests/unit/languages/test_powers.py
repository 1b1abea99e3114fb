"""New powers are named; what the old text could do already, and plain code, raise no flag."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python import syntax

NEW = {
    "import subprocess\nx = subprocess.run(['a'])": "process: subprocess",
    "from subprocess import run as r\nr(['a'])": "process: subprocess",
    "import os\nos.system('a')": "process: os.system",
    "import os as o\no . system('a')": "process: os.system",
    "from os import system\nsystem('a')": "process: os.system",
    "def f():\n    import os\n    os.popen('a')": "process: os.popen",
    "import socket": "network: socket",
    "import urllib.request\nurllib.request.urlopen(x)": "network: urllib.request",
    "from urllib.request import urlopen": "network: urllib.request",
    "import requests": "network: requests",
    "x = open('a')": "files: open",
    "Path(x).write_text('a')": "files: .write_text",
    "import shutil": "files: shutil",
    "import os\nos.remove(x)": "files: os.remove",
    "import os\nk = os.environ['KEY']": "environment: os.environ",
    "eval(x)": "eval: eval",
    "exec(x)": "eval: exec",
    "compile(x, '', 'exec')": "eval: compile",
    "__import__('os')": "eval: __import__",
    "import importlib": "eval: importlib",
    "getattr(x, a + b)": "eval: getattr",
    "import os\ngetattr(os, 'system')": "eval: getattr",
    "setattr(x, 'a', 1)": "eval: setattr",
    "import ctypes": "native code: ctypes",
    "import pickle": "pickle: pickle",
    "import yaml\nyaml.load(x)": "pickle: yaml.load",
    "import sys\nsys.modules['a'] = b": "tampering: sys.modules",
    "from sys import modules": "tampering: sys.modules",
    "import sys\nsys._getframe()": "tampering: sys._getframe",
    "import gc": "tampering: gc",
    "import inspect": "tampering: inspect",
    "import builtins": "tampering: builtins",
    "import pytest": "tampering: pytest",
    "import _pytest.python": "tampering: _pytest",
    "import os\nos._exit(0)": "tampering: os._exit",
    "from unittest.mock import ANY": "tampering: unittest",
    "f.__globals__['x']": "tampering: .__globals__",
    "().__class__.__bases__": "tampering: .__bases__",
    "class X(int):\n    def __eq__(self, o): return True": "tampering: defines __eq__",
    "u = 'https://example.org/a?b=1'": "URL: https://example.org/a?b=1",
    "u = f'http://{x}'": "URL: http://",
    "x = 'a\u202eb'": "invisible character: U+202E",
    "# a\u200bb": "invisible character: U+200B",
    "x\ufeff = 1": "invisible character: U+FEFF",
}


def powers(before: str, after: str) -> tuple[str, ...]:
    """New powers of one text over another."""
    return syntax.powers(syntax.parse(before.encode()), syntax.parse(after.encode()))


@pytest.mark.parametrize(("code", "power"), NEW.items(), ids=NEW.keys())
def test_a_new_power_is_named(code: str, power: str) -> None:
    """Imports under any name, calls, attributes, literals and characters."""
    assert any(each.startswith(power) for each in powers("a = 1\n", f"a = 1\n{code}\nb = 2\n")), code


@pytest.mark.parametrize("code", NEW)
def test_a_power_that_the_same_lines_had_is_not_new(code: str) -> None:
    """The same code again, or code taken away, adds nothing."""
    assert powers(f"{code}\nb = 2\n", f"{code}\nb = 3\n") == ()
    assert powers(f"{code}\nb = 2\n", "b = 2\n") == ()
    assert powers(f"{code}  # a\n", f"{code}  # b\n") == ()


def test_a_power_used_elsewhere_in_the_file_does_not_excuse_the_target() -> None:
    """The file runs programs already; a function that now does so too is flagged all the same."""
    before = "import subprocess\n\ndef a():\n    subprocess.run(x)\n\ndef b():\n    ...\n"
    assert powers(before, before.replace("...", "subprocess.run(y)")) == ("process: subprocess",)


@pytest.mark.parametrize(
    "code",
    [
        "import re, math, json, itertools, collections, functools, datetime, typing",
        "return re.sub(r'\\W+', '-', title.lower()).strip('-')",
        "def open_door(self): self.opened = True",
        "x.open = 1\nx.eval()\nx.compile(y)",
        "f(open=1, eval=2)",
        "s = 'eval(x) import os'",
        "getattr(x, 'name', None)",
        "s = 'größer → 😀'",
        "from collections import Counter\nCounter(x)",
        "import os.path\nos.path.join(a, b)",
    ],
)
def test_plain_code_has_no_powers(code: str) -> None:
    """Names that only look alike raise no flag."""
    assert powers("a = 1\n", f"a = 1\n{code}\nb = 2\n") == ()

"""Which tests reach a target, by reading alone; which inputs are made; which code reaches for the judge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.python.running import PYTHON_RUNNING

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

MODULE = b"""
class Cart:
    def total(self):
        ...

def gross(net: int, label: str = "") -> int:
    ...

def invoice(net):
    return f"{gross(net)} EUR"

def unrelated():
    return 1
"""

REACHING = {
    "by name": ("gross", "from shop.prices import gross\ndef test_it(): assert gross(1)\n"),
    "renamed": ("gross", "from shop.prices import gross as g\ndef test_it(): assert g(1)\n"),
    "star": ("gross", "from shop.prices import *\ndef test_it(): assert gross(1)\n"),
    "by module": ("gross", "import shop.prices\ndef test_it(): assert shop.prices.gross(1)\n"),
    "by renamed module": ("gross", "import shop.prices as p\ndef test_it(): assert p.gross(1)\n"),
    "by package": ("gross", "from shop import prices\ndef test_it(): assert prices.gross(1)\n"),
    "re-exported": ("gross", "from shop import gross\ndef test_it(): assert gross(1)\n"),
    "re-exported by module": ("gross", "import shop\ndef test_it(): assert shop.gross(1)\n"),
    "relative": ("gross", "from .prices import gross\ndef test_it(): assert gross(1)\n"),
    "inside the test": ("gross", "def test_it():\n    from shop.prices import gross\n    assert gross(1)\n"),
    "through a caller": ("gross", "from shop.prices import invoice\ndef test_it(): assert invoice(1)\n"),
    "through a helper": (
        "gross",
        "from shop.prices import gross\ndef check(n): assert gross(n)\ndef test_it(): check(1)\n",
    ),
    "through a fixture": (
        "gross",
        (
            "import pytest\nfrom shop.prices import gross\n@pytest.fixture\ndef made(): return gross(1)\n"
            "def test_it(made): assert made\n"
        ),
    ),
    "by parameters": (
        "gross",
        (
            "import pytest\nfrom shop.prices import gross\n@pytest.mark.parametrize('f', [gross])\n"
            "def test_it(f): assert f(1)\n"
        ),
    ),
    "method": ("Cart.total", "from shop.prices import Cart\ndef test_it(): assert Cart().total()\n"),
    "method of a fixture": (
        "Cart.total",
        (
            "import pytest\nfrom shop.prices import Cart\n@pytest.fixture\ndef cart(): return Cart()\n"
            "def test_it(cart): assert cart.total()\n"
        ),
    ),
}
NOT_REACHING = {
    "another function": "from shop.prices import unrelated\ndef test_it(): assert unrelated()\n",
    "the same name elsewhere": "from other.place import gross\ndef test_it(): assert gross(1)\n",
    "no import": "def test_it(): assert gross(1)\n",
    "no test": "from shop.prices import gross\ndef it(): assert gross(1)\n",
    "does not parse": "from shop.prices import gross\ndef test_it(: assert gross(1)\n",
}


def target(name: str, text: bytes = MODULE) -> tuple[Source, Target]:
    """A target in the module."""
    source = PYTHON.syntax.parse(text)
    found = PYTHON.syntax.target_named(source, name)
    assert found is not None
    return source, found


def reaching(root: Path, name: str, test: str) -> list[str]:
    """Ids of the tests that reach it."""
    (root / "src" / "shop").mkdir(parents=True, exist_ok=True)
    (root / "src" / "shop" / "prices.py").write_bytes(MODULE)
    (root / "src" / "shop" / "__init__.py").write_text("from .prices import gross\n")
    files = {"tests/test_prices.py": test.encode()}
    found = PYTHON_RUNNING.tests_for(root, "src/shop/prices.py", target(name)[1], files)
    return [case.id for case in found]


@pytest.mark.parametrize(("name", "test"), REACHING.values(), ids=REACHING.keys())
def test_a_test_that_uses_the_target_is_found(tmp_path: Path, name: str, test: str) -> None:
    """However it comes by it."""
    assert reaching(tmp_path, name, test) == ["tests/test_prices.py::test_it"]


@pytest.mark.parametrize("test", NOT_REACHING.values(), ids=NOT_REACHING.keys())
def test_a_test_that_does_not_use_it_is_left_out(tmp_path: Path, test: str) -> None:
    """And no text is an error."""
    assert reaching(tmp_path, "gross", test) == []


def test_classes_give_their_own_ids(tmp_path: Path) -> None:
    """Classes of pytest, nested ones, and unittest's, with what their set-up uses."""
    test = (
        "import unittest\nfrom shop.prices import gross\n"
        "class TestA:\n    def test_it(self): assert gross(1)\n"
        "    class TestIn:\n        def test_in(self): gross(2)\n"
        "class Old(unittest.TestCase):\n    def setUp(self): self.x = gross(1)\n"
        "    def test_x(self): assert self.x\n"
    )
    prefix = "tests/test_prices.py::"
    assert set(reaching(tmp_path, "gross", test)) == {
        f"{prefix}TestA::test_it",
        f"{prefix}TestA::TestIn::test_in",
        f"{prefix}Old::test_x",
    }


def test_tests_that_name_the_target_come_first(tmp_path: Path) -> None:
    """A caller's tests come after."""
    test = (
        "from shop.prices import gross, invoice\n"
        "def test_caller(): assert invoice(1)\ndef test_direct(): assert gross(1)\n"
    )
    assert reaching(tmp_path, "gross", test)[0].endswith("test_direct")


def test_inputs_are_the_same_for_the_same_seed() -> None:
    """They fit the annotations, and another seed gives others."""
    source, found = target("gross")
    first, again, other = (PYTHON_RUNNING.inputs(source, found, (), seed) for seed in (1, 1, 2))
    assert first == again
    assert set(first) != set(other)
    assert any(call.startswith("gross(0") for call in first)
    assert all(re.fullmatch(r"gross\(-?\d+(?:, .+)?\)", call) for call in first)


REACHES = {
    "import gc": ("gc",),
    "import sys\nsys._getframe()": ("_getframe",),
    "from sys import settrace": ("settrace",),
    "import _pytest.runner": ("_pytest.runner",),
    "import sys\nsys.modules": ("modules",),
    "open('/proc/self/mem')": ("/proc/",),
    "modules = [1]\nmonitoring = 2": (),
    "import json, re, math": (),
    "def f(:": (),
}


@pytest.mark.parametrize(("code", "found"), REACHES.items())
def test_what_reaches_for_the_judge_is_named(code: str, found: tuple[str, ...]) -> None:
    """Only what is new in the text; ordinary names are not."""
    assert PYTHON_RUNNING.reaches(b"", code.encode()) == found
    assert PYTHON_RUNNING.reaches(code.encode(), code.encode()) == ()


def test_a_hollow_target_can_only_fail() -> None:
    """The body raises, the rest of the file stays."""
    for text in (
        b"def f(x):\n    return x\n\nY = 1\n",
        b"def f(x): return x\nY = 1\n",
        b"def f(x):\n\treturn x\nY = 1",
    ):
        names: dict[str, object] = {}
        exec(PYTHON_RUNNING.hollow(text, target("f", text)[1]), names)  # noqa: S102 -- three texts of our own
        function = names["f"]
        assert names["Y"] == 1
        assert callable(function)
        with pytest.raises(NotImplementedError):
            function(1)

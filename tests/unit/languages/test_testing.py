"""Test files: read from replies, taken apart into checks, placed and merged."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python import writing_tests
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.running import TestCase
from cope_lsp.languages.testing import Tested

SOURCE = b"""
LIMIT = 10


class Bad(Exception):
    pass


def slug(title: str) -> str:
    return title.lower()


class Shelf:
    def add(self, name):
        return [name]
"""
MANY = '''Here are the tests:

```python
import os
import pytest
from your_module import slug, Bad, missing

# usual cases
CASES = [("A", "a")]

def make():
    return CASES[0]

def unused():
    return 1

@pytest.mark.parametrize("title, wanted", CASES)
def test_many(title, wanted):
    assert slug(title) == wanted

def test_slug():
    """Lower case."""
    title, wanted = make()
    assert slug(title) == wanted
    # a second one
    other = "B"
    assert slug(other) == "b"
    assert slug(other) == "b"

def test_error():
    with pytest.raises(Bad):
        slug("")

if __name__ == "__main__":
    pytest.main()
```
Hope this helps!
'''
CLASSES = """```python
import unittest

class TestSlug(unittest.TestCase):
    def setUp(self):
        self.title = "A"

    def test_lower(self):
        self.assertEqual(slug(self.title), "a")
        self.assertEqual(slug("B"), "b")

    def test_cut(self):
        self.assertEqual(slug("C
"""


def made_for(name: str = "slug", *, runner: str = "pytest", existing: str = "") -> Tested:
    """What tests are written for: a function of `shop/text.py` below `src`."""
    source = PYTHON.syntax.parse(SOURCE)
    target = PYTHON.syntax.target_named(source, name)
    assert target is not None
    return Tested("src/shop/text.py", source, target, runner, existing)


def suite(reply: str, **options: str) -> str:
    """The suite in a reply."""
    patch = writing_tests.suite(reply, made_for(**options))
    assert patch.text is not None, patch.problem
    compile(patch.text, "suite", "exec")
    return patch.text


def names(text: str) -> list[str]:
    """The tests of a suite by their names."""
    return [case.id.partition("::")[2].replace("::", ".") for case in writing_tests.tests(text, "t.py")]


def test_a_reply_becomes_a_suite_that_stands_alone() -> None:
    """The target comes from the project, made-up and unused imports go, helpers stay where they are used."""
    text = suite(MANY)
    assert text.startswith("import pytest\nfrom shop.text import Bad, slug\n\n\n")
    assert names(text) == ["test_many", "test_slug", "test_error"]
    assert "CASES = [" in text
    assert "def make" in text
    assert "unused" not in text
    assert "__main__" not in text
    assert text.count('assert slug(other) == "b"') == 1


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ('assert slug("A") == "a"\n', ["test_slug"]),
        ("import shop.text\n\ndef test_a():\n    assert shop.text.slug('A')\n", ["test_a"]),
        ("from shop import text\n\ndef test_a():\n    assert text.slug('A')\n", ["test_a"]),
        ("def slug(title): ...\n\ndef test_a():\n    assert slug('A')\n", ["test_a"]),
        (
            "def test_a():\n    assert slug('A')\n\ndef test_a():\n    assert slug('B')\n",
            ["test_a", "test_a_2"],
        ),
        ("def test_a():\n    assert slug('A')\n\ndef test_b():\n    assert slug('A')\n", ["test_a"]),
        ("def test_a(): assert slug('A'); assert slug('B')\n", ["test_a"]),
        (CLASSES, ["TestSlug.test_lower"]),
    ],
    ids=["asserts", "module", "from package", "repeated", "same name", "same content", "one line", "cut off"],
)
def test_shapes_of_replies(reply: str, wanted: list[str]) -> None:
    """Whatever form small models write tests in, they come out as tests."""
    assert names(suite(reply)) == wanted


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("I would test empty titles.", "no test that parses"),
        ("def test_a():\n    assert 1\n", "calls slug"),
        ("x" * 50_000, "longer than"),
    ],
)
def test_a_reply_without_tests_says_so(reply: str, told: str) -> None:
    """In words that a model can act on."""
    patch = writing_tests.suite(reply, made_for())
    assert patch.text is None
    assert told in patch.problem


def test_a_project_without_pytest_gets_a_test_case() -> None:
    """Functions become methods; what needs pytest's parameters cannot, and goes."""
    text = suite(MANY, runner="")
    assert "class TestSlug(unittest.TestCase):" in text
    assert names(text) == ["TestSlug.test_slug", "TestSlug.test_error"]
    assert "parametrize" not in text


def test_a_method_is_tested_through_its_class() -> None:
    """The class is imported, also where the reply repeats it."""
    text = suite(
        "class Shelf: ...\n\ndef test_a():\n    assert Shelf().add('x') == ['x']\n", name="Shelf.add"
    )
    assert text.startswith("from shop.text import Shelf\n")
    assert "class Shelf" not in text


def test_the_test_file_decides_how_the_module_is_called() -> None:
    """Tests import it as those that are there do."""
    existing = "from src.shop.text import LIMIT\n"
    assert "from shop.text import slug" in suite('assert slug("A") == "a"', existing="from x import y\n")
    changed = made_for(existing=existing.replace("src.", ""))
    assert "from shop.text import slug" in (writing_tests.suite('assert slug("A")', changed).text or "")


def test_checks_are_taken_apart_and_put_together_again() -> None:
    """Each check stands with what comes before it; what no kept check needs goes too."""
    text = suite(MANY)
    apart = names(writing_tests.split(text))
    assert len(apart) == 4
    assert names(writing_tests.kept(text, apart)) == names(text)
    one = writing_tests.kept(text, [apart[2]])
    assert names(one) == ["test_slug"]
    assert 'slug(other) == "b"' in one
    assert "make" not in one
    assert "pytest" not in one
    assert writing_tests.kept(text, []) == ""


def test_tests_can_be_left_out() -> None:
    """By their names, also in classes; a suite without tests is none."""
    text = suite(CLASSES)
    assert writing_tests.without(text, ["TestSlug.test_lower"]) == ""
    assert names(writing_tests.without(suite(MANY), ["test_many"])) == ["test_slug", "test_error"]


PLACES = {
    "tested by name": (("tests/test_text.py", "tests/test_all.py"), (), "tests/test_text.py"),
    "tested elsewhere": (("tests/test_all.py",), (), "tests/test_all.py"),
    "named so": ((), ("tests/", "tests/shop/", "tests/shop/test_text.py"), "tests/shop/test_text.py"),
    "named so, and tested elsewhere": (("tests/test_all.py",), ("tests/test_text.py",), "tests/test_text.py"),
    "nested": ((), ("tests", "tests/shop"), "tests/shop/test_text.py"),
    "unit": ((), ("tests", "tests/unit"), "tests/unit/test_text.py"),
    "none": ((), (), "tests/test_text.py"),
}


@pytest.mark.parametrize(("tests", "there", "wanted"), PLACES.values(), ids=PLACES)
def test_where_tests_go(tests: tuple[str, ...], there: tuple[str, ...], wanted: str) -> None:
    """The file that tests the target, one of its name, or a new one in the project's own folder."""
    cases = tuple(TestCase(f"{path}::test", path, "pytest") for path in tests)
    known = {path.rstrip("/") for path in there}
    assert writing_tests.place("src/shop/text.py", cases, known.__contains__) == wanted


def test_a_file_of_the_root_is_tested_beside_it() -> None:
    """Without a folder for tests, a script's test stands next to it."""
    assert writing_tests.place("text.py", (), lambda _: False) == "test_text.py"
    assert writing_tests.place("text.py", (), {"tests"}.__contains__) == "tests/test_text.py"


def test_a_suite_joins_a_file() -> None:
    """What was there stays; imports join theirs, taken names change, and the last block stays last."""
    existing = (
        "import os\r\n\r\nfrom shop.text import LIMIT\r\n\r\n\r\ndef test_slug():\r\n    assert LIMIT\r\n"
        '\r\n\r\nif __name__ == "__main__":\r\n    os.abort()\r\n'
    )
    text = writing_tests.merged(existing, suite('assert slug("A") == "a"')).text
    assert text is not None
    assert "from shop.text import LIMIT, slug\r\n" in text
    assert text.count("def test_slug(") == 1
    assert 'def test_slug_2():\r\n    assert slug("A") == "a"\r\n' in text
    assert text.endswith('\r\n\r\n\r\nif __name__ == "__main__":\r\n    os.abort()\r\n')
    assert "\n" not in text.replace("\r\n", "")


def test_a_name_that_means_something_else_there_is_not_taken() -> None:
    """The suite cannot join; the caller finds another file."""
    patch = writing_tests.merged("from other import slug\n", suite('assert slug("A") == "a"'))
    assert patch.text is None
    assert "slug" in patch.problem

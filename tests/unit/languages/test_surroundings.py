"""A reader of a function is shown what it stands in and what it uses."""

from __future__ import annotations

from cope_lsp.languages.python import syntax
from cope_lsp.languages.target import Imported, Surroundings

FILE = '''"""Module."""
from __future__ import annotations

import re
from .clean import tidy as t
from pkg.other import helper, unused

LIMIT: int = 3
UNUSED = 1


@cache
def near(a: int) -> int:
    """Near."""
    return a


def far(): ...


class A(Base):
    """A."""

    size: int = 1
    # a comment

    def __init__(self, x):
        self.x = x

    @property
    def n(self) -> int:
        return 1

    def m(self, b: B) -> int:
        """Do."""
        ...


class B:
    y = 2

    def k(self):
        return re


def outer(a):
    base = near(a)

    def inner(b):
        ...

    return inner
'''


def around(name: str, path: str = "pkg/a.py", text: str = FILE) -> Surroundings:
    """Surroundings of a function."""
    source = syntax.parse(text.encode())
    target = syntax.target_named(source, name)
    assert target is not None
    return syntax.surroundings(source, target, path)


def test_a_method_is_shown_its_class_in_outline() -> None:
    """Header, members by their heads, fields and `__init__` whole; itself and comments are left out."""
    assert around("A.m").scope.split("\n") == [
        "class A(Base):",
        '    """A."""',
        "    size: int = 1",
        "    def __init__(self, x):",
        "        self.x = x",
        "    @property",
        "    def n(self) -> int:",
        "        ...",
    ]


def test_names_of_annotations_and_calls_are_followed_in_the_file() -> None:
    """Classes by outline, functions by signature and docstring, constants whole; nothing that is not used."""
    assert around("A.m").definitions == ("class B:\n    y = 2\n    def k(self):\n        ...",)
    text = FILE.replace('"""Do."""\n        ...', "return near(LIMIT)")
    assert around("A.m", text=text).definitions[:2] == (
        "LIMIT: int = 3",
        '@cache\ndef near(a: int) -> int:\n    """Near."""\n    ...',
    )


def test_a_nested_function_is_shown_what_stands_above_it() -> None:
    """The enclosing function's own lines, down to the nested one."""
    assert around("outer.inner").scope == "def outer(a):\n    base = near(a)"


def test_imported_names_that_are_used_lead_to_files() -> None:
    """Relative and absolute modules, packages and src folders; the name as it is there, not its alias."""
    text = FILE.replace('"""Do."""\n        ...', "return t(helper(re))")
    assert around("A.m", text=text).imported == (
        Imported("re", "", ("re.py", "re/__init__.py", "src/re.py", "src/re/__init__.py", "pkg/re.py",
                            "pkg/re/__init__.py")),
        Imported("t", "tidy", ("pkg/clean.py", "pkg/clean/__init__.py", "pkg/clean/tidy.py")),
        Imported("helper", "helper", (
            "pkg/other.py", "pkg/other/__init__.py", "src/pkg/other.py", "src/pkg/other/__init__.py",
            "pkg/pkg/other.py", "pkg/pkg/other/__init__.py", "pkg/other/helper.py", "src/pkg/other/helper.py",
            "pkg/pkg/other/helper.py",
        )),
    )  # fmt: skip


def test_the_import_block_is_shown_whole() -> None:
    """From the first import to the last, docstring left out."""
    assert around("far").imports.startswith("from __future__ import annotations\n\nimport re\n")
    assert around("far").imports.endswith("import helper, unused")


def test_a_definition_is_shown_to_another_file_by_its_head() -> None:
    """Body left out; an unknown name shows nothing."""
    source = syntax.parse(FILE.encode())
    assert syntax.definition(source, "far") == "def far():\n    ..."
    assert syntax.definition(source, "LIMIT") == "LIMIT: int = 3"
    assert syntax.definition(source, "missing") == ""


def test_what_may_be_edited_is_the_target_its_comment_and_the_imports() -> None:
    """Ordered and without overlap."""
    text = FILE.replace("def far", "# cope: go\ndef far")
    source = syntax.parse(text.encode())
    target = syntax.target_named(source, "far")
    assert target is not None
    block, whole = syntax.editable(source, target)
    assert source.text[block.start : block.end].startswith(b"from __future__")
    assert source.text[whole.start : whole.end] == b"# cope: go\ndef far(): ..."

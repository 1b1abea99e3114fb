"""Docstrings are read from replies, laid out as the file has them, and change nothing else."""

from __future__ import annotations

import ast

import pytest

from cope_lsp.languages.python import docstrings, syntax
from cope_lsp.languages.text import Span

FUNCTION = "def join(words):\n    # by spaces\n    return ' '.join(words)\n"
LONG = '```python\n"""Join words.\n\n>>> join(["a"])\n\'a\'\n"""\n```'

LAID_OUT = '"""Join words.\n\n    >>> join(["a"])\n    \'a\'\n    """'
BELOW = "def f():\n    '''\n    Do.\n\n    It.\n    '''\n\n\n"
"""A function whose docstring begins below its quotes."""


def documented(text: str, reply: str, name: str = "join") -> str:
    """The text with the reply's docstring; that its code is unchanged is checked each time."""
    source = syntax.parse(text.encode())
    target = syntax.target_named(source, name)
    assert target is not None
    patch = docstrings.documented(source, target, reply)
    assert patch.text is not None, patch.problem
    assert docstrings.same_code(source, target, syntax.parse(patch.text.encode()))
    return patch.text


@pytest.mark.parametrize(
    "reply",
    [
        '"""Join words."""',
        "```python\n'''Join words.'''\n```",
        'Here it is:\n\n```python\ndef join(words):\n    """Join words."""\n    return ""\n```\nEnjoy!',
        "```python\ndef join(words):\n    '''Join words.'''\n```",
        'The docstring is """Join words.""" and that is all.',
        '```\n"Join words."\n```',
    ],
)
def test_a_docstring_is_found_in_whatever_a_model_replies(reply: str) -> None:
    """Alone, fenced, in the function (whose code is not looked at), in a sentence."""
    assert documented(FUNCTION, reply) == FUNCTION.replace("    #", '    """Join words."""\n    #')


@pytest.mark.parametrize("reply", ["", "It joins words.", "```python\nx = 1\n```", '""""""', "f'''{x}'''"])
def test_a_reply_without_one_is_refused(reply: str) -> None:
    """Prose is not taken for a docstring."""
    source = syntax.parse(FUNCTION.encode())
    patch = docstrings.documented(source, syntax.targets(source)[0], reply)
    assert patch.text is None
    assert "no docstring for join" in patch.problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FUNCTION, FUNCTION.replace("# by", f"{LAID_OUT}\n    # by")),
        (
            "class A:\n\tdef join(self): return 1  # one\n",
            f"class A:\n\tdef join(self):\n\t\t{LAID_OUT}\n\t\treturn 1  # one\n".replace("    ", "\t\t"),
        ),
        (
            "def join(w):\r\n    return w\r\n",
            f"def join(w):\n    {LAID_OUT}\n    return w\n".replace("\n", "\r\n"),
        ),
        (
            f"{BELOW}def join(w): return w\n",
            f"{BELOW}def join(w):\n    {LAID_OUT}\n    return w\n".replace('"""J', "'''\n    J").replace(
                '"""', "'''"
            ),
        ),
        (
            'def join(\n    w,\n):\n    """Old."""; return w\n',
            f"def join(\n    w,\n):\n    {LAID_OUT}; return w\n",
        ),
    ],
)
def test_it_is_laid_out_as_the_file_has_it(text: str, expected: str) -> None:
    """Indentation, line ends, quotes, where the text begins; a body on the header's line moves below."""
    assert documented(text, LONG, "A.join" if "class" in text else "join") == expected


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        (r"'''Split at \n.'''", r"Split at \n."),
        (r"'''Split at \\n.'''", r"Split at \n."),
        ("r'''Split at \\d.'''", r"Split at \d."),
        ("'''Say \"\"\"hi\"\"\"'''", 'Say """hi"""'),
        ('"""Say "hi" """', 'Say "hi"'),
        ("'''Say \"hi\"'''", 'Say "hi"'),
        ("'''C:\\\\'''", "C:\\"),
    ],
)
def test_backslashes_and_quotes_come_out_as_they_were_meant(body: str, meant: str) -> None:
    """A model seldom thinks of the `r` before a docstring with backslashes."""
    tree = ast.parse(documented(FUNCTION, f"```python\n{body}\n```"))
    assert isinstance(tree.body[0], ast.FunctionDef)
    assert (ast.get_docstring(tree.body[0]) or "").strip() == meant


def test_the_comment_that_asked_for_it_goes() -> None:
    """Only the one that asked."""
    text = "# cope: document it\ndef join(w):\n    # cope: faster\n    return w\n"
    source = syntax.parse(text.encode())
    patch = docstrings.documented(source, syntax.targets(source)[0], '"""Join."""', Span(0, 20))
    assert patch.text == 'def join(w):\n    """Join."""\n    # cope: faster\n    return w\n'


@pytest.mark.parametrize(
    "after",
    [
        FUNCTION.replace("' '", "''"),
        FUNCTION.replace("# by spaces", "# by blanks"),
        FUNCTION.replace("(words)", "(words=())", 1),
        FUNCTION + "x = 1\n",
        FUNCTION.replace("    return", "    if words:\n        return"),
        FUNCTION.replace("join(words)", "joined(words)", 1),
    ],
)
def test_any_other_change_is_seen(after: str) -> None:
    """Values, comments, the head, what stands below, structure, the name."""
    source = syntax.parse(FUNCTION.encode())
    target = syntax.targets(source)[0]
    for text in (after, after.replace("    #", '    """New."""\n    #')):
        assert not docstrings.same_code(source, target, syntax.parse(text.encode()))


def test_a_change_of_the_docstring_alone_is_none() -> None:
    """Added, changed, removed."""
    plain, with_one = FUNCTION, FUNCTION.replace("    #", '    """New."""\n    #')
    for before in (plain, with_one):
        source = syntax.parse(before.encode())
        for after in (plain, with_one, with_one.replace("New", "Newer")):
            assert docstrings.same_code(source, syntax.targets(source)[0], syntax.parse(after.encode()))


@pytest.mark.parametrize(
    ("body", "gives"),
    [
        ("return x", True),
        ("yield x", True),
        ("for y in x:\n        yield y", True),
        ("print(x)", False),
        ("return", False),
        ("return None", False),
        ("def inner():\n        return 1\n    inner()", False),
        ("x.sort(key=lambda y: y)", False),
    ],
)
def test_what_gives_nothing_back_is_known(body: str, *, gives: bool) -> None:
    """An example cannot show what such a function does."""
    source = syntax.parse(f"def f(x):\n    {body}\n".encode())
    assert docstrings.gives_value(source, syntax.targets(source)[0]) is gives


def test_other_docstrings_of_the_file_are_shown_as_models() -> None:
    """The longest that are not too long, without their indentation, never the target's own."""
    text = (
        'class A:\n    def a(self):\n        """A.\n\n        More.\n        """\n\n'
        f'def b():\n    """{"long " * 200}"""\n\ndef join(w):\n    """Mine, a long one."""\n\n'
        'def c():\n    """C."""\n'
    )
    source = syntax.parse(text.encode())
    target = syntax.target_named(source, "join")
    assert target is not None
    assert docstrings.models(source, target) == ('"""A.\n\nMore.\n"""', '"""C."""')

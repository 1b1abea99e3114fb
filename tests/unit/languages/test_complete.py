"""Replies become the file's text: whatever shape a model gives them, and nothing else is touched."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

import pytest

from cope_lsp.languages.python import syntax
from cope_lsp.languages.python.reply import LARGEST_REPLY
from cope_lsp.languages.target import Head

FILE = '''"""Text."""

import os


class Words:
    sep = "-"

    @property
    def joined(self) -> str:
        """Joined.

        >>> Words().joined
        ''
        """
        ...

    def other(self):
        return 1


def slugify(title: str, *, sep: str = "-") -> str:
    """Make a slug."""
    ...  # soon


LAST = 1
'''
BODY = "    return sep.join(title.lower().split())"
DONE = FILE.replace("    ...  # soon", BODY)
SIGNATURE = 'def slugify(title: str, *, sep: str = "-") -> str:'


def put(text: str, name: str, reply: str, head: Head = Head.FIXED) -> str:
    """The file with the reply in place; what is wrong with the reply, in brackets, where it has no place."""
    source = syntax.parse(text.encode())
    target = syntax.target_named(source, name)
    assert target is not None
    patch = syntax.complete(source, target, reply, head)
    if patch.text is None:
        return f"[{patch.problem}]"
    assert syntax.breaches(source, target, syntax.parse(patch.text.encode()), head) == ()
    return patch.text


SAME = {
    "a fenced function": f"```python\n{SIGNATURE}\n{BODY}\n```",
    "prose around the fence": f"Sure! Here it is:\n\n```python\n{SIGNATURE}\n{BODY}\n```\nHope this helps.",
    "a fence without a tag": f"```\n{SIGNATURE}\n{BODY}\n```",
    "a fence that never closes": f"```python\n{SIGNATURE}\n{BODY}",
    "tildes": f"~~~py\n{SIGNATURE}\n{BODY}\n~~~",
    "CRLF in the reply": f"```python\r\n{SIGNATURE}\r\n{BODY}\r\n```\r\n",
    "no fence at all": f"{SIGNATURE}\n{BODY}\n",
    "prose without a fence": "Here is the function:\n\n"
    f"{SIGNATURE}\n{BODY}\n\nIt splits at spaces (all of them",
    "thoughts first": f"<think>\ndef slugify(x): return x\n</think>\n```python\n{SIGNATURE}\n{BODY}\n```",
    "several blocks": f"Run:\n```bash\npip install x\n```\nthen\n```python\n{SIGNATURE}\n{BODY}\n```\n"
    "```python\nprint(slugify('a'))\n```",
    "its own docstring": f'```python\n{SIGNATURE}\n    """Another docstring."""\n{BODY}\n```',
    "a docstring over lines": f'```python\n{SIGNATURE}\n    """Another.\n\n    More.\n    """\n\n{BODY}\n```',
    "no annotations": f"```python\ndef slugify(title, *, sep='-'):\n{BODY}\n```",
    "only the body": f"```python\n{BODY}\n```",
    "only the body, without indentation": "return sep.join(title.lower().split())",
    "the body with the docstring": f'    """Make a slug."""\n{BODY}\n',
    "tabs": f"```python\n{SIGNATURE}\n\treturn sep.join(title.lower().split())\n```",
    "one line": "```python\ndef slugify(title, *, sep): return sep.join(title.lower().split())\n```",
    "all indented": "```python\n" + "\n".join("        " + line for line in [SIGNATURE, BODY]) + "\n```",
    "the whole file": "```python\n" + DONE + "```",
    "the original first": f"Original:\n```python\n{SIGNATURE}\n    ...\n```\n"
    f"New:\n```python\n{SIGNATURE}\n{BODY}\n```",
    "a usage below": f"```python\n{SIGNATURE}\n{BODY}\n\n"
    f"if __name__ == '__main__':\n    print(slugify('a b'))\n```",
    "an unused helper": f"```python\ndef unused():\n    pass\n\n{SIGNATURE}\n{BODY}\n```",
    "imports that are not needed": f"```python\nimport os\nimport json\n{SIGNATURE}\n{BODY}\n```",
    "a wrapping class": "```python\nclass Solution:\n    def slugify(title, *, sep):\n    " + BODY + "\n```",
}


@pytest.mark.parametrize("reply", SAME.values(), ids=SAME.keys())
def test_every_shape_of_reply_gives_the_same_file(reply: str) -> None:
    """Fences, prose, repeated signatures, wrong indentation: the same one line is written."""
    assert put(FILE, "slugify", reply) == DONE


REFUSED = {
    "": "the reply is empty",
    "I am sorry, I cannot do that.": "holds no code",
    "Sorry": "holds no code",
    "```python\nprint(slugify('a'))\n```": "holds no code",
    "```python\ndef slug(title):\n    return title\n```": "defines slug and not slugify",
    "```python\ndef slugify(title, sep):\n    return title\n```": "changes the parameters",
    "```python\ndef slugify(title):\n    return title\n```": "changes the parameters",
    "```python\nasync def slugify(title, *, sep):\n    return title\n```": "makes slugify async",
    f"```python\n{SIGNATURE}\n    ...\n```": "without a body",
    f"```python\n{SIGNATURE}\n    pass\n```": "without a body",
    f'```python\n{SIGNATURE}\n    """Make."""\n```': "without a body",
    f"```python\n{SIGNATURE}\n    # TODO: implement\n    return title\n```": "leaves code out",
    f"```python\n{SIGNATURE}\n    x = 1\n    # ... rest of the code\n    return x\n```": "leaves code out",
    f"```python\n{SIGNATURE}\n    if title:\n        ...\n    return title\n```": "leaves code out",
    f"```python\n{SIGNATURE}\n    # existing code here\n    return title\n```": "leaves code out",
    f"```python\n{SIGNATURE}\n    return sep.join(title.lower(": "does not parse",
    f"```python\n{SIGNATURE}\n    if title:\n```": "does not parse",
    f"```python\n{SIGNATURE}\n    print 'a'\n    return title\n```": "does not parse",
    f"```python\n{SIGNATURE}\n    return 1\n" + "    # x\n" * 40000 + "```": "longer than 256 KiB",
}


@pytest.mark.parametrize(("reply", "why"), REFUSED.items(), ids=list(REFUSED.values()))
def test_a_reply_that_cannot_be_used_is_refused_with_the_reason(reply: str, why: str) -> None:
    """Nothing half-finished reaches the file, and the reason is one that a repair can act on."""
    assert why in put(FILE, "slugify", reply)


def test_the_limit_on_replies_is_a_quarter_of_a_mebibyte() -> None:
    """Security, part 4.1."""
    assert LARGEST_REPLY == 256 * 1024


@dataclass(frozen=True)
class Rewrite:
    """A file, a reply for the function `f` (or what `name` says), and the file that must result."""

    claim: str
    before: str
    reply: str
    after: str
    name: str = "f"
    head: Head = Head.FIXED


REWRITES = [
    Rewrite(
        "decorators, comments and blank lines of the head stay",
        """
        @cache  # keep
        @other(
            1,
        )
        def f(x):  # why
            # about the docstring
            '''Doc.'''  # noqa

            pass  # gone
        # kept
        """,
        "def f(x):\n    return 1",
        """
        @cache  # keep
        @other(
            1,
        )
        def f(x):  # why
            # about the docstring
            '''Doc.'''  # noqa

            return 1
        # kept
        """,
    ),
    Rewrite(
        "a method gets its class's indentation, multi-line strings stay as they are",
        """
        class A:
          def f(self):
            ...

          y = 1
        """,
        "class A:\n    def f(self):\n        if self:\n            return '''a\n  b\n'''\n"
        "        return (1 +\n                2)",
        """
        class A:
          def f(self):
            if self:
              return '''a
          b
        '''
            return (1 +
                    2)

          y = 1
        """,
    ),
    Rewrite(
        "tabs in the file, spaces in the reply",
        "class A:\n\tdef f(self):\n\t\t...\n",
        "def f(self):\n    for x in y:\n        if x:\n            g(x,\n              1)\n    return 2",
        "class A:\n\tdef f(self):\n\t\tfor x in y:\n\t\t\tif x:\n\t\t\t\tg(x,\n\t\t\t\t  1)\n\t\treturn 2\n",
    ),
    Rewrite(
        "odd indentation becomes the file's",
        "def f(x):\n    pass\n",
        "def f(x):\n   if x:\n         return 1\n   else:\n     return 2",
        "def f(x):\n    if x:\n        return 1\n    else:\n        return 2\n",
    ),
    Rewrite(
        "all clauses keep their level",
        "def f(x):\n  pass\n",
        "def f(x):\n    try:\n        a()\n    except E:\n        b()\n    else:\n        c()\n"
        "    finally:\n        d()\n"
        "    match x:\n        case 1:\n            e()\n        # last\n        case _:\n            g()\n"
        "    while x:\n        # first\n        h()\n    else:\n        i()\n    # end\n",
        "def f(x):\n  try:\n    a()\n  except E:\n    b()\n  else:\n    c()\n  finally:\n    d()\n"
        "  match x:\n    case 1:\n      e()\n    # last\n    case _:\n      g()\n"
        "  while x:\n    # first\n    h()\n  else:\n    i()\n  # end\n",
    ),
    Rewrite(
        "line breaks are the file's",
        "x = 1\r\ndef f(x):\r\n    '''Doc.\r\n    More.'''\r\n    ...\r\ny = 2\r\n",
        "```\nimport re\ndef f(x):\n    a = re.sub('a', 'b', x)\n    return a\n```",
        "import re\r\n\r\nx = 1\r\ndef f(x):\r\n    '''Doc.\r\n    More.'''\r\n"
        "    a = re.sub('a', 'b', x)\r\n"
        "    return a\r\ny = 2\r\n",
    ),
    Rewrite(
        "a one-line stub opens up",
        "def f(x): ...\ny = 1\n",
        "return x + 1",
        "def f(x):\n    return x + 1\ny = 1\n",
    ),
    Rewrite("a missing body is written", "def f(x):", "return x + 1", "def f(x):\n    return x + 1"),
    Rewrite(
        "a body of comments is replaced",
        "def f(x):\n    # TODO: write\n\ny = 1\n",
        "return x",
        "def f(x):\n    return x\n\ny = 1\n",
    ),
    Rewrite(
        "a helper that is needed goes inside, what it needs too",
        "def f(x):\n    '''Doc.'''\n    ...\n",
        "LIMIT = 3\n\ndef inner(y):\n    return y + LIMIT\n\ndef helper(y):\n    return inner(y)\n\n"
        "def f(x):\n    return helper(x)\n",
        "def f(x):\n    '''Doc.'''\n    LIMIT = 3\n    def inner(y):\n        return y + LIMIT\n\n"
        "    def helper(y):\n        return inner(y)\n\n    return helper(x)\n",
    ),
    Rewrite(
        "a helper that the file has is not repeated",
        "def helper(y):\n    return y\n\ndef f(x):\n    ...\n",
        "def helper(y):\n    return y * 2\n\ndef f(x):\n    return helper(x)\n",
        "def helper(y):\n    return y\n\ndef f(x):\n    return helper(x)\n",
    ),
    Rewrite(
        "an import whose name the file uses otherwise stays inside",
        "import os\n\nre = 1\n\ndef f(x):\n    ...\n",
        "import re\ndef f(x):\n    return re.sub('a', 'b', x)\n",
        "import os\n\nre = 1\n\ndef f(x):\n    import re\n    return re.sub('a', 'b', x)\n",
    ),
    Rewrite(
        "imports inside the function stay there",
        "def f(x):\n    ...\n",
        "def f(x):\n    import re\n    return re.sub('a', 'b', x)\n",
        "def f(x):\n    import re\n    return re.sub('a', 'b', x)\n",
    ),
    Rewrite(
        "imports of a bare body move up",
        "def f(x):\n    ...\n",
        "import re\nreturn re.sub('a', 'b', x)",
        "import re\n\n\ndef f(x):\n    return re.sub('a', 'b', x)\n",
    ),
    Rewrite(
        "a nested function keeps its place",
        "def g():\n    def f(x):\n        ...\n    return f\n",
        "def f(x):\n    return x\n",
        "def g():\n    def f(x):\n        return x\n    return f\n",
        name="g.f",
    ),
    Rewrite(
        "of two classes in a reply the right one is read",
        "class A:\n    def f(self): ...\nclass B:\n    def f(self): ...\n",
        "class A:\n    def f(self):\n        return 'A'\nclass B:\n    def f(self):\n        return 'B'\n",
        "class A:\n    def f(self): ...\nclass B:\n    def f(self):\n        return 'B'\n",
        name="B.f",
    ),
    Rewrite(
        "the instruction's comment above goes",
        "x = 1\n# keep\n# cope: faster\ndef f(x):\n    return 1\n",
        "def f(x):\n    return 2\n",
        "x = 1\n# keep\ndef f(x):\n    return 2\n",
    ),
    Rewrite(
        "above decorators too",
        "class A:\n    # cope: faster\n    @d\n    def f(x):\n        return 1\n",
        "def f(x):\n    return 2\n",
        "class A:\n    @d\n    def f(x):\n        return 2\n",
    ),
    Rewrite(
        "a comment that the reply repeats goes",
        "def f(x):\n    # cope: faster\n    return 1\n",
        "def f(x):\n    # cope: faster\n    return 2  # cope: faster\n",
        "def f(x):\n    return 2\n",
    ),
    Rewrite(
        "the rest of a file that does not parse stays",
        "y = (\n\ndef f(x):\n    ...\n\ndef g(:\n",
        "def f(x):\n    return x\n",
        "y = (\n\ndef f(x):\n    return x\n\ndef g(:\n",
    ),
    Rewrite(
        "an odd line separator in the user's text is no line break",
        "def f(x):\n    '''Doc \x0c of \u2028 x.'''\n    ...\n",
        "return x",
        "def f(x):\n    '''Doc \x0c of \u2028 x.'''\n    return x\n",
    ),
    Rewrite(
        "a free head is the reply's",
        "@d\ndef f(x):\n    '''Doc.'''\n    return x\n",
        "async def f(x: int, y=1) -> int:\n    '''New.'''\n    return x\n",
        "@d\nasync def f(x: int, y=1) -> int:\n    '''New.'''\n    return x\n",
        head=Head.FREE,
    ),
    Rewrite(
        "a free head keeps the docstring that the reply leaves out",
        "class A:\n    def f(x):\n        '''Doc.'''\n        return x\n",
        "@cache\ndef f(x,\n      y):\n    return x\n",
        "class A:\n    @cache\n    def f(x,\n          y):\n        '''Doc.'''\n        return x\n",
        head=Head.FREE,
    ),
]


@pytest.mark.parametrize("rewrite", REWRITES, ids=[each.claim for each in REWRITES])
def test_the_file_around_the_target_is_respected(rewrite: Rewrite) -> None:
    """Head, indentation, line breaks, imports, comments: the user's stay, the reply's fit in."""
    name = rewrite.name
    before, after = dedent(rewrite.before), dedent(rewrite.after)
    source = syntax.parse(before.encode())
    if name == "f":
        name = next(each.qualname for each in syntax.targets(source) if each.name == "f")
    assert put(before, name, rewrite.reply, rewrite.head) == after


def test_a_member_that_a_reply_adds_to_the_class_is_refused() -> None:
    """Only the target may change; the reason says what was added."""
    reply = (
        "class Words:\n    def _a(self): return 1\n"
        "    @property\n    def joined(self):\n        return self._a()\n"
    )
    assert "adds _a to the class" in put(FILE, "Words.joined", reply)


def test_ten_thousand_brackets_do_not_break_the_reader() -> None:
    """Deep nesting is refused or read, and never an exception."""
    deep = "(" * 10_000
    assert "[" in put(FILE, "slugify", f"{SIGNATURE}\n    return {deep}")
    assert put(FILE, "slugify", f"{SIGNATURE}\n    return {deep}1{')' * 10_000}")

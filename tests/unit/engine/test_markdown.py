"""A model's Markdown is shown without anything in it that leads somewhere."""

from __future__ import annotations

import random

import pytest
from markdown_it import MarkdownIt

from cope_lsp.engine.markdown import harmless

PIECES = (
    *("`", "``", "```", "~~~", "\\", "[", "]", "(", ")", "!", "<b>", "<!--", "&lt;", "|", "\n", "\n\n", "\t"),
    *("http://e.example/", "<http://e.example>", "a@e.example", "python", "x", " ", "    ", ": ", "> ", "- "),
)
LIVE = {"link_open", "image", "html_inline", "html_block"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# What\n\n- **adds** `a` and *b*\n1. then", "# What\n\n- **adds** `a` and *b*\n1. then"),
        ("![x](http://evil.example/a.png)", "!\\[x\\](`http://evil.example/a.png)`"),
        ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y>"),
        ("see https://a.example/b.", "see `https://a.example/b.`"),
        ("[x]: www.a.example", "\\[x\\]: `www.a.example`"),
        ("a `b` <c> `` d ` e", "a `b` &lt;c> \\`\\` d \\` e"),
        ("\\`<i>` x `", "\\\\\\`&lt;i>` x `"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("    [x](y)", "   \\[x\\](y)"),
        ("```python\n<b>\n```\n<i>", "```python\n<b>\n```\n&lt;i>"),
        ("```mermaid\nclick A\n```", "```\nclick A\n```"),
        ("~~~\n```\n[x](y)\n~~~", "````\n```\n[x](y)\n````"),
        ("```\n[x](y)", "```\n[x](y)\n```"),
        ("  ```\n  x\n  ```\n[y](z)", "```\n  x\n```\n\\[y\\](z)"),
        ("`a\nb` [x](y)", "\\`a\nb\\` \\[x\\](y)"),
    ],
)
def test_what_could_be_a_link_an_image_or_html_is_shown_as_it_is_written(text: str, shown: str) -> None:
    """Code stays code in every reader, because its fences and ticks are ours."""
    assert harmless(text, "python") == shown


def test_no_reader_finds_anything_live_in_it() -> None:
    """Two thousand heaps of what Markdown is made of, read as CommonMark with HTML allowed."""
    reader = MarkdownIt("commonmark", {"html": True})
    chance = random.Random(1)  # noqa: S311 -- test data
    for _ in range(2000):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 30)))
        tokens = reader.parse(harmless(text, "python"))
        found = {token.type for token in tokens} | {
            inner.type for token in tokens for inner in token.children or ()
        }
        assert not found & LIVE, text

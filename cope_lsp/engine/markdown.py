"""Untrusted Markdown made harmless: headings, lists, emphasis and code stay; nothing in it leads anywhere.

A Markdown preview loads remote images and follows links (security part 2.6), so whatever could become a
link, an image or HTML is shown as the characters it is written with. Code is taken apart and put together
anew, so that what is code here is code for every reader.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.storage.reports import fenced

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^`]*\Z")
_CODE = re.compile(r"(?<![`\\])`([^`\n]+)`(?!`)")
_ADDRESS = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)[^\s`]*|[\w.+-]+@[\w-]+\.[\w.-]+")
_INDENTED = re.compile(r"\A(?: {4,}|\t)\s*")


def harmless(text: str, language: str) -> str:
    """The text as Markdown without links, images and HTML.

    Code blocks keep their mark where it is `language`; others (diagrams) could be more than code.
    """
    return "\n".join(_blocks(text.replace("\r\n", "\n").replace("\r", "\n"), language))


def _blocks(text: str, language: str) -> Iterator[str]:
    """Lines that are no code, made harmless, and code blocks in fences of our own."""
    closing, tag, code = "", "", list[str]()
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if closing and fence and fence[1].startswith(closing) and not fence[2]:
            yield fenced("\n".join(code), tag).rstrip("\n")
            closing, code = "", []
        elif closing:
            code.append(line)
        elif fence:
            closing, tag = fence[1], language if fence[2] == language else ""
        else:
            yield _line(line)
    if closing:
        yield fenced("\n".join(code), tag).rstrip("\n")


def _line(line: str) -> str:
    """A line outside code; deep indentation goes, since it would make a code block of a list's text."""
    parts: list[str] = []
    last = 0
    bare = _INDENTED.sub("   ", line)
    for match in _CODE.finditer(bare):
        parts += [_plain(bare[last : match.start()]), f"`{match[1]}`"]
        last = match.end()
    return "".join([*parts, _plain(bare[last:])])


def _plain(text: str) -> str:
    """Text whose addresses stand as code, and in which nothing else can open a link, an image or HTML."""
    parts: list[str] = []
    last = 0
    for match in _ADDRESS.finditer(text):
        parts += [_escaped(text[last : match.start()]), f"`{match[0]}`"]
        last = match.end()
    return "".join([*parts, _escaped(text[last:])])


def _escaped(text: str) -> str:
    escaped = re.sub(r"[\\`\[\]]", lambda match: f"\\{match[0]}", text)
    return escaped.replace("&", "&amp;").replace("<", "&lt;")

"""Docstrings: a reply's put in the place of the target's, in the style of the file, nothing else touched."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.python import snippets, tree
from cope_lsp.languages.python.claims import claims, strangers
from cope_lsp.languages.python.printed import as_printed
from cope_lsp.languages.python.reply import LARGEST_REPLY, codes
from cope_lsp.languages.python.targets import targets, twin
from cope_lsp.languages.text import Patch, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

__all__ = ["claims", "documented", "gives_value", "models", "reply_format", "same_code", "strangers"]

MOST_MODELS = 2
LONGEST_MODEL = 800
"""Docstrings of the same file that are shown for their style, and the most bytes of one."""

_FORM = """\
```python
\"\"\"<what it is for, in one sentence>

Args:
    <name>: <what it is>
{gives}\"\"\"
```"""
_GIVES = """
Returns:
    <what it gives>

Examples:
    >>> {call}(…)
    <the result, exactly as the code gives it>
"""
_OF_EXAMPLES = "Give one to three such examples (`>>> `); they will be run. Leave the code out."

_QUOTES = ('"""', "'''")
_LITERAL = re.compile(r"(?s)\A[rRuU]{0,1}(\"\"\"|'''|\"|')(.*)\1\Z")
_ANYWHERE = re.compile(r"(?s)(?<![fFbBtT])[rRuU]?(\"\"\"|''')(?:[^\\]|\\.)*?\1")
_INNER_SCOPES = {"function_definition", "class_definition", "lambda"}


@dataclass(frozen=True, slots=True)
class _Style:
    """How docstrings look in a file: their quotes, and whether a long one starts right after them."""

    quotes: str = _QUOTES[0]
    starts_beside: bool = True


def documented(source: Source, target: Target, reply: str, marker: Span | None = None) -> Patch:
    """The file's text with a reply's docstring as the target's; the `cope:` comment `marker` goes."""
    if len(reply) > LARGEST_REPLY:
        return Patch(None, f"the reply is longer than {LARGEST_REPLY // 1024} KiB")
    value = _written(reply, target)
    if not value:
        return Patch(None, f"the reply holds no docstring for {target.name}")
    changes = [_placed(source, target, value), *([(marker, b"")] if marker is not None else [])]
    text = source.text
    for span, piece in sorted(changes, key=lambda change: change[0].start, reverse=True):
        text = text[: span.start] + piece + text[span.end :]
    return Patch(text.decode("utf-8", "surrogateescape"))


def same_code(before: Source, target: Target, after: Source) -> bool:
    """Whether `after` differs in the target's docstring alone: no token and no comment else is another."""
    now = twin(before, target, after)
    if now is None or now.indent != target.indent or not now.parses:
        return False
    old, new = before.text, after.text
    around = (
        old[: target.span.start] == new[: now.span.start] and old[target.span.end :] == new[now.span.end :]
    )
    return around and _code(before, target) == _code(after, now)


def reply_format(source: Source, target: Target) -> str:
    """A form to fill in, of the kind that small models know best; with doctests where there can be some."""
    gives = gives_value(source, target)
    call = "(…).".join((*target.parents, target.name))
    form = _FORM.format(gives=_GIVES.format(call=call) if gives else "")
    asked = f"Reply with the docstring of `{target.name}` alone, in this form, filled in:\n\n{form}"
    return f"{asked}\n\n{_OF_EXAMPLES}" if gives else asked


def models(source: Source, target: Target) -> tuple[str, ...]:
    """Docstrings of other functions of the file as they stand, for a writer to follow in style."""
    found = [tree.read(source, each) for each in _others(source, target)]
    longest_first = sorted(
        (text for text in found if len(text.encode()) <= LONGEST_MODEL), key=len, reverse=True
    )
    return tuple(_outdented(text) for text in longest_first[:MOST_MODELS])


def gives_value(source: Source, target: Target) -> bool:
    """Whether the target returns or yields something, so that an example can show what it does."""
    node = _definition(source, target)
    return node is not None and any(_is_giving(each) for each in _own_nodes(node))


def _written(reply: str, target: Target) -> str:
    """The text of the docstring in a reply: the target's, a bare literal, or the first triple-quoted one."""
    for code in codes(reply):
        literal = _of_definition(code, target) or _bare(code)
        if literal and (value := _value(literal)):
            return value
    found = _ANYWHERE.search(reply)
    return _value(found[0]) if found else ""


def _of_definition(code: str, target: Target) -> str:
    source = tree.parse(code.encode())
    named = [each for each in targets(source) if each.name == target.name and each.docstring is not None]
    return tree.read(source, named[0].docstring) if named and named[0].docstring else ""


def _bare(code: str) -> str:
    root = tree.parse(code.encode()).tree.root_node
    first = next((node for node in root.named_children if node.type != "comment"), None)
    is_literal = first is not None and first.type == "expression_statement" and first.named_child_count == 1
    return (
        tree.node_text(first)
        if first is not None and is_literal and _LITERAL.match(tree.node_text(first))
        else ""
    )


def _value(literal: str) -> str:
    """What the literal says, without its indentation.

    A backslash in a plain literal is meant as it stands, as in an example's string, unless some are doubled.
    """
    match = _LITERAL.match(literal.strip())
    value = snippets.literal(literal)
    if match is not None and (value is None or ("\\" in match[2] and "\\\\" not in match[2])):
        value = match[2].replace("\\\n", "")
    lines = as_printed(inspect.cleandoc(value or "")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _placed(source: Source, target: Target, value: str) -> tuple[Span, bytes]:
    """The bytes to replace, and by what."""
    text, eol = source.text, tree.eol_at(source.text, target.span.start)
    literal = eol.join(_literal(value, _style(source, target), target.body_indent))
    if target.docstring is not None:
        return target.docstring, literal.encode()
    between = text[target.signature.end : target.body.start]
    if b"\n" in between:
        start = tree.line_start(text, target.body.start)
        return Span(start, start), f"{target.body_indent}{literal}{eol}".encode()
    lead = f"{eol}{target.body_indent}"
    return Span(target.signature.end, target.body.start), f"{lead}{literal}{lead}".encode()


def _literal(value: str, style: _Style, indent: str) -> list[str]:
    """The lines of the literal; the first stands after the indentation that is there."""
    prefix, quotes, text = _quoted(value, style.quotes)
    lines = text.split("\n")
    if len(lines) == 1 and not text.endswith((quotes[0], "\\")):
        return [f"{prefix}{quotes}{text}{quotes}"]
    shown = [f"{indent}{line}" if line else "" for line in lines]
    if style.starts_beside and not text.startswith(quotes[0]):
        return [f"{prefix}{quotes}{lines[0]}", *shown[1:], f"{indent}{quotes}"]
    return [f"{prefix}{quotes}", *shown, f"{indent}{quotes}"]


def _quoted(value: str, quotes: str) -> tuple[str, str, str]:
    """Prefix, quotes and text of a literal with that value."""
    other = next(each for each in _QUOTES if each != quotes)
    quotes = other if quotes in value and other not in value else quotes
    if quotes in value:
        escaped = value.replace("\\", "\\\\").replace(quotes, "\\" + "\\".join(quotes))
        return "", quotes, escaped
    return ("r" if "\\" in value else ""), quotes, value


def _style(source: Source, target: Target) -> _Style:
    """The style of the docstring that stands there, else of most others of the file."""
    spans = [target.docstring] if target.docstring is not None else [*_others(source, target)]
    found = [match for span in spans if (match := _LITERAL.match(tree.read(source, span)))]
    quotes = [match[1] for match in found if match[1] in _QUOTES]
    long = [match[2] for match in found if "\n" in match[2].strip()]
    beside = [text for text in long if text.split("\n", 1)[0].strip()]
    return _Style(
        max(_QUOTES, key=quotes.count),
        starts_beside=2 * len(beside) >= len(long),
    )


def _others(source: Source, target: Target) -> Iterator[Span]:
    for each in targets(source):
        if each.docstring is not None and each.signature.start != target.signature.start:
            yield each.docstring


def _outdented(literal: str) -> str:
    first, _, rest = literal.replace("\r\n", "\n").partition("\n")
    return f"{first}\n{inspect.cleandoc(f'.{chr(10)}{rest}')[2:]}" if rest else first


def _code(source: Source, target: Target) -> tuple[list[str], list[bytes]]:
    """What a definition is without its docstring: its structure, and its tokens and comments in order."""
    kinds: list[str] = []
    tokens: list[bytes] = []
    waiting = [tree.parse_part(source.text, target.span).tree.root_node]
    while waiting:
        node = waiting.pop()
        if target.docstring is not None and _states(node, target.docstring):
            continue
        if node.type != "comment":  # the tree has a comment elsewhere when a docstring comes before it
            kinds.append(f"{node.type} {node.child_count == 0}")
        if not node.child_count:
            tokens.append(node.text or b"")
        waiting += reversed(node.children)
    return kinds, tokens


def _states(node: Node, docstring: Span) -> bool:
    return node.type == "expression_statement" and tree.span_of(node).holds(docstring)


def _definition(source: Source, target: Target) -> Node | None:
    root = tree.parse_part(source.text, target.span).tree.root_node
    found = (match["definition"] for match in tree.matches("targets", root))
    return next((node for node in found if node.start_byte == target.signature.start), None)


def _own_nodes(definition: Node) -> Iterator[Node]:
    """The nodes of a definition's body, those of inner functions and classes left out."""
    waiting = list(definition.children)
    while waiting:
        node = waiting.pop()
        yield node
        if node.type not in _INNER_SCOPES:
            waiting += node.children


def _is_giving(node: Node) -> bool:
    if node.type == "yield":
        return node.is_named
    return node.type == "return_statement" and any(
        tree.node_text(child) != "None" for child in node.named_children if child.type != "comment"
    )

"""What JSDoc shows of a target under `@example`: calls beside which a comment says what they give."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import tree_sitter_typescript
from tree_sitter import Language

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import mentioned
from cope_lsp.languages.running import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

FORM = "jsdoc"
_READ = trees.Reader(Language(tree_sitter_typescript.language_tsx()))
"""Reads examples in either language."""

_MARGIN = re.compile(r"^\s*(?:/\*\*|\*(?!/))? ?")
_TAG = re.compile(r"\s*@(\w+)\b[ \t]*(.*)")
_FENCE = re.compile(r"\s*(```+|~~~+)\s*(\w*)")
_CAPTION = re.compile(r"<caption>.*?</caption>")
_SPOKEN = frozenset({"", "js", "javascript", "mjs", "cjs", "jsx", "ts", "typescript", "tsx"})
_MARK = re.compile(r"(?:[=-]+>|→|⇒|===?|(?:returns?|prints?|logs?|outputs?|yields?|gives|is)\b:?)\s*")
_THROWS = re.compile(
    r"(?:[=-]+>|→|⇒)?\s*(?:throws?|rejects?(?: with)?|Uncaught)\b:?\s*(?:an? )?(?:new )?"
    r"(?:(\w*Error)\b.*|(?:error|exception)?\.?)"
)
_PRINTS = re.compile(r"[=-]+>|→|⇒|(?:prints?|logs?|outputs?)\b")
_PLAIN = frozenset({"number", "string", "true", "false", "null", "undefined", "regex", "comment"})
_WITHIN = frozenset({"array", "object", "pair", "unary_expression", "parenthesized_expression", "arguments"})
_MADE = frozenset({"Date", "Map", "Set", "BigInt", "Symbol"})
_NAMED = frozenset({"NaN", "Infinity", "undefined"})


def documented(source: Source, target: Target) -> tuple[Example, ...]:
    """One example a call whose value or error a comment tells."""
    if target.docstring is None:
        return ()
    blocks = _blocks(trees.read(source, target.docstring))
    return tuple(each for block in blocks for each in _examples(block, target.name))


def _blocks(comment: str) -> Iterator[str]:
    """The code under each `@example`, without fences and the comment's margin."""
    lines: list[str] | None = None
    for line in trees.lines(comment.removesuffix("*/").encode()):
        plain = _MARGIN.sub("", line, count=1)
        tag = _TAG.fullmatch(plain)
        if tag is None:
            if lines is not None:
                lines.append(plain)
            continue
        if lines is not None:
            yield _code(lines)
        lines = [_CAPTION.sub("", tag[2])] if tag[1] == "example" else None
    if lines is not None:
        yield _code(lines)


def _code(lines: list[str]) -> str:
    """A block's code: what its fences hold, where it has some."""
    if not any(_FENCE.match(line) for line in lines):
        return "\n".join(lines)
    code: list[str] = []
    fence, spoken = "", False
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence, spoken = mark[1], mark[2].lower() in _SPOKEN
        elif mark and line.strip() == fence:
            fence = ""
        elif fence and spoken:
            code.append(line)
    return "\n".join(code)


def _examples(code: str, name: str) -> Iterator[Example]:
    """Each statement beside which stands what it gives, with those before it as its set-up."""
    root = trees.parse(_READ, code.encode()).tree.root_node
    if root.has_error or name not in mentioned(root):
        return
    before: list[str] = []
    nodes = root.named_children
    for node, following in zip(nodes, [*nodes[1:], None], strict=True):
        if node.type in ("comment", "import_statement") or _requires(node):
            continue
        asked = _asked(node)
        claim = _claim(node, _comment(node, following)) if asked is not None else None
        if asked is not None and claim is not None:
            expected, raises = claim
            yield Example(trees.node_text(asked), expected, tuple(before), raises, FORM)
            if raises:
                continue
        before.append(trees.node_text(node))


def _requires(node: Node) -> bool:
    return node.type.endswith("_declaration") and "require(" in trees.node_text(node)


def _asked(node: Node) -> Node | None:
    """The expression that a statement is about: itself, or what it prints."""
    if node.type != "expression_statement" or not node.named_children:
        return None
    inner = node.named_children[0]
    printed = _printed(inner)
    return inner if printed is None else printed


def _printed(node: Node) -> Node | None:
    called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if node.type != "call_expression" or called is None or given is None:
        return None
    if trees.node_text(called) != "console.log" or given.named_child_count != 1:
        return None
    return given.named_children[0]


def _comment(node: Node, following: Node | None) -> Node | None:
    """The comment behind a statement (a part of it, where no semicolon ends it), or below."""
    last = node.named_children[-1]
    return last if last.type == "comment" else following


def _claim(node: Node, comment: Node | None) -> tuple[str, str] | None:
    """The value, or the name of the error, that the comment behind or below a statement tells."""
    if comment is None or comment.type != "comment":
        return None
    below = comment.start_point.row - node.end_point.row
    if below > 1:
        return None
    told = trees.node_text(comment).removeprefix("//").strip()
    throws = _THROWS.fullmatch(told)
    if throws:
        return "", throws[1] or "Error"
    mark = _MARK.match(told)
    if below and not mark:
        return None
    value = (told[mark.end() :] if mark else told).removesuffix(";").strip()
    for text in (value, value.removesuffix(".")):
        if _is_literal(text):
            return text, ""
    printed = _printed(node.named_children[0]) is not None
    shown = printed and mark is not None and _PRINTS.match(told) and " " not in value
    return (json.dumps(value), "") if shown and value else None


def _is_literal(text: str) -> bool:
    """Whether a text is one value, written out."""
    root = trees.parse(_READ, f"({text}\n)".encode()).tree.root_node
    if root.has_error or root.named_child_count != 1 or root.named_children[0].type != "expression_statement":
        return False
    return all(_is_plain(each) for each in root.named_children[0].named_children)


def _is_plain(node: Node) -> bool:
    if node.type in _PLAIN or (node.type == "identifier" and trees.node_text(node) in _NAMED):
        return True
    if node.type == "template_string":
        return not any(each.type == "template_substitution" for each in node.named_children)
    if node.type == "pair":
        value = node.child_by_field_name("value")
        return value is not None and _is_plain(value)
    if node.type in ("new_expression", "call_expression"):
        made = node.child_by_field_name("constructor") or node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        known = made is not None and trees.node_text(made) in _MADE
        return known and (given is None or _is_plain(given))
    return node.type in _WITHIN and all(_is_plain(each) for each in node.named_children)

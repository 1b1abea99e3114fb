"""Small faults in a target's body such as a programmer makes, by exchanging one token for another."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import TOKEN, parse
from cope_lsp.languages.grammar.targets import twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.target import Target

_SWAPS = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
    "===": "!==",
    "!==": "===",
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "%": "*",
    "&&": "||",
    "||": "&&",
    "and": "or",
    "or": "and",
    "+=": "-=",
    "-=": "+=",
    "*=": "+=",
    "++": "--",
    "--": "++",
    "true": "false",
    "false": "true",
}
_NUMBER = re.compile(r"\d+")


def mutants(grammar: Grammar, text: bytes, target: Target, most: int, seed: int) -> tuple[bytes, ...]:
    """At most `most` texts, each with one fault; the same seed gives the same."""
    source = parse(grammar, text)
    faults = list(dict.fromkeys(_faults(source.tree.root_node, target)))
    random.Random(seed).shuffle(faults)  # noqa: S311 -- a draw, no secret
    found: list[bytes] = []
    for start, end, new in faults:
        if len(found) >= most:
            break
        made = text[:start] + new.encode() + text[end:]
        now = twin(grammar, source, target, parse(grammar, made))
        if now is not None and now.parses:
            found.append(made)
    return tuple(found)


def hollow(grammar: Grammar, text: bytes, target: Target) -> bytes:
    """The file's text with the target's body emptied: it fails, and says `TOKEN`."""
    statement = _kept(grammar, text, target) + grammar.hollow.format(token=TOKEN)
    body = (
        f"{grammar.opening} {statement} {grammar.closing}"
        if grammar.opening
        else f"\n{statement}\n{grammar.closing}"
    )
    emptied = text[: target.body.start] + body.encode() + text[target.body.end :]
    return grammar.settled(parse(grammar, text), parse(grammar, emptied))


def _kept(grammar: Grammar, text: bytes, target: Target) -> str:
    """The body's first statement, where the language wants it there."""
    if not grammar.kept:
        return ""
    root = parse(grammar, text).tree.root_node
    body = root.descendant_for_byte_range(target.body.start, target.body.end)
    inner = [each for each in body.named_children if each.type not in grammar.comments] if body else []
    return f"{trees.node_text(inner[0])} " if inner and inner[0].type in grammar.kept else ""


def _faults(root: Node, target: Target) -> Iterator[tuple[int, int, str]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= target.body.start or node.start_byte >= target.body.end:
            continue
        if node.child_count:
            waiting += node.children
        elif target.body.holds(trees.span_of(node)):
            said = trees.node_text(node)
            if said in _SWAPS:
                yield node.start_byte, node.end_byte, _SWAPS[said]
            elif _NUMBER.fullmatch(said) and len(said) < 10:  # noqa: PLR2004 -- fits any integer type
                yield node.start_byte, node.end_byte, str(int(said) + 1)

"""A reply, read: where in it the target's new definition stands, or a body for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import replies, trees
from cope_lsp.languages.grammar.grammar import parse
from cope_lsp.languages.grammar.layout import string_rows
from cope_lsp.languages.grammar.targets import indent_unit, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


@dataclass(frozen=True, slots=True)
class Written:
    """What a reply wrote: its code, and the definition in it; `bare` where it wrote a body alone."""

    source: Source
    definition: Target
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a reply cannot be used, in words that a model can act on too."""

    problem: str


def read(grammar: Grammar, source: Source, target: Target, reply: str) -> Written | Unusable:
    """Find the target's new definition, or a body for it, in a reply."""
    if len(reply) > replies.LARGEST_REPLY:
        return Unusable(f"the reply is longer than {replies.LARGEST_REPLY // 1024} KiB")
    if not reply.strip():
        return Unusable("the reply is empty")
    line = re.compile(grammar.code)
    parts = [*replies.codes(reply, lambda text: line.match(text) is not None)]
    head = _plain(trees.read(source, target.signature))
    problems: list[str] = []
    for part in parts:
        found = _definition_in(grammar, part, target, head)
        if isinstance(found, Written):
            return found
        problems += [found.problem] if found is not None else []
    if problems:
        return Unusable(problems[0])
    bodies = (_body_in(grammar, source, target, part) for part in parts)
    return next((body for body in bodies if body is not None), None) or _explained(grammar, parts, target)


def _definition_in(grammar: Grammar, code: str, target: Target, head: str) -> Written | Unusable | None:
    """The best definition of the target's name, of overloads that with its head; None where there is none."""
    seen: list[Target] = []
    for text in _variants(grammar, code):
        source = parse(grammar, text.encode())
        found = [each for each in targets(grammar, source) if each.name == target.name]
        same_head = [each for each in found if _plain(trees.read(source, each.signature)) == head]
        same_scope = [each for each in found if each.parents[-1:] == target.parents[-1:]]
        for each in [*same_head, *same_scope, *found]:
            if each.parses and not each.stub:
                return Written(source, each)
        seen += found
    if any(each.parses for each in seen):
        return Unusable(f"the reply leaves {target.name} without a body")
    return Unusable(f"{target.name} in the reply does not parse; it may be cut off") if seen else None


def _plain(head: str) -> str:
    return "".join(head.split())


def _variants(grammar: Grammar, code: str) -> Iterator[str]:
    """The code as it stands, and inside what a member needs around it."""
    yield code
    for before, after in grammar.members:
        yield f"{before}\n{code}\n{after}"


def _body_in(grammar: Grammar, source: Source, target: Target, code: str) -> Written | None:
    """The code as a bare body: under the target's own head it parses and does something."""
    if targets(grammar, parse(grammar, code.encode())):
        return None
    head = trees.read(source, target.signature).replace(f"\n{target.indent}", "\n")
    inner = code.strip()
    if not (grammar.opening and inner.startswith(grammar.opening) and inner.endswith(grammar.closing)):
        inner = f"{grammar.opening}\n{_indented(grammar, code.rstrip())}\n{grammar.closing}"
    for text in _variants(grammar, f"{head} {inner}"):
        whole = parse(grammar, text.encode())
        found = [each for each in targets(grammar, whole) if each.name == target.name]
        if found and found[0].parses and not found[0].stub and not whole.tree.root_node.has_error:
            return None if _only_uses(code, target) else Written(whole, found[0], bare=True)
    return None


def _indented(grammar: Grammar, code: str) -> str:
    """A body's lines one level in, as they would stand under a head; what is in a string stays."""
    lines = trees.lines(code.encode())
    if next((line[:1].isspace() for line in lines if line.strip()), True):
        return code
    kept = string_rows(grammar, parse(grammar, f"{grammar.opening}\n{code}\n{grammar.closing}".encode()))
    unit = indent_unit(grammar, code.encode())
    moved = (line if row in kept or not line.strip() else unit + line for row, line in enumerate(lines, 1))
    return "\n".join(moved)


def _only_uses(code: str, target: Target) -> bool:
    """Whether code merely calls the target, as a usage example does."""
    calls = re.search(rf"\b{re.escape(target.name)}\s*\(", code)
    return calls is not None and not re.search(r"\b(?:return|for|while|if|match|switch|throw)\b", code)


def _explained(grammar: Grammar, parts: list[str], target: Target) -> Unusable:
    others = [each.name for part in parts for each in targets(grammar, parse(grammar, part.encode()))]
    if others:
        return Unusable(f"the reply defines {', '.join(dict.fromkeys(others))} and not {target.name}")
    return Unusable(f"the reply holds no code for {target.name}, or it does not parse")

"""The contract an edit keeps: it parses, the head stays, nothing is left out, nothing outside vanishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import comments, parse
from cope_lsp.languages.grammar.targets import in_view, scopes, targets, twin
from cope_lsp.languages.replies import LEFT_OUT
from cope_lsp.languages.target import Head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.grammar.reply import Written
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


def breaches(grammar: Grammar, before: Source, target: Target, after: Source, head: Head) -> tuple[str, ...]:
    """How the text `after` breaks the contract; empty: it does not."""
    now = twin(grammar, before, target, after)
    if now is None:
        return (f"{target.qualname} is gone",)
    # Where errors hide the target from the file's tree, what that shows of the rest changes with every word.
    hidden = in_view(grammar, before, target) is not before
    found = [] if hidden and now.parses else [*_syntax(before, target, now, after)]
    if now.stub:
        found.append(f"{target.qualname} is left without a body")
    if head is Head.FIXED and _head(before, target) != _head(after, now):
        found.append(f"the head of {target.qualname} changed")
    found += placeholders(grammar, trees.read(before, target.span), trees.read(after, now.span))
    lost = set[str]() if hidden else _symbols(grammar, before) - _symbols(grammar, after)
    gone = sorted(lost - _within(grammar, before, target))
    if gone:
        found.append(f"no longer defines {', '.join(gone)}")
    return tuple(found)


def head_problem(grammar: Grammar, source: Source, target: Target, written: Written, head: Head) -> str:
    """Why the reply's head does not fit the user's: other parameters, or async where it was not."""
    if head is Head.FREE or written.bare:
        return ""
    definition = written.definition
    mine = _parameters(grammar, in_view(grammar, source, target), target)
    theirs = _parameters(grammar, written.source, definition)
    if mine is not None and theirs is not None and mine != theirs:
        was, now = ", ".join(mine), ", ".join(theirs)
        return f"the reply changes the parameters of {target.name} from ({was}) to ({now})"
    if definition.is_async and not target.is_async:
        return f"the reply makes {target.name} async"
    return ""


def placeholders(grammar: Grammar, before: str, after: str) -> list[str]:
    """Comments that stand for code that was left out, where the old text had none such."""
    known = {*_left_out(grammar, before)}
    return [f"leaves code out: {said}" for said in _left_out(grammar, after) if said not in known]


def _left_out(grammar: Grammar, text: str) -> Iterator[str]:
    for node in comments(grammar, parse(grammar, text.encode("utf-8", "surrogateescape")).tree.root_node):
        said = trees.node_text(node).strip()
        if LEFT_OUT.search(said):
            yield said


def _syntax(before: Source, target: Target, now: Target, after: Source) -> Iterator[str]:
    """Errors in the target, and outside it those that were not there."""
    if not now.parses:
        yield f"{target.qualname} does not parse"
    elif after.tree.root_node.has_error and _errors(after) > _errors(before):
        yield "the file no longer parses"


def _errors(source: Source) -> int:
    count, waiting = 0, [source.tree.root_node]
    while waiting:
        node = waiting.pop()
        count += node.is_error or node.is_missing
        if node.has_error:
            waiting += node.children
    return count


def _head(source: Source, target: Target) -> str:
    return "".join(trees.read(source, target.signature).split())


def _parameters(grammar: Grammar, source: Source, target: Target) -> tuple[str, ...] | None:
    """Names of the parameters, in order; None where the grammar shows no list."""
    node = _node_of(source.tree.root_node, target)
    held = _first(node, grammar) if node is not None else None
    return None if held is None else tuple(_names(held))


def _node_of(root: Node, target: Target) -> Node | None:
    return root.descendant_for_byte_range(target.signature.start, target.body.end)


def _first(node: Node, grammar: Grammar) -> Node | None:
    """The parameter list of a definition: the first node of its head that is called so; no template's."""
    waiting = [node]
    while waiting:
        each = waiting.pop(0)
        found = each.child_by_field_name("parameters") or each.child_by_field_name("parameter")
        if found is not None and each.type not in grammar.wrappers:
            return found
        waiting += [child for child in each.children if child.type not in grammar.comments]
    return None


def _names(parameters: Node) -> Iterator[str]:
    """Identifiers that are names, not types, defaults or annotations."""
    waiting = [parameters]
    while waiting:
        node = waiting.pop(0)
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield trees.node_text(node)
        unnamed = {node.child_by_field_name(field) for field in ("type", "value", "default_value", "right")}
        skipped = {each.id for each in unnamed if each is not None}
        inner = [
            child for child in node.children if child.id not in skipped and "annotation" not in child.type
        ]
        waiting = [*inner, *waiting]


def _symbols(grammar: Grammar, source: Source) -> set[str]:
    named = {each.qualname for each in targets(grammar, source)}
    return named | {name for name, _ in scopes(grammar, source) if name}


def _within(grammar: Grammar, source: Source, target: Target) -> set[str]:
    """What a target's own body defines, which a new body need not."""
    inner = {each.qualname for each in targets(grammar, source) if target.body.holds(each.signature)}
    return inner | {name for name, node in scopes(grammar, source) if target.body.holds(trees.span_of(node))}

"""Calls of a Go function that tests make, with the values of table tests' rows put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.go.types import Kind, Unfit
from cope_lsp.languages.go.values import Bound, elements, resolved, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from cope_lsp.languages.go.callee import Callee

MOST = 60
_ROWS = 30


def seen_calls(roots: list[Node], callee: Callee) -> tuple[tuple[object, ...], ...]:
    """At most `MOST`, nothing twice, in the order of the texts."""
    found: dict[str, tuple[object, ...]] = {}
    for root in roots:
        for call, bound in _calls(root, callee.name):
            try:
                values = _arguments(call, bound, callee)
            except Unfit:
                continue
            found.setdefault(repr(values), values)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


def _arguments(call: Node, bound: Mapping[str, Bound], callee: Callee) -> tuple[object, ...]:
    """The values of a call: of what makes its object, then its own. Raises: Unfit."""
    function = call.child_by_field_name("function")
    made: tuple[object, ...] = ()
    if callee.owner:
        if function is None or function.type != "selector_expression":
            raise Unfit(callee.name)
        owner = resolved(Bound(function.named_children[0]), bound)
        if owner is None:
            raise Unfit(callee.name)
        made = _owner(owner.node, bound, callee)
    own = callee.kinds[len(made) :]
    return (*made, *_listed(call, own, bound, several=callee.several))


def _owner(node: Node, bound: Mapping[str, Bound], callee: Callee) -> tuple[object, ...]:
    if not callee.maker:
        return (value_of(node, callee.kinds[0], bound),)
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    if function is None or trees.node_text(function).rpartition(".")[2] != callee.maker:
        raise Unfit(callee.maker)
    return _listed(node, callee.kinds[: callee.making], bound, several=False)


def _listed(
    call: Node, kinds: tuple[Kind, ...], bound: Mapping[str, Bound], *, several: bool
) -> tuple[object, ...]:
    given = call.child_by_field_name("arguments")
    nodes = [each for each in given.named_children if each.type != "comment"] if given is not None else []
    if several and not (nodes and nodes[-1].type == "variadic_argument"):
        fixed = len(kinds) - 1
        if len(nodes) < fixed:
            raise Unfit("arguments")
        rest = [value_of(each, kinds[-1].parts[0], bound) for each in nodes[fixed:]]
        return (*(value_of(*pair, bound) for pair in zip(nodes[:fixed], kinds[:fixed], strict=True)), rest)
    if len(nodes) != len(kinds):
        raise Unfit("arguments")
    bare = [each.named_children[0] if each.type == "variadic_argument" else each for each in nodes]
    return tuple(value_of(*pair, bound) for pair in zip(bare, kinds, strict=True))


def _calls(root: Node, name: str) -> Iterator[tuple[Node, Mapping[str, Bound]]]:
    """Calls of that name, once for each row of the table that a loop around goes through."""
    shared = dict(_bindings(root, deep=False))
    types = {trees.node_text(each.children[0]): each for each in _all(root, "type_spec")}
    for function in (
        each for each in root.children if each.type in ("function_declaration", "method_declaration")
    ):
        bound = {**shared, **dict(_bindings(function, deep=True))}
        for call in _all(function, "call_expression"):
            called = call.child_by_field_name("function")
            if called is not None and trees.node_text(called).rpartition(".")[2].partition("[")[0] == name:
                yield from ((call, {**bound, **row}) for row in _rows(call, bound, types))


def _rows(call: Node, bound: Mapping[str, Bound], types: Mapping[str, Node]) -> list[dict[str, Bound]]:
    """What the loop's variables are, row by row; one empty row where there is no table."""
    for around in trees.ancestors(call):
        clause = next((each for each in around.children if each.type == "range_clause"), None)
        left = clause.child_by_field_name("left") if clause is not None else None
        right = clause.child_by_field_name("right") if clause is not None else None
        if left is None or right is None:
            continue
        try:
            table = resolved(Bound(right), bound)
        except Unfit:
            continue
        body = table.node.child_by_field_name("body") if table is not None else None
        if table is None or body is None:
            continue
        names = _field_names(table.node, types)
        variable = trees.node_text(left.named_children[-1])
        return [{variable: Bound(row, names)} for row in elements(body)[:_ROWS]]
    return [{}]


def _field_names(table: Node, types: Mapping[str, Node]) -> tuple[str, ...]:
    """The fields of a table's rows, in order."""
    kind = table.child_by_field_name("type")
    row = kind.named_children[-1] if kind is not None and kind.named_children else None
    if row is not None and trees.node_text(row).lstrip("*") in types:
        row = types[trees.node_text(row).lstrip("*")]
    struct = next(_all(row, "struct_type"), None) if row is not None else None
    if struct is None:
        return ()
    fields = _all(struct, "field_declaration")
    return tuple(trees.node_text(name) for each in fields for name in each.children_by_field_name("name"))


def _bindings(root: Node, *, deep: bool) -> Iterator[tuple[str, Bound]]:
    """What variables are set to where they are made, one name at a time."""
    kinds = ("short_var_declaration", "var_spec") if deep else ("var_spec",)
    for kind in kinds:
        for node in _all(root, kind, inside_functions=deep):
            left = node.child_by_field_name("left") or node.child_by_field_name("name")
            right = node.child_by_field_name("right") or node.child_by_field_name("value")
            names = left.named_children or [left] if left is not None else []
            values = right.named_children if right is not None else []
            yield from (
                (trees.node_text(name), Bound(value)) for name, value in zip(names, values, strict=False)
            )


def _all(root: Node, kind: str, *, inside_functions: bool = True) -> Iterator[Node]:
    """Nodes of a kind, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == kind:
            yield node
        if inside_functions or node.type != "function_declaration":
            waiting += reversed(node.children)

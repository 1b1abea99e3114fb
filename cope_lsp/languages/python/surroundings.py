"""What a reader of a function looks at: imports, the class around it, the definitions it uses."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.python import imports, names, tree
from cope_lsp.languages.python.targets import target_named
from cope_lsp.languages.target import Imported, Surroundings
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


def surroundings(source: Source, target: Target, path: str) -> Surroundings:
    """What a reader of the target looks at; `path` is the file's, relative to the project's root."""
    root = source.tree.root_node
    mentioned = names.mentioned(root, target.span)
    block = imports.block(source)
    used = [item for item in imports.items(source) if item.bound in mentioned]
    return Surroundings(
        imports=tree.read(source, block).strip(),
        scope="\n".join(_scope(source, target)),
        definitions=tuple(_used(source, target, mentioned)),
        imported=tuple(Imported(item.bound, item.name, _paths(item, path)) for item in used),
    )


def definition(source: Source, name: str) -> str:
    """The definition of a name as another file sees it: signatures and docstrings. Empty: none."""
    node = names.defined(source.tree.root_node).get(name)
    return "" if node is None else "\n".join(_outline(source, node))


def test_text(source: Source, case: str) -> str:
    """The text of a test by its node id: the last one or two names of it, without parameters."""
    known = [name for name in re.split(r"::|\.", re.sub(r"\[.*\]$", "", case)) if name]
    found = (target_named(source, ".".join(known[-length:])) for length in (2, 1))
    target = next((each for each in found if each is not None), None)
    return "" if target is None else trees.at_margin(source, target.span)


def _scope(source: Source, target: Target) -> Iterator[str]:
    """The enclosing classes in outline, without the target; an enclosing function as it stands above it."""
    found = names.defined(source.tree.root_node)
    for name in target.parents:
        node = found.get(name)
        if node is None:
            return
        inner = node.child_by_field_name("definition") or node
        if inner.type == "function_definition":
            above = Span(_from(source, node), tree.line_start(source.text, target.span.start))
            yield from _dedented(tree.read(source, above).rstrip())
            return
        yield from _outline(source, node, target)
        found = names.members(node)


def _used(source: Source, target: Target, mentioned: set[str]) -> Iterator[str]:
    """The top-level definitions that the target mentions and does not stand in."""
    for name, node in names.defined(source.tree.root_node).items():
        if name in mentioned and name not in {target.qualname, *target.parents[:1]}:
            yield "\n".join(_outline(source, node))


def _outline(source: Source, node: Node, target: Target | None = None) -> Iterator[str]:
    """A definition without what its functions do: headers, docstrings, fields. `target` is left out."""
    inner = node.child_by_field_name("definition") or node
    body = inner.child_by_field_name("body")
    if inner.type not in names.DEFINITIONS or body is None:
        yield from _dedented(tree.read(source, Span(_from(source, node), node.end_byte)))
        return
    header = tree.read(source, Span(_from(source, node), _colon(inner))).rstrip()
    yield from _dedented(header)
    if inner.type == "class_definition":
        yield from (
            f"    {line}" for member in body.named_children for line in _member(source, member, target)
        )
        return
    first = body.named_children[0] if body.named_children else None
    if first is not None and first.type == "expression_statement" and first.children[0].type == "string":
        yield from _dedented(tree.read(source, Span(_from(source, first), first.end_byte)), "    ")
    yield "    ..."


def _member(source: Source, node: Node, target: Target | None) -> Iterator[str]:
    """A class member: a field whole, a function by its header; `__init__` whole, it shows the fields."""
    inner = node.child_by_field_name("definition") or node
    is_target = target is not None and tree.span_of(node).holds(target.signature)
    if is_target or node.type == "comment":
        return
    name = inner.child_by_field_name("name")
    if inner.type not in names.DEFINITIONS or (name is not None and tree.node_text(name) == "__init__"):
        yield from _dedented(tree.read(source, Span(_from(source, node), node.end_byte)))
        return
    yield from _dedented(tree.read(source, Span(_from(source, node), _colon(inner))))
    yield "    ..."


def _from(source: Source, node: Node) -> int:
    return tree.line_start(source.text, node.start_byte)


def _colon(node: Node) -> int:
    return max((child.end_byte for child in node.children if child.type == ":"), default=node.end_byte)


def _dedented(text: str, indent: str = "") -> Iterator[str]:
    """Lines without the indentation of the first."""
    lines = tree.lines(text.encode())
    white = lines[0][: len(lines[0]) - len(lines[0].lstrip())] if lines else ""
    for line in lines:
        yield (indent + line.removeprefix(white)).rstrip()


def _paths(item: imports.Item, path: str) -> tuple[str, ...]:
    """Files of the project that may define an imported name."""
    dots = len(item.module) - len(item.module.lstrip("."))
    parts = [part for part in item.module.lstrip(".").split(".") if part]
    here = PurePosixPath(path).parent
    if dots:
        for _ in range(dots - 1):
            here = here.parent
        bases = [here.joinpath(*parts)]
    else:
        bases = [PurePosixPath(*parts), PurePosixPath("src", *parts), here.joinpath(*parts)]
    found = [
        file
        for base in bases
        for file in (f"{base}.py", f"{base}/__init__.py")
        if parts or file.endswith("y")
    ]
    if item.name:
        found += [f"{base}/{item.name}.py" for base in bases]
    return tuple(dict.fromkeys(found))

"""What a call of a Go function looks like: its parameters' types, how the object of a method is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.go.types import Kind, Unfit, kind_of, literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


@dataclass(frozen=True, slots=True)
class Callee:
    """A function with the types of what a call needs: first of what makes its object, then its own.

    `making` of them make the object: through the function `maker`, or it is the first of them itself.
    `several`: the last is a slice that is spread.
    """

    name: str
    kinds: tuple[Kind, ...]
    several: bool = False
    owner: str = ""
    maker: str = ""
    making: int = 0
    types: str = ""

    def write(self, values: tuple[object, ...]) -> str:
        """The text of a call; empty where a value does not fit."""
        try:
            texts = [literal(kind, value) for kind, value in zip(self.kinds, values, strict=True)]
        except (Unfit, ValueError):
            return ""
        own = texts[self.making :]
        if self.several:
            own[-1] += "..."
        call = f"{self.name}{self.types}({', '.join(own)})"
        if not self.owner:
            return call
        made = texts[: self.making]
        return (
            f"{self.maker}({', '.join(made)}).{call}"
            if self.maker
            else f"{_object(self.kinds[0], made[0])}.{call}"
        )


def callee_of(source: Source, target: Target, roots: list[Node]) -> Callee | None:
    """The target as something to call; None where a value of some parameter cannot be written down."""
    node = _definition(source.tree.root_node, target)
    if node is None:
        return None
    types = dict(_types([*roots, source.tree.root_node]))
    try:
        if node.type == "method_declaration":
            return _method(source, node, types)
        known = dict(_type_parameters(node))
        given = ", ".join(kind.text for kind in known.values())
        kinds, several = _parameters(node, types, known)
    except Unfit:
        return None
    return Callee(target.name, kinds, several, types=f"[{given}]" if given else "")


def _object(kind: Kind, text: str) -> str:
    if kind.under == "pointer":
        return f"({text})"
    return text if kind.under in ("record", "list", "dict", "array", "text") else f"{kind.text}({text})"


def _method(source: Source, node: Node, types: Mapping[str, Node]) -> Callee:
    receiver, name = node.child_by_field_name("receiver"), node.child_by_field_name("name")
    declared = receiver.named_children[0].child_by_field_name("type") if receiver is not None else None
    if declared is None or name is None:
        raise Unfit("receiver")
    kinds, several = _parameters(node, types, {})
    owner = trees.node_text(declared).lstrip("*")
    maker = _maker(source.tree.root_node, owner)
    if maker is not None:
        makes, spread = _parameters(maker, types, {})
        if not spread:
            called = trees.node_text(maker.child_by_field_name("name") or maker)
            return Callee(trees.node_text(name), (*makes, *kinds), several, owner, called, len(makes))
    own = kind_of(declared, types, {})
    if _holds_made(own) or own.under == "nil":
        raise Unfit(owner)
    return Callee(trees.node_text(name), (own, *kinds), several, owner, "", 1)


def _holds_made(kind: Kind) -> bool:
    """Whether a type holds what only its own code can make well: maps, pointers."""
    return any(
        part.under in ("dict", "pointer", "nil") or _holds_made(part)
        for part in kind.parts
        if kind.under != "pointer"
    ) or (kind.under == "pointer" and _holds_made(kind.parts[0]))


def _maker(root: Node, owner: str) -> Node | None:
    """The function `New…` of the file that gives one such object and nothing else."""
    for each in root.children:
        name, result = each.child_by_field_name("name"), each.child_by_field_name("result")
        if each.type != "function_declaration" or name is None or result is None:
            continue
        said = trees.node_text(name).lower()
        if said in ("new", f"new{owner.lower()}") and trees.node_text(result).lstrip("*") == owner:
            return each
    return None


def _parameters(
    node: Node, types: Mapping[str, Node], known: Mapping[str, Kind]
) -> tuple[tuple[Kind, ...], bool]:
    """Types by position, and whether the last is spread. Raises: Unfit."""
    kinds, several = list[Kind](), False
    listed = node.child_by_field_name("parameters")
    for each in listed.named_children if listed is not None else []:
        declared = each.child_by_field_name("type")
        if declared is None:
            continue
        kind = kind_of(declared, types, known)
        if each.type == "variadic_parameter_declaration":
            kind, several = Kind(f"[]{kind.text}", "list", (kind,)), True
        kinds += [kind] * max(1, len(each.children_by_field_name("name")))
    return tuple(kinds), several


def _type_parameters(node: Node) -> Iterator[tuple[str, Kind]]:
    """A plain type for each type parameter, such as its constraint allows."""
    listed = node.child_by_field_name("type_parameters")
    for each in listed.named_children if listed is not None else []:
        constraint = each.child_by_field_name("type")
        said = trees.node_text(constraint) if constraint is not None else "any"
        kind = _instance(said)
        yield from ((trees.node_text(name), kind) for name in each.children_by_field_name("name"))


def _instance(constraint: str) -> Kind:
    words = {word.strip(" ~") for word in constraint.split("|")}
    if words & {"any", "comparable", "int"} or constraint.endswith(
        (".Ordered", ".Integer", "Number", "Ordered")
    ):
        return Kind("int", "int")
    basic = next((word for word in ("string", "float64", "int64", "uint") if word in words), "")
    if not basic:
        raise Unfit(constraint)
    return Kind(basic, basic)


def _types(roots: list[Node]) -> Iterator[tuple[str, Node]]:
    """Types by name that files declare, what is right of the name."""
    for root in roots:
        for declaration in root.children:
            for each in declaration.named_children if declaration.type == "type_declaration" else []:
                name, right = each.child_by_field_name("name"), each.child_by_field_name("type")
                if (
                    name is not None
                    and right is not None
                    and each.child_by_field_name("type_parameters") is None
                ):
                    yield trees.node_text(name), right


def _definition(root: Node, target: Target) -> Node | None:
    """The target's own node, where it stands at the top of the file."""
    for each in root.children:
        body = each.child_by_field_name("body")
        if body is not None and body.start_byte == target.body.start:
            return each if each.type in ("function_declaration", "method_declaration") else None
    return None

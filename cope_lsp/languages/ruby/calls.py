"""Calls of a Ruby method on generated inputs: its parameters, what tests give them, how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import parse
from cope_lsp.languages.inputs.mixing import Material, mixed
from cope_lsp.languages.inputs.shapes import ANY, merged, of_value
from cope_lsp.languages.ruby.grammar import GRAMMAR
from cope_lsp.languages.ruby.values import Unfit, literal, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

_LONGEST = 200_000
_NAMED = ("keyword_parameter",)
_TAKEN = ("identifier", "optional_parameter", *_NAMED)
_TYPES = ("class", "module")


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A parameter; `usual` is the node of what it is where nothing is given."""

    name: str
    keyword: bool
    usual: Node | None


def calls(source: Source, target: Target, seed: int, texts: tuple[bytes, ...]) -> tuple[str, ...]:
    """Calls with arguments as tests give them and alike; none where tests give what is no literal."""
    node = _definition(source.tree.root_node, target)
    roots = [parse(GRAMMAR, text).tree.root_node for text in texts if len(text) <= _LONGEST]
    receiver = _receiver(node, target, roots) if node is not None else None
    if node is None or receiver is None:
        return ()
    parameters = tuple(_parameters(node))
    seen = tuple(dict.fromkeys(_hashable(each) for each in _seen(roots, target.name, parameters)))
    given = tuple(each.arguments for each in seen)
    shapes = tuple(merged(map(of_value, each)) for each in zip(*given, strict=True))
    if parameters and (not given or ANY in shapes):
        return ()
    words = "" if target.docstring is None else trees.read(source, target.docstring)

    def write(values: tuple[object, ...]) -> str:
        try:
            told = [_argument(each, value) for each, value in zip(parameters, values, strict=True)]
        except Unfit:
            return ""
        return f"{receiver}{target.name}({', '.join(told)})"

    return mixed(Material(shapes, given, words, write), seed)


@dataclass(frozen=True, slots=True)
class _Given:
    """Arguments of one call, told apart by their text."""

    text: str
    arguments: tuple[object, ...]

    def __hash__(self) -> int:
        return hash(self.text)


def _hashable(arguments: tuple[object, ...]) -> _Given:
    return _Given(repr(arguments), arguments)


def _argument(parameter: _Parameter, value: object) -> str:
    return f"{parameter.name}: {literal(value)}" if parameter.keyword else literal(value)


def _definition(root: Node, target: Target) -> Node | None:
    node = root.descendant_for_byte_range(target.signature.start, target.signature.end)
    while node is not None and node.type not in ("method", "singleton_method"):
        node = node.parent
    return node


def _parameters(node: Node) -> Iterator[_Parameter]:
    listed = node.child_by_field_name("parameters")
    for each in listed.named_children if listed is not None else []:
        if each.type in _TAKEN:
            name = each.child_by_field_name("name") or each
            yield _Parameter(trees.node_text(name), each.type in _NAMED, each.child_by_field_name("value"))


def _receiver(node: Node, target: Target, roots: list[Node]) -> str | None:
    """What the call begins with; None where no object of the class can be made."""
    around = [each for each in trees.ancestors(node) if each.type in (*_TYPES, "singleton_class")]
    owner = "::".join(target.parents)
    if not owner or not target.name.rstrip("?!").isidentifier():
        return "" if target.name.rstrip("?!").isidentifier() else None
    shared = around and around[0].type == "module" and _is_shared(around[0])
    if node.type == "singleton_method" or shared or (around and around[0].type == "singleton_class"):
        return f"{owner}."
    if around and around[0].type == "module":
        return None
    return _made(owner, around, roots)


def _is_shared(module: Node) -> bool:
    """Whether a module's own methods can be called on it."""
    body = module.child_by_field_name("body")
    said = [trees.node_text(each) for each in (body.named_children if body is not None else [])]
    return "module_function" in said or "extend self" in said


def _made(owner: str, around: list[Node], roots: list[Node]) -> str | None:
    """An object as the tests make it, or one that needs nothing."""
    for root in roots:
        named = dict(_assigned(root))
        for call in _calls(root, "new"):
            receiver = call.child_by_field_name("receiver")
            said = trees.node_text(receiver) if receiver is not None else ""
            if said and f"::{owner}".endswith(f"::{said}"):
                try:
                    made = literal(value_of(call, named))
                except Unfit:
                    continue
                return f"{owner}{made.removeprefix(said)}."
    body = around[0].child_by_field_name("body") if around else None
    for each in body.named_children if body is not None else []:
        name = each.child_by_field_name("name")
        if each.type == "method" and name is not None and trees.node_text(name) == "initialize":
            needed = [parameter for parameter in _parameters(each) if parameter.usual is None]
            return None if needed else f"{owner}.new."
    return f"{owner}.new."


def _seen(roots: list[Node], name: str, parameters: tuple[_Parameter, ...]) -> Iterator[tuple[object, ...]]:
    """The arguments of each call by literals in the tests."""
    for root in roots:
        named = dict(_assigned(root))
        for call in _calls(root, name):
            try:
                yield tuple(_values(call, named, parameters))
            except (Unfit, ValueError):
                continue


def _values(call: Node, named: Mapping[str, Node], parameters: tuple[_Parameter, ...]) -> Iterator[object]:
    listed = call.child_by_field_name("arguments")
    nodes = listed.named_children if listed is not None else []
    by_place = iter([each for each in nodes if each.type != "pair"])
    by_name = {
        trees.node_text(key): value
        for each in nodes
        if each.type == "pair"
        and (key := each.child_by_field_name("key")) is not None
        and (value := each.child_by_field_name("value")) is not None
    }
    for each in parameters:
        node = by_name.get(each.name) if each.keyword else next(by_place, None)
        node = node or each.usual
        if node is None:
            raise Unfit(each.name)
        yield value_of(node, named)


def _assigned(root: Node) -> Iterator[tuple[str, Node]]:
    for node in _walk(root):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if node.type == "assignment" and left is not None and right is not None:
            yield trees.node_text(left), right


def _calls(root: Node, name: str) -> Iterator[Node]:
    for node in _walk(root):
        method = node.child_by_field_name("method")
        if node.type == "call" and method is not None and trees.node_text(method) == name:
            yield node


def _walk(root: Node) -> Iterator[Node]:
    """All nodes, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)

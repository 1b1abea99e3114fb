"""Calls of an exported function on generated inputs: how they are made, and the module that tries them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import parse
from cope_lsp.languages.inputs.mixing import Material, mixed
from cope_lsp.languages.inputs.shapes import ANY, Shape, filled, merged, of_value, values_in
from cope_lsp.languages.inputs.words import of_words
from cope_lsp.languages.javascript.kinds import Absent, Unfit, of_text, whole, written
from cope_lsp.languages.javascript.values import declared_types, seen_arguments
from cope_lsp.languages.typescript.grammar import TSX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from cope_lsp.languages.running import Example, Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

DRIVER, DATA = ".cope-calls.mjs", ".cope-calls.json"
_PARAM = re.compile(r"@param\s+\{((?:[^{}]|\{[^{}]*\})*)\}\s+\[?([\w$]+)")
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    annotation: str
    required: bool
    several: bool = False


def calls(
    source: Source, target: Target, examples: tuple[Example, ...], seed: int, texts: tuple[bytes, ...]
) -> tuple[str, ...]:
    """The calls; none of what is no exported function, or of whose parameters no value can be written."""
    text = source.text.decode("utf-8", "replace")
    parameters = _parameters(source, target)
    if target.parents or parameters is None or exported(text, target.name) is None:
        return ()
    near = (*texts, *(example.call.encode() for example in examples))
    roots = [parse(TSX, each).tree.root_node for each in near if len(each) <= _LARGEST]
    least = sum(each.required for each in parameters)
    seen = [each for each in seen_arguments(roots, target.name) if least <= len(each) <= len(parameters)]
    padded = tuple((*each, *(Absent(),) * (len(parameters) - len(each))) for each in seen)
    words = "" if target.docstring is None else trees.read(source, target.docstring)
    told = {name: kind for kind, name in _PARAM.findall(words)}
    types = declared_types(source.tree.root_node)
    try:
        shapes = tuple(
            _shape(each, told.get(each.name, ""), [values[place] for values in padded], words, types)
            for place, each in enumerate(parameters)
        )
    except Unfit:
        return ()

    def write(values: tuple[object, ...]) -> str:
        given = list(values)
        while given and isinstance(given[-1], Absent):
            given.pop()
        try:
            shown = [written(value) for value in given]
        except Unfit:
            return ""
        if shown and len(shown) == len(parameters) and parameters[-1].several:
            shown[-1] = f"...{shown[-1]}"
        return f"{target.name}({', '.join(shown)})"

    return mixed(Material(shapes, padded, words, write), seed)


def exported(text: str, name: str) -> str | None:
    """Under which name a module gives a function out; empty: it is the default; None: not at all."""
    word = rf"(?<![\w$]){re.escape(name)}(?![\w$])"
    if re.search(rf"\bexport\s+default\s+(?:async\s+)?(?:function\s*\*?\s*)?{word}", text) or re.search(
        rf"\bmodule\.exports\s*=\s*(?:async\s+)?(?:function\s*\*?\s*)?{word}", text
    ):
        return ""
    if re.search(rf"\bexport\s+(?:async\s+)?(?:function\s*\*?\s*|const\s+|let\s+|var\s+){word}", text):
        return name
    if re.search(rf"\bexports\.{re.escape(name)}\s*=", text):
        return name
    listed = re.findall(r"\bexport\s*\{([^}]*)\}(?!\s*from)|\bmodule\.exports\s*=\s*\{([^}]*)\}", text)
    for part in (part for pair in listed for group in pair for part in group.split(",")):
        own = re.fullmatch(rf"\s*{word}(?:\s+as\s+([\w$]+))?\s*", part)
        other = re.fullmatch(rf"\s*([\w$]+)\s*:\s*{word}\s*", part)
        if own or other:
            return (own[1] or name) if own else (other[1] if other else name)
    return None


def layer(work: Work, folder: str) -> dict[str, bytes]:
    """The module that makes the calls, with its data, in the package's folder."""
    if not work.calls or not work.texts:
        return {}
    name = exported(work.texts[0].decode("utf-8", "replace"), work.qualname)
    module = PurePosixPath(work.path).relative_to(folder).as_posix() if folder != "." else work.path
    given = [call.partition("(")[2].removesuffix(")") for call in work.calls]
    data = {"module": f"./{module}", "name": name or "", "calls": given, "mark": "copeCall"}
    place = PurePosixPath(folder)
    return {
        (place / DRIVER).as_posix(): (Path(__file__).parent / "calls.mjs").read_bytes(),
        (place / DATA).as_posix(): json.dumps(data).encode(),
    }


def _shape(
    parameter: _Parameter, told: str, like: list[object], words: str, declared: Mapping[str, Node]
) -> Shape:
    """By the annotation, else by JSDoc, else by what was seen, else by the words."""
    said = parameter.annotation or told
    shape = of_text(said, declared) if said else ANY
    if parameter.several and shape.kind != "list":
        shape = Shape("list", (shape,))
    given = [each for each in like if not isinstance(each, Absent)]
    known = merged([shape, *map(of_value, given)]) if shape == ANY else shape
    if values_of(given, int) and not values_of(given, float):
        known = whole(known)
    return filled(known, of_words(parameter.name, words))


def values_of(given: list[object], kind: type) -> list[object]:
    """All values of a kind inside of others."""
    return [part for each in given for part in values_in(each, kind)]


def _parameters(source: Source, target: Target) -> tuple[_Parameter, ...] | None:
    """The parameters by name; None where one is taken apart."""
    node = source.tree.root_node.descendant_for_byte_range(target.signature.start, target.body.end)
    listed = _listed(node) if node is not None else None
    if listed is None:
        return None
    found = [_parameter(each) for each in listed.named_children if each.type != "comment"]
    known = [each for each in found if each is not None]
    return tuple(known) if len(known) == len(found) else None


def _listed(node: Node) -> Node | None:
    waiting = [node]
    while waiting:
        each = waiting.pop(0)
        listed = each.child_by_field_name("parameters")
        if listed is not None:
            return listed
        waiting += each.named_children
    return None


def _parameter(node: Node) -> _Parameter | None:
    text = trees.node_text(node)
    pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
    annotation = node.child_by_field_name("type")
    said = trees.node_text(annotation).lstrip(": ") if annotation is not None else ""
    several = pattern.type == "rest_pattern"
    name = pattern.named_children[0] if several else pattern
    if name.type != "identifier":
        return None
    given = node.child_by_field_name("value") is not None or node.type == "assignment_pattern"
    required = not (given or several or node.type == "optional_parameter" or "=" in text)
    return _Parameter(trees.node_text(name), said, required, several)

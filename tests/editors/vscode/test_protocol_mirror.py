"""The VS Code extension's `protocol.ts` mirrors `protocol.py`; its own tests compare from the other side."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal, NotRequired, get_args, get_origin, get_type_hints

import pytest
from typing_extensions import is_typeddict

from cope_lsp.lsp import protocol

MIRROR = (Path(__file__).parents[3] / "editors" / "vscode" / "src" / "protocol.ts").read_text("utf-8")
SHAPES = [name for name, value in vars(protocol).items() if is_typeddict(value)]
_NAMES: dict[object, str] = {
    protocol.Ending: "Ending",
    protocol.Reach: "Reach",
    dict[str, object]: "Record<string, unknown>",
    int: "number",
    float: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
}


def as_typescript(kind: object) -> str:
    """A type as the mirror has to spell it."""
    if kind in _NAMES:
        return _NAMES[kind]
    arguments = get_args(kind)
    match get_origin(kind):
        case origin if origin is Literal:
            return " | ".join(f"'{each}'" for each in arguments)
        case origin if origin is list:
            return f"{as_typescript(arguments[0])}[]"
        case None:
            assert isinstance(kind, type)
            return kind.__name__
        case _:
            return " | ".join(as_typescript(each) for each in arguments)


def is_optional(kind: object) -> bool:
    """Whether a field may be left out."""
    return get_origin(kind) is NotRequired


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_has_the_same_fields_in_the_extension(name: str) -> None:
    """Names, which may be left out, and types."""
    shape = getattr(protocol, name)
    body = re.search(rf"^export interface {name} \{{\n(.*?)^\}}", MIRROR, re.MULTILINE | re.DOTALL)
    assert body is not None
    expected = [
        f"{field}{'' if shape.__total__ and not is_optional(kind) else '?'}: {as_typescript(kind)}"
        for field, kind in get_type_hints(shape, include_extras=True).items()
    ]
    assert [line.strip().removesuffix(";") for line in body[1].splitlines()] == expected


@pytest.mark.parametrize("name", ["Ending", "Reach"])
def test_the_extension_knows_the_same_words(name: str) -> None:
    """All of them, in the same order."""
    words = re.search(rf"export type {name} =(.*?);", MIRROR, re.DOTALL)
    assert words is not None
    assert re.findall(r"'(\w+)'", words[1]) == list(get_args(getattr(protocol, name)))


def test_the_extension_has_the_same_constants() -> None:
    """Methods, commands, kinds of code actions, and the version."""
    ours = {
        name: getattr(protocol, name)
        for name, kind in vars(protocol)["__annotations__"].items()
        if kind == "Final"
    }
    theirs = {
        name: json.loads(value.replace("'", '"'))
        for name, value in re.findall(r"^export const ([A-Z_]+) = (.+);$", MIRROR, re.MULTILINE)
    }
    assert theirs == ours

"""Calls of a Go function on generated inputs: how they are made, and the test that tries them."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.go.callee import callee_of
from cope_lsp.languages.go.grammar import GRAMMAR
from cope_lsp.languages.go.packages import name_in
from cope_lsp.languages.go.seen import seen_calls
from cope_lsp.languages.go.types import shape_of
from cope_lsp.languages.grammar.grammar import parse
from cope_lsp.languages.inputs.mixing import Material, mixed

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

TEST = "TestCopeCalls"
FOLDER = ".cope-calls"
"""In the module's folder; what begins with a dot is no package to `go`."""

FILE = "zz_cope_calls_test.go"
_LONGEST = 200_000


def calls(source: Source, target: Target, seed: int, texts: tuple[bytes, ...]) -> tuple[str, ...]:
    """The calls; `texts` are tests, whose arguments are taken, and files with types of the package."""
    package = name_in(source.text)
    near = [parse(GRAMMAR, text).tree.root_node for text in texts if len(text) <= _LONGEST]
    own = [root for text, root in zip(texts, near, strict=False) if name_in(text) == package]
    callee = callee_of(source, target, own)
    if callee is None or package == "":
        return ()
    seen = seen_calls(near, callee)
    words = "" if target.docstring is None else trees.read(source, target.docstring)
    return mixed(Material(tuple(map(shape_of, callee.kinds)), seen, words, callee.write), seed)


def test_file(package: str, asked: tuple[str, ...]) -> bytes:
    """A test of the package that tries the calls and tells of each."""
    entries = [_entry(call) for call in asked]
    spread = any(call.endswith("...)") for call in asked)
    text = (files("cope_lsp.languages.go") / "calls_test.go.txt").read_text("utf-8")
    for name, value in (("PACKAGE", package), ("SPREAD", str(spread).lower())):
        text = text.replace(name, value, 1)
    return text.replace("CALLS\n", "".join(f"\t{entry},\n" for entry in entries), 1).encode()


def _entry(call: str) -> str:
    """The call in parts, so that its object can be looked at afterwards."""
    root = parse(GRAMMAR, f"package p\nvar _ = {call}".encode()).tree.root_node
    node = root.named_children[-1].named_children[0].named_children[-1].named_children[0]
    listed = node.child_by_field_name("arguments")
    function = node.child_by_field_name("function")
    text = call.encode()
    offset = node.start_byte
    if listed is None or function is None:
        return "nil"
    head = text[: listed.start_byte - offset].decode()
    given = text[listed.start_byte - offset + 1 : -1].decode().removesuffix("...")
    if function.type == "selector_expression":
        name = trees.node_text(function.named_children[-1])
        made = trees.node_text(function.named_children[0])
        return f"func() (any, any, []any) {{ o := {made}; return o, o.{name}, []any{{{given}}} }}"
    return f"func() (any, any, []any) {{ return nil, {head}, []any{{{given}}} }}"

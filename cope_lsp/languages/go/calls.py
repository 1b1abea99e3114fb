"""Calls of a Go function on generated inputs: how they are made, tried by a test beside it, and read."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cope_lsp.languages import trees
from cope_lsp.languages.go.callee import callee_of
from cope_lsp.languages.go.grammar import GRAMMAR
from cope_lsp.languages.go.packages import name_in
from cope_lsp.languages.go.seen import seen_calls
from cope_lsp.languages.go.types import shape_of
from cope_lsp.languages.grammar.grammar import parse
from cope_lsp.languages.inputs.mixing import Material, mixed
from cope_lsp.languages.running import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.languages.toolchain.results import Result

TEST = "TestCopeCalls"
FOLDER = ".cope-calls"
"""In the module's folder; what begins with a dot is no package to `go`."""

FILE = "zz_cope_calls_test.go"
STEP = "calls"
MOST_BYTES = 400_000
_RECORD = re.compile(r"(?m)^\x1ecope (\{.*\})$")
_LONGEST = 200_000
_SHOWN = 1000


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


def verdicts(asked: tuple[str, ...], result: Result | None) -> Iterator[Verdict]:
    """What each call was seen to do."""
    seen = dict(_records(result.out)) if result is not None else {}
    for number in range(len(asked)):
        yield _verdict(f"call:{number}", seen.get(number))


def _verdict(case: str, seen: Mapping[str, Any] | None) -> Verdict:
    if seen is None:
        return Verdict(case, Outcome.MISSING, detail="it was not reached")
    outcome, value = str(seen["outcome"]), str(seen["value"])
    match outcome:
        case "returned":
            like = str(seen["like"]) or "nothing"
            return Verdict(
                case, Outcome.PASSED, ran_target=True, value=_bounded(value), likeness=_bounded(like)
            )
        case "unstable":
            return Verdict(case, Outcome.PASSED, ran_target=True, value="unstable")
        case "panicked":
            told = f"panics: {value}"[:_SHOWN]
            return Verdict(
                case, Outcome.FAILED, ran_target=True, value="panics", detail=told, likeness="panics"
            )
        case "timed out":
            return Verdict(
                case, Outcome.TIMED_OUT, ran_target=True, detail="no end", likeness="runs out of time"
            )
        case _:
            ended = "ends the process"
            return Verdict(case, Outcome.FAILED, ran_target=True, value=ended, detail=ended, likeness=ended)


def _records(out: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """What was told of each call, its end after its beginning."""
    for line in _RECORD.findall(out):
        try:
            said: dict[str, Any] = json.loads(line)
            yield int(said["call"]), said
        except (ValueError, KeyError):
            continue


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


def _bounded(text: str) -> str:
    if len(text) <= _SHOWN:
        return text
    return f"{text[:_SHOWN]}… {hashlib.sha256(text.encode()).hexdigest()[:16]}"

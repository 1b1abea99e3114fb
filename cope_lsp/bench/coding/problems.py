"""Problem files become stubs to complete: HumanEval's form, and MBPP's."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cope_lsp.bench.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_EXAMPLES = re.compile(
    r"^\s*(?:>>>|(?:for )?examples?\b|e\.g\.|sample (?:input|output)|input\s*:)", re.IGNORECASE
)


REPLY_TOKENS = 512
"""Longest reply where a problem does not say otherwise."""


@dataclass(frozen=True, slots=True)
class BenchmarkProblem:
    """One problem of a benchmark in the form of a sample file, before anything was drawn.

    A reply beyond `reply_tokens` has lost its way; longer targets say how much they need.
    """

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str
    prompt_without_examples: str
    reply_tokens: int = REPLY_TOKENS


def read_problems(path: Path) -> Iterator[BenchmarkProblem]:
    """The problems of a file in either form."""
    for _, row in read_rows(path):
        yield _mbpp(row) if "test_list" in row else _human_eval(row)


def _human_eval(row: Mapping[str, Any]) -> BenchmarkProblem:
    prompt, name = row["prompt"], row["entry_point"]
    return BenchmarkProblem(
        row["task_id"],
        prompt,
        name,
        row["canonical_solution"],
        row["test"],
        row.get("prompt_without_examples") or without_examples(prompt, name),
        row.get("reply_tokens", REPLY_TOKENS),
    )


def without_examples(prompt: str, entry_point: str) -> str:
    """The prompt with its docstring cut before the first example: HumanEval's examples come last."""
    shows = re.compile(rf"^[\s*`-]*(?:assert\s+)?{re.escape(entry_point)}\s*\(.*\)")
    head, start, docstring = prompt.rpartition(f"def {entry_point}")
    opening = re.search(r'"""|\'\'\'', docstring)
    if opening is None:
        return prompt
    lines = docstring[opening.end() :].split("\n")
    shown = next((i for i, line in enumerate(lines) if _EXAMPLES.match(line) or shows.match(line)), None)
    if shown is None:
        return prompt
    kept = "\n".join(lines[:shown]).rstrip()
    return f"{head}{start}{docstring[: opening.end()]}{kept}\n    {opening[0]}\n"


def _mbpp(row: Mapping[str, Any]) -> BenchmarkProblem:
    """The stub is the reference's own `def` line over the problem's text, with its asserts for examples."""
    code = row["code"].replace("\r\n", "\n").replace("\t", "    ")
    asserts = [_one_line(text) for text in row["test_list"]]
    name = _called(asserts[0], code)
    header, body, others = _taken_apart(code, name)
    words = row["text"].strip()
    return BenchmarkProblem(
        f"MBPP/{row['task_id']}",
        _stub(header, [words, "", *(text.removeprefix("assert ") for text in asserts)]),
        name,
        f"{body}\n\n\n{others}".rstrip() + "\n",
        _check(row, name),
        _stub(header, [words]),
    )


def _check(row: Mapping[str, Any], name: str) -> str:
    asserts = [_one_line(text) for text in (*row["test_list"], *row["challenge_test_list"])]
    setup = row["test_setup_code"].replace("\r\n", "\n").strip()
    body = textwrap.indent("\n".join([f"{name} = candidate", *asserts]), "    ")
    return f"{setup}\n\n\ndef check(candidate):\n{body}\n".lstrip()


def _called(asserted: str, code: str) -> str:
    """The function of `code` that an assert is about: of those that it calls, the last one defined."""
    called = {node.id for node in ast.walk(_parsed(asserted)) if isinstance(node, ast.Name)}
    return [each.name for each in _functions(code) if each.name in called][-1]


def _taken_apart(code: str, name: str) -> tuple[str, str, str]:
    """A function's `def` line, its body indented by four, and what else the code holds."""
    function = [each for each in _functions(code) if each.name == name][-1]
    lines = code.split("\n")
    body = "\n".join(lines[function.body[0].lineno - 1 : function.end_lineno])
    if function.body[0].lineno == function.lineno:
        body = "\n".join(map(ast.unparse, function.body))
    header = ast.unparse(ast.FunctionDef(name, function.args, [ast.Pass()], [], function.returns, lineno=1))
    others = [*lines[: function.lineno - 1], *lines[function.end_lineno :]]
    return header.split("\n")[0], textwrap.indent(textwrap.dedent(body), "    "), "\n".join(others).strip()


def _functions(code: str) -> list[ast.FunctionDef]:
    return [node for node in _parsed(code).body if isinstance(node, ast.FunctionDef)]


def _stub(header: str, lines: list[str]) -> str:
    text = "\n".join(lines)
    raw = "r" if "\\" in text else ""
    quotes = "'''" if '"""' in text else '"""'
    return f"{header}\n{textwrap.indent(f'{raw}{quotes}{text}', '    ')}\n    {quotes}\n"


def _one_line(asserted: str) -> str:
    return ast.unparse(_parsed(asserted)).strip()


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text.strip())

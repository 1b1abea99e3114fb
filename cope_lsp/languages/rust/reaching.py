"""Tests of the target's own package that go through it, by the names that libtest gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.test_index import MOST, reaching
from cope_lsp.languages.running import TestCase
from cope_lsp.languages.rust.crates import module_of, package_of
from cope_lsp.languages.rust.grammar import GRAMMAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cope_lsp.languages.grammar.test_index import Found
    from cope_lsp.languages.target import Target

_UNNAMED = frozenset(
    {
        "fmt",
        "from",
        "try_from",
        "from_str",
        "from_iter",
        "eq",
        "partial_cmp",
        "cmp",
        "hash",
        "next",
        "default",
    }
    | {"add", "sub", "mul", "div", "rem", "neg", "not", "index", "index_mut", "deref", "deref_mut", "drop"}
    | {
        "add_assign",
        "sub_assign",
        "mul_assign",
        "div_assign",
        "as_ref",
        "into_iter",
        "extend",
        "sum",
        "bitor",
    }
)
"""Methods of well-known traits, which code calls by an operator, a macro or another name."""

_CASES = (b"#[rstest", b"#[test_case", b"#[case")
"""Attributes that make several tests of one, each with the function's name as its module."""


def tests_for(
    root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
) -> tuple[TestCase, ...]:
    """Tests that mention the target, those of its own file first."""
    package = package_of(root, target_path)
    if package is None:
        return ()
    own = {path: text for path, text in files.items() if package_of(root, path) == package}
    found = _found(target, own)
    near = sorted(found, key=lambda each: each.path != target_path)
    cases: list[TestCase] = []
    for each in near:
        module = module_of(root, package, each.path)
        if module is not None:
            name = "::".join((*module.path, *each.suites, each.name))
            several = "::" if _has_cases(own[each.path], each.line) else ""
            cases.append(TestCase(f"{each.path}::{name}{several}", each.path, "cargo test"))
    return tuple(cases)


def name_of(case: TestCase) -> str:
    """What libtest calls a test; with `::` at its end, all that begin so."""
    return case.id.partition("::")[2]


def selecting(name: str) -> tuple[str, ...]:
    """How libtest is told to run one test; of one with parameters, every case of it."""
    return (name,) if name.endswith("::") else ("--exact", name)


def _found(target: Target, files: Mapping[str, bytes]) -> tuple[Found, ...]:
    """By the target's name; a method that code calls without naming it by its type's name too."""
    named = reaching(GRAMMAR, target, files)
    if target.name not in _UNNAMED or not target.parents:
        return named
    typed = reaching(GRAMMAR, replace(target, name=target.parents[-1], parents=()), files)
    both = {(each.path, each.suites, each.name): each for each in (*typed, *named)}
    return tuple(both.values())[:MOST]


def _has_cases(text: bytes, line: int) -> bool:
    """Whether the attributes above a test give it cases."""
    return any(above.strip().startswith(_CASES) for above in _attributes(text.split(b"\n"), line))


def _attributes(lines: list[bytes], line: int) -> Iterator[bytes]:
    for above in reversed(lines[:line]):
        if not above.strip().startswith((b"#[", b"//")):
            return
        yield above

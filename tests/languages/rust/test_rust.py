"""What is particular to Rust when its text is read and rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.rust import doctests, imports
from cope_lsp.languages.rust.language import RUST

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

CART = """//! Carts.
#![deny(warnings)]

use std::collections::{BTreeMap, HashMap};

pub struct Cart<T> {
    items: Vec<T>,
}

impl<T: Clone> Cart<T> {
    /// Puts one in; says how many there are.
    pub fn add(&mut self, item: T) -> usize {
        todo!()
    }
}
"""
TABBED = """impl<T: Clone> Cart<T> {
\tpub fn add(&mut self, item: T) -> usize {
\t\tself.items.push(item);
\t\tself.items.len()
\t}
}

fn main() {
\tCart { items: vec![] }.add(1);
}"""
DONE = "        self.items.push(item);\n        self.items.len()\n"


def _target(code: str, name: str) -> tuple[Source, Target]:
    source = RUST.syntax.parse(code.encode())
    target = RUST.syntax.target_named(source, name)
    assert target is not None
    return source, target


def completed(reply: str, code: str = CART, name: str = "Cart.add") -> str:
    """The file with a reply in it, which keeps the contract."""
    source, target = _target(code, name)
    patch = RUST.syntax.complete(source, target, reply)
    assert patch.text is not None, patch.problem
    assert RUST.syntax.breaches(source, target, RUST.syntax.parse(patch.text.encode())) == ()
    return patch.text


@pytest.mark.parametrize(
    "reply",
    [
        "impl<T: Clone> Cart<T> {\n    pub fn add(&mut self, item: T) -> usize {\n" + DONE + "    }\n}",
        "pub fn add(&mut self, item: T) -> usize {\n    self.items.push(item);\n    self.items.len()\n}",
        "self.items.push(item);\nself.items.len()",
        "{\n    self.items.push(item);\n    self.items.len()\n}",
        TABBED,
    ],
    ids=["impl", "method", "body", "block", "tabs and a main"],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_replies_of_every_shape_give_the_same_text(reply: str, eol: str) -> None:
    """The body is laid out as the file is; nothing else changes."""
    wanted = CART.replace("        todo!()\n", DONE).replace("\n", eol)
    assert completed(f"```rust\n{reply}\n```", CART.replace("\n", eol)) == wanted


IMPL = """\
mod shop {
    impl Cart {
        fn total(&self) -> u32 {
            todo!()
        }
    }
}
"""


@pytest.mark.parametrize(
    "method",
    ["impl Cart {{\n    {}\n}}", "{}"],
    ids=["impl", "method alone"],
)
def test_a_function_that_a_method_uses_stands_beside_its_impl(method: str) -> None:
    """Inside of the module; what takes `self` stands inside of the impl where the reply has none."""
    body = "fn total(&self) -> u32 {\n        twice(self.one())\n    }"
    one = "fn one(&self) -> u32 {\n    1\n}\n\n" if method == "{}" else ""
    reply = f"fn twice(n: u32) -> u32 {{\n    2 * n\n}}\n\n{one}{method.format(body)}"
    text = completed(f"```rust\n{reply}\n```", IMPL, "shop.Cart.total")
    assert "    }\n\n    fn twice(n: u32) -> u32 {\n        2 * n\n    }\n}\n" in text
    assert not one or "        }\n\n        fn one(&self)" in text


def test_helpers_come_with_attributes_and_methods() -> None:
    """A type that the new code uses is put beside it with its derives and what implements traits for it."""
    reply = """```rust
use std::cmp::Ordering;

#[derive(Eq, PartialEq)]
struct State(u32);

impl Ord for State {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.cmp(&self.0)
    }
}

fn unused() {}

pub fn least(all: &[u32]) -> u32 {
    all.iter().map(|each| State(*each)).max().map_or(0, |found| found.0)
}
```"""
    text = completed(reply, "pub fn least(all: &[u32]) -> u32 {\n    todo!()\n}\n", "least")
    assert "use std::cmp::Ordering;" in text
    assert "#[derive(Eq, PartialEq)]\nstruct State(u32);" in text
    assert "impl Ord for State" in text
    assert "unused" not in text


def test_nothing_is_imported_twice() -> None:
    """Of what a reply imports, only what the file does not know is added: a second time does not compile."""
    body = "let m: HashMap<u8, u8> = HashMap::new(); let s = HashSet::from([m.len()]); s.len() + item.count()"
    uses = "use std::collections::{HashMap, HashSet};\nuse std::io::Read as _;"
    method = f"pub fn add(&mut self, item: T) -> usize {{ {body} }}"
    reply = f"```rust\n{uses}\n\nimpl<T> Cart<T> {{ {method} }}\n```"
    text = completed(reply)
    assert text.count("HashMap") == CART.count("HashMap") + 2
    assert "use std::collections::HashSet;\n" in text
    assert "use std::io::Read as _;\n" in text


def test_the_first_import_goes_below_what_speaks_of_the_crate() -> None:
    """Inner attributes and documentation of the crate must stay first."""
    code = "//! Sizes.\n#![allow(unused)]\n\npub fn size(x: &str) -> usize {\n    todo!()\n}\n"
    reply = "```rust\nuse std::fs;\npub fn size(x: &str) -> usize { fs::read(x).unwrap().len() }\n```"
    assert completed(reply, code, "size").startswith("//! Sizes.\n#![allow(unused)]\nuse std::fs;\n")


def test_use_trees_are_taken_apart() -> None:
    """Nested braces, aliases, the module itself, globs."""
    text = "pub(crate) use std::{fmt::{self, Write as _}, io::*};\nuse a::b as c;\n"
    paths = ["std::fmt::self", "std::fmt::Write as _", "std::io::*", "a::b as c"]
    assert [*imports.statements(text)] == paths
    assert [imports.name_of(path) for path in paths] == ["fmt", "_", "*", "c"]


def test_imports_of_the_package_lead_to_its_files() -> None:
    """`crate::` from `src`, `super::` from where the file's module stands."""
    source = RUST.syntax.parse(b"use crate::money::Price;\nuse super::item::Item;\nuse std::fmt::Write;\n")
    found = imports.imported(source, frozenset({"Price", "Item", "Write"}), "shop/src/cart/total.rs")
    assert {each.name: each.paths[0] for each in found} == {
        "Price": "shop/src/money.rs",
        "Item": "shop/src/cart/item.rs",
    }


@pytest.mark.parametrize(
    ("returned", "ends"),
    [
        ("u8", '{ panic!("cope: not written"); }'),
        ("impl Iterator<Item = u8> + '_", "core::iter::empty() }"),
        ("Result<impl std::io::Read, String>", "Ok(std::io::empty()) }"),
        ("impl Fn(u8, (u8, u8)) -> bool", 'move |_, _| panic!("cope: not written") }'),
        ("impl Future<Output = u8>", "core::future::pending() }"),
        ("impl std::fmt::Display", "String::new() }"),
    ],
)
def test_an_emptied_body_has_a_type_that_fits(returned: str, ends: str) -> None:
    """What must give some type that implements a trait ends in one, after it has failed."""
    code = f"fn f(x: &str) -> {returned} {{ todo!() }}"
    _, target = _target(code, "f")
    assert RUST.running.hollow(code.encode(), target).decode().endswith(ends)


def test_fences_that_run_are_examples() -> None:
    """By their line from the definition's first; hidden lines count as code, other fences do not."""
    code = """
/// Adds.
///
/// ```
/// # use a::add;
/// assert_eq!(add(1, 2), 3);
/// ```
///
/// ```text
/// no code
/// ```
///
/// ```no_run
/// add(1, 2);
/// ```
///
/// ```rust,edition2021
/// assert_eq!(add(0, 0), 0);
/// ```
pub fn add(a: u32, b: u32) -> u32 { todo!() }
"""
    source, target = _target(code, "add")
    examples = RUST.syntax.examples(source, target)
    assert [each.call for each in examples] == [
        "use a::add;\nassert_eq!(add(1, 2), 3);",
        "assert_eq!(add(0, 0), 0);",
    ]
    lines = code.splitlines()
    assert [lines[doctests.line_of(each, 2) - 1] for each in examples] == [
        "/// ```",
        "/// ```rust,edition2021",
    ]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("std::process::exit(0)", True),
        ("use std::process::exit as bye; bye(0)", True),
        ("unsafe { libc::_exit(0) }", True),
        ("if cfg!(test) { 1 } else { 2 }", True),
        ("std::env::args().count()", True),
        ("self.exit(3)", False),
        ("let aborted = 1; aborted", False),
    ],
)
def test_ways_around_the_judge_are_seen(code: str, found: bool) -> None:  # noqa: FBT001 -- a table
    """Ending the process, knowing that a test runs; not names that merely look so."""
    before = "fn f(&self) -> usize { todo!() }"
    after = before.replace("todo!()", code)
    assert bool(RUST.running.reaches(before.encode(), after.encode())) is found

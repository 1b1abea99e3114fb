"""What is particular to Rust: its text rewritten, its tests named, its tools found."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.rust import doctests, imports, toolchain
from cope_lsp.languages.rust.crates import Crate, module_of, package_of
from cope_lsp.languages.rust.language import RUST
from tests.support.toolchains import Shop, ask

if TYPE_CHECKING:
    from pathlib import Path

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


def _package(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


MANIFEST = '[package]\nname = "shop"\n'


@pytest.mark.parametrize(
    ("path", "crate", "module"),
    [
        ("src/lib.rs", Crate("lib"), ()),
        ("src/cart.rs", Crate("lib"), ("cart",)),
        ("src/cart/mod.rs", Crate("lib"), ("cart",)),
        ("src/cart/total.rs", Crate("lib"), ("cart", "total")),
        ("src/main.rs", Crate("bin", "shop"), ()),
        ("src/console.rs", Crate("bin", "shop"), ("console",)),
        ("src/bin/tool.rs", Crate("bin", "tool"), ()),
        ("src/bin/other/main.rs", Crate("bin", "other"), ()),
        ("src/bin/other/parts.rs", Crate("bin", "other"), ("parts",)),
        ("tests/buying.rs", Crate("test", "buying"), ()),
        ("tests/all/main.rs", Crate("test", "all"), ()),
        ("tests/all/one.rs", Crate("test", "all"), ("one",)),
        ("odd/place.rs", Crate("test", "odd"), ()),
    ],
)
def test_files_belong_to_crates(tmp_path: Path, path: str, crate: Crate, module: tuple[str, ...]) -> None:
    """By Cargo's conventions and by what the manifest names."""
    files = {"src/lib.rs": "mod cart;", "src/main.rs": "mod console;", "src/bin/other/main.rs": "mod parts;"}
    manifest = MANIFEST + '[[test]]\nname = "odd"\npath = "odd/place.rs"\n'
    _package(tmp_path, {"Cargo.toml": manifest, "tests/all/main.rs": "mod one;", **files})
    package = package_of(tmp_path, path)
    assert package is not None
    found = module_of(tmp_path, package, path)
    assert found is not None
    assert (found.crate, found.path) == (crate, module)


def test_tests_have_the_names_of_libtest(tmp_path: Path) -> None:
    """Modules around them, attributes of runtimes, cases; helpers lead on; another package's are left out."""
    code = """
        pub fn twice(n: u32) -> u32 { todo!() }

        #[cfg(test)]
        mod tests {
            use super::*;

            mod deep {
                #[tokio::test(flavor = "current_thread")]
                #[should_panic]
                // a comment
                async fn in_time() { super::check(4); }
            }

            fn check(n: u32) { assert_eq!(twice(n), 2 * n); }

            #[rstest]
            #[case(1)]
            fn of_cases(#[case] n: u32) { check(n); }

            #[test]
            fn apart() {}

            fn twice_is_no_test() { check(1); }
        }
        """
    other = "#[test]\nfn other() { shop::calc::twice(1); }\n"
    files = {"src/lib.rs": "pub mod calc;", "src/calc.rs": code, "tests/it.rs": other}
    far = {"far/Cargo.toml": MANIFEST.replace("shop", "far"), "far/src/lib.rs": other}
    _package(tmp_path, {"Cargo.toml": MANIFEST, **files, **far})
    asked = ask(Shop(RUST, tmp_path, tmp_path / "builds"), "src/calc.rs", "twice")
    assert {each.id for each in asked.tests} == {
        "src/calc.rs::calc::tests::deep::in_time",
        "src/calc.rs::calc::tests::of_cases::",
        "tests/it.rs::other",
    }


def test_methods_that_operators_call_are_found_by_their_type(tmp_path: Path) -> None:
    """No test names `fmt`: those that mention the type may go through it, and the first run shows it."""
    code = """
        pub struct Price(u32);

        impl std::fmt::Display for Price {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { todo!() }
        }

        #[test]
        fn it_is_shown() { assert_eq!(Price(3).to_string(), "3"); }

        #[test]
        fn apart() {}
        """
    _package(tmp_path, {"Cargo.toml": MANIFEST, "src/lib.rs": code})
    asked = ask(Shop(RUST, tmp_path, tmp_path / "builds"), "src/lib.rs", "Price.fmt")
    assert [each.id for each in asked.tests] == ["src/lib.rs::it_is_shown"]


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ("", "stable-x86_64-unknown-linux-gnu"),
        ('[toolchain]\nchannel = "1.80"\n', "1.80.1-x86_64-unknown-linux-gnu"),
        ("nightly-2024-01-01\n", "nightly-2024-01-01-x86_64-unknown-linux-gnu"),
        ("1.2.3", None),
        ('[toolchain]\nchannel = "../../elsewhere"\n', None),
    ],
)
def test_the_toolchain_is_the_one_that_rustup_would_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, chosen: str | None
) -> None:
    """Read from files; a toolchain that is not installed is a problem that names the remedy."""
    home, rustup, root = tmp_path / "cargo", tmp_path / "rustup", tmp_path / "project"
    names = ("stable", "1.80.1", "nightly-2024-01-01")
    places = [rustup / "toolchains" / f"{name}-x86_64-unknown-linux-gnu" / "bin" for name in names]
    for folder in (home / "bin", root, *places):
        folder.mkdir(parents=True)
    for program in (home / "bin" / "rustup", home / "bin" / "cargo", *(place / "cargo" for place in places)):
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    (rustup / "settings.toml").write_text('default_toolchain = "stable-x86_64-unknown-linux-gnu"\n')
    if told:
        (root / "rust-toolchain").write_text(told)
    for name, value in (("CARGO_HOME", home), ("RUSTUP_HOME", rustup), ("PATH", home / "bin")):
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("RUSTUP_TOOLCHAIN", raising=False)
    found = toolchain.environment(root, None)
    if chosen is None:
        assert "rustup toolchain install" in found.problem
    else:
        assert found.program == rustup / "toolchains" / chosen / "bin" / "cargo"


def test_downloads_are_readable_and_accounts_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Registries yes; credentials never, nor settings that hold a token."""
    monkeypatch.setenv("CARGO_HOME", str(tmp_path))
    (tmp_path / "registry").mkdir()
    (tmp_path / "credentials.toml").write_text('[registry]\ntoken = "secret"\n')
    (tmp_path / "config.toml").write_text("[net]\nretry = 1\n")
    assert toolchain.downloaded() == (tmp_path / "registry", tmp_path / "config.toml")
    (tmp_path / "config.toml").write_text('[registries.own]\ntoken = "secret"\n')
    assert toolchain.downloaded() == (tmp_path / "registry",)


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

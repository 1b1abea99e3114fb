"""What is particular to projects in Rust: crates, names of tests, toolchains."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.rust import toolchain
from cope_lsp.languages.rust.crates import Crate, module_of, package_of
from cope_lsp.languages.rust.language import RUST
from tests.support.toolchains import Shop, ask

if TYPE_CHECKING:
    from pathlib import Path


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

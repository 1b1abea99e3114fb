"""Candidates in Rust, judged in the sandbox by Cargo: builds kept, workspaces, lints, forged reports."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.judge import code_judge
from cope_lsp.languages.rust.language import RUST
from tests.support.toolchains import Shop, ask, findings, judge_of

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings

pytestmark = [pytest.mark.heavy]

MANIFEST = '[package]\nname = "{}"\nversion = "0.1.0"\nedition = "2021"\n'
FILES = {
    "Cargo.toml": '[workspace]\nmembers = ["base", "app", "broken"]\nresolver = "2"\n',
    "broken/Cargo.toml": MANIFEST.format("broken"),
    "broken/src/lib.rs": "pub fn wrong() -> u8 { nothing_of_this_name }\n",
    "base/Cargo.toml": MANIFEST.format("base"),
    "base/src/lib.rs": "pub fn one() -> u32 {\n    1\n}\n",
    "base/tests/it.rs": "#[test]\nfn it_is_one() {\n    assert_eq!(base::one(), 1);\n}\n",
    "app/Cargo.toml": MANIFEST.format("app")
    + '\n[features]\nslow = []\n\n[dependencies]\nbase = { path = "../base" }\n',
    "app/src/lib.rs": """#![deny(warnings)]

use base::one;

pub mod evens;

/// Twice `n`, and one more.
pub fn odd(n: u32) -> u32 {
    2 * n + one()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_gives_seven() {
        assert_eq!(odd(3), 7);
    }

    #[cfg(feature = "slow")]
    #[test]
    fn odd_of_nothing_is_odd() {
        assert_eq!(odd(0), 1);
    }
}
""",
    "app/src/evens.rs": """/// Even numbers below a limit, in order.
pub fn evens(limit: u32) -> impl Iterator<Item = u32> {
    (0..limit).filter(|n| n % 2 == 0)
}
""",
    "app/tests/evens.rs": """#[test]
fn there_are_five() {
    assert_eq!(app::evens::evens(10).count(), 5);
}
""",
    "app/src/main.rs": """fn main() {
    println!("{}", named(2));
}

fn named(n: u32) -> String {
    todo!()
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_named() {
        assert_eq!(super::named(2), "n2");
    }
}
""",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """One workspace for all, with one place for its builds."""
    place = tmp_path_factory.mktemp("rust")
    return _written(place, FILES)


def _written(place: Path, files: dict[str, str]) -> Shop:
    for name, text in files.items():
        path = place / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Shop(RUST, place / "project", place / "builds")


def _said(found: Findings, source: str) -> tuple[Status, str]:
    return next((each.status, each.detail) for each in found.evidence if each.source == source)


async def test_candidates_of_equal_size_are_told_apart_and_lower_crates_are_as_on_disk(shop: Shop) -> None:
    """Each candidate is built; a crate that was hollow in an earlier baseline is what the disk says."""
    lower = judge_of(shop, ask(shop, "base/src/lib.rs", "one"))
    assert (await findings(lower, "pub fn one() -> u32 { 2 - 1 }")).status is Status.PASS
    upper = judge_of(shop, ask(shop, "app/src/lib.rs", "odd"))
    for candidate, status in (
        ("2 * n + one()", Status.PASS),
        ("2 * n - one()", Status.FAIL),
        ("n + n + one()", Status.PASS),
        ("n * n + one()", Status.FAIL),
    ):
        found = await findings(upper, f"pub fn odd(n: u32) -> u32 {{ {candidate} }}")
        assert found.status is status, (candidate, found.evidence)


async def test_denied_lints_speak_against_a_candidate_alone(shop: Shop) -> None:
    """With the target's body emptied its imports are unused, which is denied: no build fails for that."""
    judge = judge_of(shop, ask(shop, "app/src/lib.rs", "odd"))
    found = await findings(judge, "pub fn odd(n: u32) -> u32 { let unused = 1; 2 * n + one() }")
    assert _said(found, "tests")[0] is Status.PASS
    status, detail = _said(found, "checks")
    assert status is Status.FAIL
    assert "unused variable: `unused`" in detail


async def test_an_iterator_of_some_type_can_be_emptied(shop: Shop) -> None:
    """A body that only fails is no iterator: it ends in one all the same."""
    judge = judge_of(shop, ask(shop, "app/src/evens.rs", "evens"))
    code = "pub fn evens(limit: u32) -> impl Iterator<Item = u32> { (0..limit).step_by(2) }"
    assert (await findings(judge, code)).proofs == 1


async def test_programs_have_tests_too(shop: Shop) -> None:
    """What does not build says so in rustc's words, once."""
    judge = judge_of(shop, ask(shop, "app/src/main.rs", "named"))
    assert (await findings(judge, 'fn named(n: u32) -> String { format!("n{n}") }')).status is Status.PASS
    status, detail = _said(await findings(judge, "fn named(n: u32) -> String { n }"), "checks")
    assert status is Status.FAIL
    assert detail.count("error[E0308]: mismatched types") == 1


async def test_options_of_the_users_command_are_used(shop: Shop) -> None:
    """A test behind a feature runs when the command names the feature; what does not build fails by any."""
    asked = ask(shop, "app/src/lib.rs", "odd")
    bench = replace(judge_of(shop, asked).bench, command=("cargo", "test", "--features", "slow"))
    code = "pub fn odd(n: u32) -> u32 { n + n + one() }"
    assert (await findings(code_judge(asked, bench), code)).proofs == 2
    other = replace(
        bench, command=("sh", "-c", "cargo test --quiet --package app --lib $0 | grep '1 passed'")
    )
    assert (await findings(code_judge(asked, other), code)).status is not Status.FAIL
    broken = await findings(code_judge(asked, other), code.replace("one()", '"1"'))
    assert _said(broken, "checks")[0] is Status.FAIL


@pytest.mark.parametrize(
    "end",
    [
        "std::process::exit(0)",
        "use std::process as p; let f = p::exit; f(0)",
        'extern "C" { fn _exit(code: i32) -> !; } unsafe { _exit(0) }',
    ],
)
async def test_ending_the_process_is_no_pass(shop: Shop, end: str) -> None:
    """A report that the candidate prints itself, before it ends the process, counts for nothing."""
    judge = judge_of(shop, ask(shop, "app/src/evens.rs", "evens"))
    report = "\\ntest result: ok. 1 passed; 0 failed; 0 ignored\\n"
    forged = f'let _ = std::io::Write::write_all(&mut std::io::stdout(), b"{report}");'
    body = f"{forged} {end}; #[allow(unreachable_code)] (0..limit)"
    found = await findings(judge, f"pub fn evens(limit: u32) -> impl Iterator<Item = u32> {{ {body} }}")
    assert _said(found, "tests")[0] is not Status.PASS


async def test_what_is_not_on_disk_leaves_it_open(tmp_path: Path) -> None:
    """A dependency that was never downloaded is not fetched, and the evidence says so."""
    manifest = MANIFEST.format("lone") + '\n[dependencies]\nnever-heard-of-it = "1"\n'
    text = textwrap.dedent(
        """
        pub fn one() -> u8 { todo!() }

        #[test]
        fn it_is_one() { assert_eq!(one(), 1); }
        """
    )
    shop = _written(tmp_path, {"Cargo.toml": manifest, "src/lib.rs": text})
    found = await findings(judge_of(shop, ask(shop, "src/lib.rs", "one")), "pub fn one() -> u8 { 1 }")
    status, detail = _said(found, "tests")
    assert status is Status.UNKNOWN
    assert "cargo fetch" in detail

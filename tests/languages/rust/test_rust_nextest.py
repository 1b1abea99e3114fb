"""Rust's tests by nextest, where the user's command is it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.judge import code_judge
from cope_lsp.languages.running import Outcome, TestCase
from cope_lsp.languages.rust import nextest
from cope_lsp.languages.rust.language import RUST
from cope_lsp.languages.toolchain.results import Result
from scripts.language_parts import PARTS
from tests.support.toolchains import ask, bench_of, findings, laid_out

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings

FILES = {
    "Cargo.toml": '[package]\nname = "sums"\nversion = "0.1.0"\nedition = "2021"\n\n[features]\nslow = []\n',
    ".config/nextest.toml": '[profile.ci]\nsuccess-output = "never"\nretries = 2\n',
    "src/lib.rs": """/// Twice `n`, and one more.
pub fn odd(n: u32) -> u32 {
    todo!()
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
    fn nothing_gives_one() {
        assert_eq!(odd(0), 1);
    }
}
""",
}
RIGHT = "pub fn odd(n: u32) -> u32 { n + n + 1 }"
PASSED = """
    Starting 1 test across 1 binary (1 test skipped)
        PASS [   0.016s] sums tests::three_gives_seven
  stdout ───

    running 1 test
    test tests::three_gives_seven ... ok

    test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s
"""


def _told(found: Findings, source: str) -> tuple[Status, str]:
    return next((each.status, each.detail) for each in found.evidence if each.source == source)


@pytest.mark.heavy
async def test_candidates_are_judged_by_nextest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the project's own profile: what fails is told in the test's words, what is no Rust in rustc's."""
    monkeypatch.setenv("PATH", str(PARTS["nextest"]().parent), prepend=":")
    shop = laid_out(tmp_path, FILES, RUST)
    asked = ask(shop, "src/lib.rs", "odd")
    command = ("cargo", "nextest", "run", "--workspace", "--profile", "ci", "--features", "slow")
    judge = code_judge(asked, replace(bench_of(shop), command=command))

    right = await findings(judge, RIGHT)
    assert (right.status, right.proofs) == (Status.PASS, 2)
    status, detail = _told(await findings(judge, "pub fn odd(n: u32) -> u32 { 2 * n + n % 2 }"), "tests")
    assert status is Status.FAIL
    assert "nothing_gives_one" in detail
    assert "left: 0\n right: 1" in detail
    assert "Summary" not in detail
    broken = await findings(judge, 'pub fn odd(n: u32) -> u32 { n + "1" }')
    assert broken.status is Status.FAIL
    assert "cannot add `&str` to `u32`" in _told(broken, "checks")[1]


@pytest.mark.parametrize(
    ("exit_code", "said", "outcome"),
    [
        (0, PASSED, Outcome.PASSED),
        (1, PASSED, Outcome.FAILED),
        (0, PASSED.partition("test result")[0], Outcome.FAILED),
        (0, PASSED.replace("ok. 1 passed", "ok. 0 passed"), Outcome.FAILED),
    ],
)
def test_a_pass_is_what_the_end_and_the_report_both_say(exit_code: int, said: str, outcome: Outcome) -> None:
    """A process that ends with 0 before its report, or by another name's report, has not passed."""
    case = TestCase("src/lib.rs::tests::three_gives_seven", "src/lib.rs", "cargo test")
    seen = Result(case.id, exit_code, "", said, timed_out=False, seconds=0.1)
    assert nextest.verdict(case, seen).outcome is outcome


@pytest.mark.parametrize(
    ("options", "built"),
    [
        ("--features slow --profile ci --no-fail-fast", ("--features", "slow")),
        ("-F slow,fast --all-features", ("--features", "slow,fast", "--all-features")),
        ("--features=slow -j 2 --retries 3 -- --skip net", ("--features", "slow")),
        ("--cargo-profile quick --profile ci", ("--profile", "quick")),
        ("", ()),
    ],
)
def test_the_build_before_is_the_one_that_nextest_makes(options: str, built: tuple[str, ...]) -> None:
    """Features and Cargo's own profile are Cargo's matter, all else is nextest's."""
    assert nextest.build_flags(("cargo", "nextest", "run", *options.split())) == built

"""Candidates in Ruby, judged in the sandbox by minitest, test-unit and RSpec."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.languages.ruby.language import RUBY
from scripts.language_parts import PARTS
from tests.languages.ruby.test_ruby import RIGHT, STUB
from tests.support.toolchains import Shop, ask, findings, judge_of

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings

pytestmark = [pytest.mark.heavy]

MINITEST = """require "minitest/autorun"
require "shop/till"

module Checks
  class TillTest < Minitest::Test
    def test_total
      assert_equal 6, Shop::Till.new.total([1, 2, 3])
    end

    def test_total_of_nothing
      assert_equal 0, Shop::Till.new.total([])
    end
  end
end

describe Shop::Till, "by words" do
  describe "#total" do
    it "adds 1/2 + 1/2" do
      _(Shop::Till.new.total([0.5, 0.5])).must_equal 1.0
    end
  end
end
"""
TEST_UNIT = """require "test/unit"
require "shop/till"

class TestTill < Test::Unit::TestCase
  def test_total
    assert_equal 6, Shop::Till.new.total([1, 2, 3])
  end

  test "total of nothing" do
    assert_equal 0, Shop::Till.new.total([])
  end
end
"""
RSPEC = """require "shop/till"

RSpec.describe Shop::Till do
  subject(:till) { described_class.new }

  describe "#total" do
    it "adds (all of them)" do
      expect(Shop::Till.new.total([1, 2, 3])).to eq(6)
    end

    it "adds nothing" do
      expect(till.total([])).to eq(0)
    end
  end
end
"""
FORGED = "def total(prices)\n  puts '1 runs, 1 assertions, 0 failures, 0 errors, 0 skips'\n  exit!(0)\nend"
RUNNERS = {
    "minitest": ("test/till_test.rb", MINITEST, 3),
    "test-unit": ("test/test_till.rb", TEST_UNIT, 2),
    "RSpec": ("spec/shop/till_spec.rb", RSPEC, 2),
}


@pytest.fixture(autouse=True, scope="module")
def ruby() -> None:
    """What judges here is on the machine."""
    PARTS["ruby"]()


def shop(tmp_path: Path, files: dict[str, str], below: str = "") -> Shop:
    """A project of these files around the stub."""
    for path, text in {"lib/shop/till.rb": STUB, **files}.items():
        place = tmp_path / "project" / below / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return Shop(RUBY, tmp_path / "project", tmp_path / "builds")


async def what_tests_say(of: Shop, code: str, path: str = "lib/shop/till.rb") -> tuple[Status, int, int, str]:
    """What the project's tests say of a reply."""
    asked = ask(of, path, "Shop.Till.total")
    found: Findings = await findings(judge_of(of, asked), code)
    said = next(each for each in found.evidence if each.source == "tests")
    return said.status, said.passed, said.total, said.detail


@pytest.mark.parametrize(("path", "text", "count"), RUNNERS.values(), ids=RUNNERS)
async def test_each_test_is_judged_by_itself(tmp_path: Path, path: str, text: str, count: int) -> None:
    """By its class and name, or by the words that describe it; a wrong candidate fails."""
    of = shop(tmp_path, {path: text})
    assert await what_tests_say(of, RIGHT) == (Status.PASS, count, count, "")
    status, passed, total, detail = await what_tests_say(
        of, "def total(prices)\n  prices.sum if prices.any?\nend"
    )
    assert (status, passed, total) == (Status.FAIL, count - 1, count), detail


TOLD = """require "minitest/autorun"
require "shop/till"

class TillTest < Minitest::Test
  TOLD = ARGV.join
  @@ended = 0

  def teardown
    @@ended += 1
    flunk "not here" unless GUARD
  end

  def test_total
    assert_equal 6, Shop::Till.new.total([1, 2, 3])
  end

  def test_total_of_nothing
    assert_equal 0, Shop::Till.new.total([])
  end
end
"""


@pytest.mark.parametrize("guard", ['TOLD.scan("total").size == 2', "@@ended == 1"], ids=["together", "alone"])
async def test_tests_of_a_file_share_a_process_while_all_pass(tmp_path: Path, guard: str) -> None:
    """Those that only pass together do, and those that only pass alone do, too."""
    of = shop(tmp_path, {"test/till_test.rb": TOLD.replace("GUARD", guard)})
    assert (await what_tests_say(of, RIGHT))[:3] == (Status.PASS, 2, 2)


async def test_a_forged_report_does_not_count(tmp_path: Path) -> None:
    """The process ended early, after lines that look like minitest's."""
    status, *_ = await what_tests_say(shop(tmp_path, {"test/till_test.rb": MINITEST}), FORGED)
    assert status is not Status.PASS


async def test_tests_run_in_the_folder_of_their_own_project(tmp_path: Path) -> None:
    """One of several gems of a repository, whose `lib` is meant."""
    of = shop(tmp_path, {"Rakefile": "", "test/till_test.rb": MINITEST}, "gems/till")
    assert (await what_tests_say(of, RIGHT, "gems/till/lib/shop/till.rb"))[:3] == (Status.PASS, 3, 3)


async def test_a_missing_gem_is_the_reason_why_nothing_is_known(tmp_path: Path) -> None:
    """The hollow body fails for it, too."""
    of = shop(tmp_path, {"test/till_test.rb": f'require "no_such_gem"\n{MINITEST}'})
    status, _, _, detail = await what_tests_say(of, RIGHT)
    assert status is Status.UNKNOWN
    assert "no_such_gem" in detail

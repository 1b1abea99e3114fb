"""What is particular to Ruby: bodies without an opening, what names files give, what forges reports."""

from __future__ import annotations

import pytest

from cope_lsp.languages.ruby.imports import bound
from cope_lsp.languages.ruby.language import RUBY

STUB = """# frozen_string_literal: true

module Shop
  # Adds up.
  class Till
    def total(prices)
      raise NotImplementedError
    end

    def self.open = new

    private def count(prices)
      # TODO
    end
  end
end
"""
RIGHT = "def total(prices)\n  prices.sum\nend"


def completed(reply: str, name: str = "Shop.Till.total", code: str = STUB) -> str:
    """The lines of the definition after a reply."""
    source = RUBY.syntax.parse(code.encode())
    target = RUBY.syntax.target_named(source, name)
    assert target is not None
    patch = RUBY.syntax.complete(source, target, reply)
    assert patch.text is not None, patch.problem
    after = RUBY.syntax.parse(patch.text.encode())
    assert not RUBY.syntax.breaches(source, target, after)
    return patch.text


def reached(body: str, before: str = "raise NotImplementedError") -> tuple[str, ...]:
    """What the new body has of what leads into the machinery."""
    old, new = (f"def f(x)\n  {each}\nend\n".encode() for each in (before, body))
    return RUBY.running.reaches(old, new)


REPLIES = {
    "whole": ("def total(prices)\n  prices.sum\nend", "    def total(prices)\n      prices.sum\n    end\n"),
    "in its class": (
        "module Shop\n  class Till\n    def total(prices)\n      prices.sum\n    end\n  end\nend",
        "    def total(prices)\n      prices.sum\n    end\n",
    ),
    "body alone": (
        "prices.sum do |each|\n  each\nend",
        "    def total(prices)\n      prices.sum do |each|\n        each\n      end\n    end\n",
    ),
    "endless": ("def total(prices) = prices.sum", "    def total(prices) = prices.sum\n"),
    "a block comment": (
        "def total(prices)\n=begin\nall\n=end\n  prices.sum\nend",
        "    def total(prices)\n=begin\nall\n=end\n      prices.sum\n    end\n",
    ),
    "a heredoc": (
        "def total(prices)\n  puts <<END\nall\nEND\n  prices.sum\nend",
        "    def total(prices)\n      puts <<END\nall\nEND\n      prices.sum\n    end\n",
    ),
    "other line ends and indentation": (
        "def total(prices)\r\n\tif prices\r\n\t\tprices.sum\r\n\tend\r\nend",
        "    def total(prices)\n      if prices\n        prices.sum\n      end\n    end\n",
    ),
    "a helper": (
        "def total(prices)\n  added(prices)\nend\n\ndef added(prices)\n  prices.sum\nend",
        "      added(prices)\n    end\n\n    def added(prices)\n      prices.sum\n    end\n",
    ),
}


@pytest.mark.parametrize(("code", "expected"), REPLIES.values(), ids=REPLIES)
def test_a_reply_of_any_shape_becomes_the_method(code: str, expected: str) -> None:
    """It stands at the file's indentation; what must stand at the margin stays there."""
    assert expected in completed(f"```ruby\n{code}\n```")


def test_a_required_file_stands_below_the_magic_comment() -> None:
    """Only what the code uses is required."""
    text = completed(f"```ruby\nrequire 'json'\nrequire 'set'\n\n{RIGHT.replace('sum', 'to_json')}\n```")
    assert text.startswith("# frozen_string_literal: true\n")
    assert "require 'json'\n" in text
    assert "'set'" not in text


def test_what_stands_before_def_stays() -> None:
    """Of `private def`, only the body changes."""
    text = completed("```ruby\ndef count(prices)\n  prices.size\nend\n```", "Shop.Till.count")
    assert "    private def count(prices)\n      prices.size\n    end\n" in text


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("require 'json'", {"JSON"}),
        ("require_relative '../shop/line_item'", {"LineItem", "Shop"}),
        ('require "bigdecimal/util"', {"Bigdecimal"}),
        ('require "active_support/core_ext/integer"', {"*"}),
    ],
)
def test_files_make_names_known_by_convention(statement: str, names: set[str]) -> None:
    """Ruby itself says nowhere what a file defines."""
    assert names <= bound(statement)


@pytest.mark.parametrize(
    "body",
    [
        *(
            "exit",
            "Kernel.exit!(0)",
            "at_exit { exit! }",
            "exec('true')",
            "Process.exit(true)",
            "raise SystemExit",
        ),
        *("send(:exit!)", "Kernel.public_send(name)", "eval('1')", "$stdout = x", "STDOUT.reopen(x)"),
        *("Minitest.run", "require 'minitest'", "END { exit }", "ObjectSpace.each_object(x)"),
    ],
)
def test_ways_into_the_runner_are_seen(body: str) -> None:
    """What ends the process or finds the runner."""
    assert reached(body)
    assert reached(f"{body}\n  {body}", body)


@pytest.mark.parametrize(
    "body",
    ["x.exit_code", "{ exit: 1 }", "x == 'exit'", "x.map(&method(:double))", "x.send(:a)", "$stdout.puts x"],
)
def test_everyday_code_leads_nowhere(body: str) -> None:
    """Words that look alike, and calls by a name that stands there."""
    assert reached(body) == ()


def test_a_core_class_that_is_opened_is_seen() -> None:
    """It could make everything equal."""
    assert RUBY.running.reaches(b"", b"x = 1\nclass Integer\n  def zero?\n    true\n  end\nend\n")


def test_calls_are_such_as_the_tests_make() -> None:
    """Through variables that hold literals, with keywords by name and objects made anew."""
    code = "class Till\n  def total(items, tax: 0)\n    # TODO\n  end\nend\n"
    test = b"@bread = Item.new('bread', 3)\nassert_equal 3, @till.total([@bread], tax: -1)\n"
    source = RUBY.syntax.parse(code.encode())
    target = RUBY.syntax.target_named(source, "Till.total")
    assert target is not None
    calls = RUBY.running.inputs(source, target, (), 0, (test,))
    assert calls[0] == 'Till.new.total([Item.new("bread", 3)], tax: -1)'
    assert len(calls) > 20


def test_there_are_no_calls_with_what_is_no_literal() -> None:
    """What the test gets from elsewhere, nobody can write down."""
    source = RUBY.syntax.parse(STUB.encode())
    target = RUBY.syntax.target_named(source, "Shop.Till.total")
    assert target is not None
    assert RUBY.running.inputs(source, target, (), 0, (b"Shop::Till.new.total(read_prices)\n",)) == ()

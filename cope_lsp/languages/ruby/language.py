"""Ruby as one `Language` value."""

from __future__ import annotations

from cope_lsp.languages.grammar.syntax import GrammarSyntax
from cope_lsp.languages.language import Language
from cope_lsp.languages.ruby import tools
from cope_lsp.languages.ruby.grammar import GRAMMAR
from cope_lsp.languages.toolchain.running import ToolRunning

RUBY = Language(
    id="ruby",
    suffixes=(".rb",),
    root_markers=("Gemfile", "Rakefile", ".rspec", ".ruby-version"),
    line_comment="#",
    syntax=GrammarSyntax(GRAMMAR),
    running=ToolRunning(GRAMMAR, tools),
    name="Ruby",
    test_setup=("test_helper.rb", "spec_helper.rb", "rails_helper.rb"),
    test_files=("*_test.rb", "test_*.rb", "*_spec.rb"),
)

"""Ruby as a `Grammar`: what its tree does not say."""

from __future__ import annotations

import tree_sitter_ruby

from cope_lsp.languages.grammar.grammar import Grammar
from cope_lsp.languages.ruby.imports import bound, imported
from cope_lsp.languages.ruby.patterns import POWERS, REACHES

_UNWRITTEN = r"(?:not (?:yet )?(?:been )?implemented|unimplemented|TODO|implement me)"
_RAISE = r"(?:= ?)?(?:Kernel\.)?(?:raise|fail)"

GRAMMAR = Grammar(
    load=tree_sitter_ruby.language,
    folder="cope_lsp.languages.ruby",
    comments=frozenset({"comment"}),
    wrappers=frozenset({"argument_list", "call"}),
    strings=frozenset(
        {"comment", "heredoc_body", "string", "regex", "subshell", "string_array", "symbol_array"}
    ),
    stubs=(
        r";+",
        rf"""{_RAISE}[ (]NotImplementedError(?:\.new)?(?:[ ,(]+["'][^"']*["'])?[()]*""",
        rf"""(?i){_RAISE}[ (](?:\w+, ?)?["'][^"']*{_UNWRITTEN}[^"']*["']\)?""",
        rf"""(?i)(?:abort|warn|puts)[ (]["'][^"']*{_UNWRITTEN}[^"']*["']\)?""",
    ),
    trivial=r"""(?:= ?)?(?:return )?(?:nil|0|0\.0|""|''|false|true|\[\]|\{\})|return""",
    hollow='::STDERR.puts("{token}"); ::Kernel.raise(::Exception, "{token}")',
    code=(
        r"(?:def|class|module|end|if|unless|while|until|for|case|when|begin|rescue|ensure|else|elsif|return|raise|yield"
        r"|require|require_relative|private|public|protected|attr_\w+|include|extend)\b"
        r"|[}\])]|#|@{0,2}[\w.\[\]]+(?:, [\w.]+)* [|&+*/-]{0,2}= |[\w.@]+(?:\(.*\))?(?: do\b.*| \{.*)$"
    ),
    reaches=REACHES,
    powers=POWERS,
    line_comment="#",
    opening="",
    closing="end",
    unit="  ",
    bound=bound,
    imported=imported,
)

"""Rust as a `Grammar`: what its tree does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tree_sitter_rust

from cope_lsp.languages.grammar.grammar import Grammar
from cope_lsp.languages.rust import imports
from cope_lsp.languages.rust.doctests import documented
from cope_lsp.languages.rust.hollow import STATEMENT, filled

if TYPE_CHECKING:
    from cope_lsp.languages.text import Source


def settled(before: Source, after: Source) -> bytes:
    """The text with each name imported once, and with a value where a hollow body needs one."""
    texts = (source.text.decode("utf-8", "surrogateescape") for source in (before, after))
    return filled(imports.settled(*texts)).encode("utf-8", "surrogateescape")


_UNWRITTEN = r"(?i:not (?:yet )?implemented|unimplemented|not written|TODO|implement me)"
_SAID = rf'"[^"]*{_UNWRITTEN}[^"]*"'
_NOT_USED = r"(?:let _ = [^;]+; )*"
_ARGUMENTS = r"(?:\([^;]*\)|\[[^;]*\]|\{[^;]*\})"
_NOTHING = (
    r'(?:Default::default\(\)|None|0|0\.0|""|false|true|\(\)|(?:String|Vec|\w+Map|\w+Set)::new\(\)|vec!\[\])'
)

GRAMMAR = Grammar(
    load=tree_sitter_rust.language,
    folder="cope_lsp.languages.rust",
    comments=frozenset({"line_comment", "block_comment"}),
    leading=frozenset({"attribute_item"}),
    strings=frozenset({"string_literal", "raw_string_literal"}),
    types=frozenset({"impl_item", "trait_item"}),
    loose=(
        r"(?:pub(?:\([^)]*\))? )?(?:(?:struct|enum|impl|trait|use|static|mod|macro_rules)\b"
        r"|(?:(?:const|async|unsafe) )*fn \w+(?:<[^(]*>)?\((?!\s*&?\s*(?:'\w+ )?(?:mut )?self\b))"
    ),
    stubs=(
        rf"{_NOT_USED}(?:return )?(?:\w+::)*(?:todo|unimplemented)! ?{_ARGUMENTS};?",
        rf"{_NOT_USED}(?:\w+::)*(?:panic|unreachable|bail)! ?\([^;]*{_SAID}[^;]*\);?",
        rf"{_NOT_USED}(?:return )?Err\([^;]*{_SAID}[^;]*\);?",
    ),
    trivial=rf"{_NOT_USED}(?:return )?(?:{_NOTHING}|(?:Ok|Some)\({_NOTHING}\)|Self);?",
    hollow=STATEMENT,
    code=(
        r"(?:pub|use|fn|async|unsafe|const|static|struct|enum|impl|trait|mod|type|macro_rules|extern)\b"
        r"|(?:let|if|for|while|loop|match|return|todo!|assert\w*!)\b"
        r"|#!?\[|[}\])]|//|\*?[\w.\[\]:&]+(?:<[^>]*>)?(?: [-+*/]?= |\(|\.|$)"
    ),
    reaches=(
        r"::(?:exit|abort)\b|(?<![.\w])(?:exit|abort)\s*(?:\(|as\b)|\bintrinsics::\w+|\b(?:libc|nix|rustix)::\w+"
        r"|\bunsafe\b|\bextern\b|\b(?:global_)?asm!|\btransmute\w*|\bfrom_raw_fd\b|\bFromRawFd\b"
        r"|\bpanic::(?:set_hook|take_hook)\b|\bcfg!|#!?\[cfg\b|\benv::args\w*|\bcurrent_exe\b|\bthread::current\b"
        r"|#\[(?:no_mangle|export_name|link_section|link)|\bset_output_capture\b|\binclude!|/proc/self"
    ),
    powers=(
        (
            "network",
            r"\bnet::\w+|\b(?:Tcp|Udp|Unix)(?:Stream|Listener|Socket|Datagram)\b|\b(?:reqwest|hyper|ureq|isahc|curl)::\w+",
        ),
        ("process", r"\bprocess::\w+|\bCommand::new\b|\b(?:libc|nix)::(?:exec\w*|fork|kill)\b"),
        ("files", r"\bfs::\w+|\bFile::(?:open|create)\w*\b|\bOpenOptions\b|\binclude(?:_str|_bytes)?!"),
        ("environment", r"\benv::\w+|\benv!|\boption_env!"),
        ("eval", r"\blibloading::\w+|\bdlopen\b|\binclude!"),
        ("native", r"\bunsafe\b|\bextern\b|\b(?:global_)?asm!|\btransmute\w*|\b(?:libc|nix|rustix)::\w+"),
    ),
    bound=imports.bound,
    imported=imports.imported,
    documented=documented,
    settled=settled,
)

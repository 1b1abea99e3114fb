"""Go as a `Grammar`: what its tree does not say."""

from __future__ import annotations

import tree_sitter_go

from cope_lsp.languages.go.imports import bound, settled
from cope_lsp.languages.go.scope import imported
from cope_lsp.languages.grammar.grammar import Grammar

_UNWRITTEN = r"(?:not (?:yet )?implemented|unimplemented|TODO|implement me)"
_NOTHING = r'(?:nil|0|0\.0|""|``|false|true|\w+\{\})'

GRAMMAR = Grammar(
    load=tree_sitter_go.language,
    folder="cope_lsp.languages.go",
    comments=frozenset({"comment"}),
    strings=frozenset({"raw_string_literal"}),
    stubs=(
        rf'(?i)panic\((?:(?:errors\.New|fmt\.Errorf)\()?["`][^"`]*{_UNWRITTEN}[^"`]*["`]\)?\)',
        rf'(?i)log\.(?:Fatal|Panic)f?\("[^"]*{_UNWRITTEN}[^"]*"\)',
        rf'(?i)return (?:{_NOTHING}, )*(?:errors\.New|fmt\.Errorf)\("[^"]*{_UNWRITTEN}[^"]*"\)',
    ),
    trivial=rf"return(?: {_NOTHING}(?:, {_NOTHING})*)?",
    hollow='println("{token}"); panic("{token}")',
    code=(
        r"(?:package|import|func|type|var|const|return|if|for|switch|select|go|defer)\b"
        r"|[}\])]|//|[\w.\[\]]+(?:, [\w.]+)* :?="
    ),
    reaches=(
        r"\bos\.(?:Exit|NewFile)\b|\bos\.Std(?:out|err)\s*=|\bsyscall\.\w+|\bruntime\.Goexit\b|\btesting\.\w+"
        r'|"syscall"|"golang\.org/x/sys/\w+"|"testing(?:/\w+)?"|"os/signal"|"unsafe"|\bunsafe\.\w+|"plugin"'
    ),
    powers=(
        ("network", r'"net(?:/[\w/]+)?"|\b(?:http|net|rpc|smtp|websocket)\.[A-Z]\w*'),
        ("process", r'"os/exec"|\bexec\.Command\w*|\bos\.StartProcess\b|\bsyscall\.(?:Exec|ForkExec|Kill)\b'),
        (
            "files",
            r"\bos\.(?:Create|Open|OpenFile|WriteFile|ReadFile|Remove|RemoveAll|Rename|Mkdir\w*|Chmod|Symlink)\b|\bioutil\.\w+",
        ),
        ("environment", r"\bos\.(?:Getenv|Setenv|Environ|LookupEnv|Args)\b"),
        ("eval", r'"plugin"|\bplugin\.Open\b|"reflect"|\breflect\.\w+'),
        ("native", r'"unsafe"|\bunsafe\.\w+|import "C"|\bC\.\w+'),
    ),
    unit="\t",
    bound=bound,
    imported=imported,
    settled=settled,
)

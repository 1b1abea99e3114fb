"""JavaScript as a `Grammar`, and what every grammar of its family shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tree_sitter_javascript

from cope_lsp.languages.grammar.grammar import Grammar
from cope_lsp.languages.javascript.documented import documented
from cope_lsp.languages.javascript.imports import bound, imported
from cope_lsp.languages.javascript.powers import POWERS, REACHES

if TYPE_CHECKING:
    from collections.abc import Callable

_SAID = r"(?:not (?:yet )?(?:been )?implemented|unimplemented|TODO|FIXME|implement me)"
_TEXT = rf"""["'`][^"'`]*{_SAID}[^"'`]*["'`]"""
_ERROR = rf"(?:new )?\w*Error\((?:{_TEXT})[^)]*\)|new \w*NotImplemented\w*\([^)]*\)"
_NOTHING = r"""(?:undefined|null|void 0|-?\d(?:\.0)?|''|""|``|\[\]|\(?\{\}\)?|true|false|NaN)"""
_CAST = r"(?:!| as [\w.<>\[\] |]+)*"


def family(load: Callable[[], object], folder: str, members: tuple[tuple[str, str], ...] = ()) -> Grammar:
    """A grammar of the family: JavaScript's conventions, with queries from `folder`."""
    return Grammar(
        load=load,
        folder=folder,
        comments=frozenset({"comment", "html_comment"}),
        strings=frozenset({"template_string"}),
        leading=frozenset({"decorator"}),
        wrappers=frozenset(
            {
                "export_statement",
                "lexical_declaration",
                "variable_declaration",
                "expression_statement",
                "ambient_declaration",
            }
        ),
        stubs=(
            rf"(?i)throw (?:{_ERROR}|{_TEXT});?",
            rf"(?i)return Promise\.reject\((?:{_ERROR}|{_TEXT})\);?",
            rf"(?i)(?:console\.\w+|assert\.fail)\({_TEXT}\);?",
            r";|debugger;?",
        ),
        trivial=rf"(?:return )?{_NOTHING}{_CAST};?|return;?",
        hollow='console.error("{token}"); throw new Error("{token}")',
        code=(
            r"(?:import|export|function|async|class|const|let|var|return|if|for|while|do|switch|try|throw|type|interface"
            r"|enum|abstract|declare|namespace|public|private|protected|static|get|set|yield|await|new|break|continue)\b"
            r"|[}\])@]|//|/\*|\*|[\w.$\[\]]+ (?:[-+*/]|\?\?|\|\|)?= |[\w.$#]+\(|[\w$#]+: "
        ),
        members=(("class C {", "}"), ("({", "})"), *members),
        types=frozenset({"class_declaration", "abstract_class_declaration", "variable_declarator", "pair"}),
        loose=r"(?:export |async |abstract )*(?:function|class|const|let|var|enum|interface|type)\b",
        reaches=REACHES,
        powers=POWERS,
        unit="  ",
        bound=bound,
        imported=imported,
        documented=documented,
    )


GRAMMAR = family(tree_sitter_javascript.language, "cope_lsp.languages.javascript")

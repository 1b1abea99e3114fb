"""Java as a `Grammar`: what its tree does not say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import tree_sitter_java

from cope_lsp.languages.grammar.grammar import Grammar
from cope_lsp.languages.target import Imported

if TYPE_CHECKING:
    from cope_lsp.languages.text import Source

_IMPORT = re.compile(r"import\s+(static\s+)?([\w.]+?)(\.\*)?\s*;")
_PACKAGE = re.compile(rb"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_MOST_NEIGHBOURS = 40


def package(text: bytes) -> str:
    """The package that a file declares; empty: the unnamed one."""
    found = _PACKAGE.search(text)
    return found[1].decode() if found else ""


def bound(statement: str) -> frozenset[str]:
    """The name that an import makes known; `*` for all there are."""
    found = _IMPORT.search(statement)
    if found is None:
        return frozenset()
    return frozenset({"*" if found[3] else found[2].rpartition(".")[2]})


def imported(source: Source, names: frozenset[str], path: str) -> tuple[Imported, ...]:
    """Types that a file uses: by import, or beside it in its package; all in the same source folder."""
    own = package(source.text)
    here = path.rpartition("/")[0]
    depth = own.count(".") + 1 if own else 0
    above = here.split("/")[: len(here.split("/")) - depth] if here else []
    found: dict[str, str] = {}
    for match in _IMPORT.finditer(source.text.decode("utf-8", "replace")):
        whole = match[2].rpartition(".")[0] if match[1] and not match[3] else match[2]
        name = whole.rpartition(".")[2]
        if not match[3] and name in names:
            found[name] = "/".join([*above, *whole.split(".")]) + ".java"
    types = sorted(name for name in names if name[:1].isupper() and name not in found)
    found |= {name: f"{here}/{name}.java".lstrip("/") for name in types[:_MOST_NEIGHBOURS]}
    return tuple(Imported(name, name, (where,)) for name, where in found.items())


_UNWRITTEN = r"(?:not (?:yet )?(?:been )?(?:implemented|written)|unimplemented|TODO|implement me)"
_NOTHING = (
    r"(?:null|-?[01]|0[lLfFdD]|0\.0[fFdD]?|\"\"|'\\0'|false|true|Optional\w*\.empty\(\)"
    r"|(?:List|Set|Map|Stream)\.of\(\)|Stream\.empty\(\)|Collections\.empty\w+\(\)"
    r"|new \w+\[0\]|new \w+(?:<>)?\(\))"
)

_CODE = (
    r"(?:package|import|public|private|protected|static|final|abstract|synchronized|default|class|interface"
    r"|enum|record|return|if|for|while|do|switch|try|throw|var|void|int|long|double|float|boolean|char|byte"
    r"|short|String)\b|[}\])]|//|/\*|@\w+"
    r"|[\w.]+(?:<[^>]*>)?(?:\[\])* \w+ ?(?:=|;|\()|[\w.\[\]]+ ?[-+*/|&]?= |[\w.]+\(.*\);"
)
_LETTER = r"\\u+00[0-9a-fA-F]{2}"
"""A letter written as an escape, which hides a name from whoever reads the text."""

_REFLECTION = r"\bjava\s*\.\s*lang\s*\.\s*(?:reflect|invoke)\b|\bsetAccessible\b|\bgetDeclared\w+"
_LOADING = r"\bClass\s*\.\s*forName\b|\b\w*ClassLoader\b|\bMethodHandles?\b|\bToolProvider\b"
_REACHES = (
    r"\b(?:exit|halt)\s*\(|\bSystem\s*\.\s*(?:exit|set\w+|in\b|console|load\w*|\*)|\bRuntime\b"
    rf"|\bFileDescriptor\b|{_REFLECTION}|{_LOADING}|\bget(?:Methods?|Fields?|Constructors?)\s*\("
    r"|\bjava\s*\.\s*lang\s*\.\s*(?:management|instrument|foreign)\b"
    r"|\b(?:VarHandle|Unsafe|ManagementFactory|StackWalker|ServiceLoader)\b|\bnative\b"
    r"|\bget(?:All)?StackTraces?\b|\baddShutdownHook\b|\bset(?:Default)?UncaughtExceptionHandler\b"
    r"|\bProcessHandle\b|\b(?:get)?ThreadGroup\b|\b(?:sun|jdk|com\s*\.\s*sun)\s*\.\s*\w+"
    rf"|\b(?:org\s*\.\s*(?:junit|opentest4j|testng)|copelsp)\b|/proc\b|surefire|test-results|{_LETTER}"
)
_NETWORK = (
    r"\bjavax?\s*\.\s*net\b|\bjava\s*\.\s*rmi\b|\b(?:Server|Datagram|Multicast|SSL)?Socket(?:Channel)?\b"
    r"|\bHttp(?:s?URL)?(?:Client|Connection|Request)\b|\bInet\w*Address\b|\bopen(?:Connection|Stream)\s*\("
)
_FILES = (
    r"\bjava\s*\.\s*nio\s*\.\s*(?:file|channels)\b|\b(?:Files|Paths|FileChannel|RandomAccessFile)\b"
    r"|\bPath\s*\.\s*of\b|\bFile(?:Input|Output)Stream\b|\bFile(?:Reader|Writer)\b"
    r"|\bnew\s+(?:File|PrintWriter|PrintStream|Scanner|Formatter)\b|\bjava\s*\.\s*io\s*\.\s*File\b"
)

GRAMMAR = Grammar(
    load=tree_sitter_java.language,
    folder="cope_lsp.languages.java",
    comments=frozenset({"line_comment", "block_comment"}),
    strings=frozenset({"string_literal"}),
    stubs=(
        r'throw new (?:java\.lang\.)?UnsupportedOperationException\((?:"[^"]*")?\);',
        r'throw new (?:\w+\.)*Not(?:Yet)?ImplementedException\((?:"[^"]*")?\);',
        rf'(?i)throw new (?:\w+\.)*(?:\w*Exception|\w*Error)\("[^"]*{_UNWRITTEN}[^"]*"\);',
    ),
    trivial=rf"return {_NOTHING};|(?:super|this)\([^;{{}}]*\);|return;",
    hollow='System.err.println("{token}"); throw new IllegalStateException("{token}");',
    kept=frozenset({"explicit_constructor_invocation"}),
    members=(("class Target {", "}"), ("record Target() {", "}")),
    code=_CODE,
    reaches=_REACHES,
    powers=(
        ("network", _NETWORK),
        ("process", r"\bProcessBuilder\b|\bRuntime\s*\.\s*getRuntime\b|\.exec\s*\(|\bProcessHandle\b"),
        ("files", _FILES),
        ("environment", r"\bSystem\s*\.\s*(?:getenv|(?:get|set|clear)Propert(?:y|ies))\b"),
        ("eval", rf"{_REFLECTION}|{_LOADING}|\bScriptEngine\w*\b|\bJavaCompiler\b|{_LETTER}"),
        ("eval", r"\bObjectInputStream\b|\bXMLDecoder\b|\bInitialContext\b"),
        ("native", r"\bnative\b|\bSystem\s*\.\s*load\w*\b|\bUnsafe\b|\bjava\s*\.\s*lang\s*\.\s*foreign\b"),
    ),
    bound=bound,
    imported=imported,
)

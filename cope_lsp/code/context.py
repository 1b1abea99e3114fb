"""What the model gets to see: the target in its surroundings, within a budget of tokens.

The order is fixed and what varies least comes first, so that the prompts of one file share a prefix.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Problem
from cope_lsp.code.problem import CodeProblem, RequestKind
from cope_lsp.code.scope import paths_of
from cope_lsp.code.wording import wording_of
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cope_lsp.code.problem import Diagnostic, Request
    from cope_lsp.languages.running import TestCase
    from cope_lsp.languages.target import Surroundings
    from cope_lsp.languages.text import Source

BYTES_PER_TOKEN = 3
"""Bytes of UTF-8 text that count as one token; code tokenisers need 3 to 4, so the estimate errs high."""

_MOST_TESTS = 8
_LEAST_REPLY = 384


@dataclass(frozen=True, slots=True)
class Budget:
    """Tokens that the statement and the reply may take."""

    statement: int = 4096
    reply: int = 1024


@dataclass(frozen=True, slots=True)
class Material:
    """What may be shown besides the document itself.

    `readable` gives a project file's text by its path relative to the root, and None for what must not be
    sent (ignored, denied, with secrets); `tests` are those that reach the target.
    """

    readable: Callable[[str], str | None]
    tests: tuple[TestCase, ...] = ()


@dataclass(slots=True)
class _Sheet:
    """What is left of the budget, and the files whose text was used."""

    left: int
    files: list[str] = field(default_factory=list[str])

    def take(self, text: str, path: str = "") -> str:
        """The text if it still fits, else nothing."""
        cost = tokens(text)
        if not text or cost > self.left:
            return ""
        self.left -= cost
        if path and path not in self.files:
            self.files.append(path)
        return text


def tokens(text: str) -> int:
    """Estimated tokens of a text."""
    return -(-len(text.encode()) // BYTES_PER_TOKEN)


def build_problem(request: Request, material: Material, budget: Budget) -> CodeProblem:
    """State a request for a model, with everything around the target that fits the budget."""
    syntax = request.language.syntax
    source = syntax.parse(request.document.text.encode())
    path = own_path(request)
    around = syntax.surroundings(source, request.target, path)
    target = _target_text(request, source)
    asked = _asked(request, source)
    wording = wording_of(request)
    sheet = _Sheet(budget.statement - tokens(target) - tokens(asked), [path])
    shown = _shown(request, around, material, sheet)
    statement = _statement(request, shown, target, asked)
    problem = Problem(
        kind=wording.kind,
        statement=statement,
        reply_format=wording.reply or _of_language(request, source),
        system=wording.system,
        key=_key(request, statement),
        max_tokens=min(budget.reply, wording.most_tokens or 2 * tokens(target) + _LEAST_REPLY),
        reads_tests=request.language.reads_tests,
    )
    examples = syntax.examples(source, request.target)
    return CodeProblem(request, problem, examples, material.tests, tuple(sheet.files))


def own_path(request: Request) -> str:
    """The document's path relative to the project's root; its name where it has none."""
    path, root = request.document.path, request.snapshot.root
    if path is None:
        return f"untitled{request.language.suffixes[0]}"
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


@dataclass(frozen=True, slots=True)
class _Shown:
    imports: str
    definitions: str
    scope: str
    elsewhere: str
    tests: str


def _shown(request: Request, around: Surroundings, material: Material, sheet: _Sheet) -> _Shown:
    """What fits, the most telling first: the class around, imports, what it uses, tests, other files."""
    scope = sheet.take(around.scope)
    imports = sheet.take(around.imports)
    definitions = [sheet.take(text) for text in around.definitions]
    tests = [sheet.take(text, path) for text, path in _tests(request, material)]
    elsewhere = [sheet.take(text, path) for text, path in _elsewhere(request, around, material)]
    return _Shown(imports, _joined(definitions), scope, _joined(elsewhere), _joined(tests))


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _statement(request: Request, shown: _Shown, target: str, asked: str) -> str:
    tag, wording = request.language.id, wording_of(request)
    parts: list[str] = []
    if shown.elsewhere:
        parts.append(f"From other files of the project:\n\n{_fenced(shown.elsewhere, tag)}")
    if shown.tests:
        parts.append(f"{wording.tests}\n\n{_fenced(shown.tests, tag)}")
    code = _joined([shown.imports, shown.definitions, "\n\n".join(p for p in (shown.scope, target) if p)])
    parts.append(f"{wording.asked}\n\n{_fenced(code, tag)}")
    if asked:
        parts.append(asked)
    return "\n\n".join(parts)


def _fenced(text: str, tag: str) -> str:
    """The text in a fence longer than any it contains."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{tag}\n{text}\n{fence}"


def _asked(request: Request, source: Source) -> str:
    """The instruction, the findings and the models of style, in words."""
    lines = [f"Do this: {request.instruction}"] if request.instruction else []
    lines += [_finding(each, request, source) for each in request.diagnostics]
    lines += _models(request, source)
    return "\n".join(lines)


def _models(request: Request, source: Source) -> list[str]:
    """Documentation of the same file, where the target's is to be written like it."""
    documenting = request.language.documenting
    if request.kind is not RequestKind.DOCUMENT or documenting is None:
        return []
    found = documenting.models(source, request.target)
    shown = _fenced("\n\n".join(found), request.language.id)
    return [f"Write it in the style of these, from the same file:\n\n{shown}"] if found else []


def _of_language(request: Request, source: Source) -> str:
    """How documentation is to be replied with, which each language says in its own words."""
    documenting = request.language.documenting
    return documenting.reply_format(source, request.target) if documenting is not None else ""


def _finding(diagnostic: Diagnostic, request: Request, source: Source) -> str:
    start = max(diagnostic.span.start, request.target.span.start)
    begin = source.text.rfind(b"\n", 0, start) + 1
    line = source.text[begin:].split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    rule = f" ({diagnostic.code})" if diagnostic.code else ""
    return f"{diagnostic.source}{rule} says: {diagnostic.message}\nin the line `{line}`"


def _target_text(request: Request, source: Source) -> str:
    """The target as it stands, without the instruction's comment; of a stub only what it promises."""
    target = request.target
    start = source.text.rfind(b"\n", 0, target.span.start) + 1
    end = target.span.end
    if target.stub:
        end = max(target.docstring.end if target.docstring else 0, target.signature.end)
    text = _without(source.text, Span(start, end), request.marker)
    return text.decode("utf-8", "replace").replace("\r\n", "\n").rstrip()


def _without(text: bytes, span: Span, hole: Span | None) -> bytes:
    if hole is None or not span.holds(hole):
        return text[span.start : span.end]
    return text[span.start : hole.start] + text[hole.end : span.end]


def _tests(request: Request, material: Material) -> Iterator[tuple[str, str]]:
    """Bodies of the tests that reach the target, with the paths of their files."""
    syntax = request.language.syntax
    sources: dict[str, Source | None] = {}
    for case in material.tests[:_MOST_TESTS]:
        if case.path not in sources:
            text = material.readable(case.path)
            sources[case.path] = syntax.parse(text.encode()) if text is not None else None
        source = sources[case.path]
        body = syntax.test_text(source, case.id) if source is not None else ""
        if body:
            yield body, case.path


def _elsewhere(request: Request, around: Surroundings, material: Material) -> Iterator[tuple[str, str]]:
    """Definitions of imported names that the target uses, from the project's own files."""
    syntax, own = request.language.syntax, own_path(request)
    parsed: dict[str, Source] = {}
    for imported in around.imported:
        if not imported.symbol:
            continue
        for path in paths_of(request.snapshot, imported):
            text = material.readable(path) if path != own else None
            if text is None or imported.symbol not in text:
                continue
            source = parsed[path] = parsed.get(path) or syntax.parse(text.encode())
            found = syntax.definition(source, imported.symbol)
            if found:
                yield f"{request.language.line_comment} {path}\n{found}", path
                break


def _key(request: Request, statement: str) -> str:
    """Names the question and the code around it."""
    asked = f"{request.language.id}\0{request.kind}\0{request.target.qualname}\0{statement}"
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()

"""Small projects whose candidates are judged in the real sandbox by their language's own tools."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Candidate, Kind, Problem
from cope_lsp.code.judge import code_judge
from cope_lsp.code.problem import CodeProblem, Request, RequestKind
from cope_lsp.code.workbench import Workbench
from cope_lsp.engine.foundations import Foundations, lay
from cope_lsp.sandbox.run import run
from cope_lsp.workspace.snapshot import Document, Snapshot
from cope_lsp.workspace.test_index import matches
from tests.sandbox.box import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.code.findings import Findings
    from cope_lsp.code.judge import CodeJudge
    from cope_lsp.languages.language import Language


@dataclass(frozen=True, slots=True)
class Shop:
    """A project on disk in one language, and where builds for it are kept."""

    language: Language
    root: Path
    builds: Path
    masked: tuple[str, ...] = field(default=())


def laid_out(folder: Path, files: Mapping[str, str], language: Language) -> Shop:
    """The files as a project below a folder."""
    for name, text in files.items():
        path = folder / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Shop(language, folder / "project", folder / "builds")


def ask(shop: Shop, path: str, qualname: str) -> CodeProblem:
    """A request for a function of the project, with its examples and the tests that reach it."""
    language, root = shop.language, shop.root
    text = (root / path).read_text()
    document = Document((root / path).as_uri(), root / path, language.id, 1, text)
    source = language.syntax.parse(text.encode())
    target = language.syntax.target_named(source, qualname)
    assert target is not None
    kind = RequestKind.IMPLEMENT if target.stub else RequestKind.EDIT
    request = Request(kind, language, document, Snapshot(root, {}, trusted=True), target)
    found = (file for file in root.rglob("*") if file.is_file() and "node_modules" not in file.parts)
    named = {file.relative_to(root).as_posix(): file for file in found}
    files = {name: file.read_bytes() for name, file in named.items() if matches(name, language.test_files)}
    return CodeProblem(
        request,
        Problem(Kind.CODE, f"Write {qualname}."),
        language.syntax.examples(source, target),
        language.running.tests_for(root, path, target, files),
    )


def bench_of(shop: Shop, *, timeout_s: float = 60.0) -> Workbench:
    """A workbench over the project, in the strongest isolation."""
    return Workbench(
        run=partial(run, isolation=NAMESPACES),
        root=shop.root,
        environment=shop.language.running.environment(shop.root, None),
        masked=shop.masked,
        timeout_s=timeout_s,
        builds=shop.builds,
        lay_foundation=partial(lay, Foundations()),
    )


def judge_of(shop: Shop, asked: CodeProblem, *, timeout_s: float = 60.0) -> CodeJudge:
    """The product's judge over the project."""
    return code_judge(asked, bench_of(shop, timeout_s=timeout_s))


async def findings(judge: CodeJudge, code: str) -> Findings:
    """All that is found out of one reply."""
    fenced = f"```\n{textwrap.dedent(code).strip()}\n```\n"
    return await judge.examine(Candidate(fenced, "scripted"))

"""Small projects whose candidates are judged in the real sandbox on the tests' own interpreter."""

from __future__ import annotations

import os
import sys
import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Candidate, Kind, Problem
from cope_lsp.code.problem import CodeProblem, Request, RequestKind
from cope_lsp.code.workbench import Workbench
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.sandbox.run import run
from cope_lsp.workspace.snapshot import Document, Snapshot
from tests.sandbox.box import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.code.problem import Diagnostic
    from cope_lsp.code.workbench import Run

INTERPRETER = Path(os.environ.get("COPE_TEST_INTERPRETER", sys.executable))
"""The interpreter that judges; another one with pytest can be named to try the runner on it."""


ALONE: Run = partial(run, isolation=NAMESPACES)
"""Each job in a sandbox that is started for it."""


def written(root: Path, files: Mapping[str, str]) -> Path:
    """Write a project's files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return root


def asked(  # noqa: PLR0913 -- a request has that many sides
    root: Path,
    path: str,
    qualname: str,
    *,
    kind: RequestKind = RequestKind.IMPLEMENT,
    instruction: str = "",
    unsaved: Mapping[str, str] | None = None,
    diagnostics: tuple[Diagnostic, ...] = (),
) -> CodeProblem:
    """A request for a function of the project, with its examples and the tests that reach it."""
    drafts = {name: textwrap.dedent(text) for name, text in (unsaved or {}).items()}
    text = drafts.get(path) or (root / path).read_text()
    document = Document((root / path).as_uri(), root / path, "python", 1, text)
    opened = {
        name: Document((root / name).as_uri(), root / name, "python", 1, draft)
        for name, draft in drafts.items()
    }
    source = PYTHON.syntax.parse(text.encode())
    target = PYTHON.syntax.target_named(source, qualname)
    assert target is not None
    request = Request(
        kind,
        PYTHON,
        document,
        Snapshot(root, opened, trusted=True),
        target,
        instruction,
        diagnostics=diagnostics,
    )
    files = {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*test*.py")}
    files.update({name: draft.encode() for name, draft in drafts.items()})
    return CodeProblem(
        request,
        Problem(Kind.CODE, f"Write {qualname}."),
        PYTHON.syntax.examples(source, target),
        PYTHON.running.tests_for(root, path, target, files),
    )


def bench(asked: CodeProblem, *, timeout_s: float = 30.0, run: Run = ALONE) -> Workbench:
    """A workbench over the request's project and its unsaved documents, in the strongest isolation."""
    snapshot = asked.request.snapshot
    assert snapshot.root is not None
    return Workbench(
        run=run,
        root=snapshot.root,
        environment=PYTHON.running.environment(snapshot.root, INTERPRETER),
        layer={name: document.text.encode() for name, document in snapshot.documents.items()},
        timeout_s=timeout_s,
    )


def reply(code: str) -> Candidate:
    """A model's reply that holds the code."""
    return Candidate(f"```python\n{textwrap.dedent(code).strip()}\n```\n", "scripted")

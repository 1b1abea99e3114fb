"""Where a request's candidates run: its project, its interpreter, the strongest isolation that holds here."""

from __future__ import annotations

import logging
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread

from cope_lsp.code.context import own_path
from cope_lsp.code.workbench import Workbench
from cope_lsp.engine import foundations
from cope_lsp.sandbox.isolation import UNISOLATED, Projection
from cope_lsp.sandbox.job import CannotIsolate
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.warm import run_pooled
from cope_lsp.settings import Sandbox
from cope_lsp.workspace.files import Unreadable
from cope_lsp.workspace.ignoring import ignore_rules, is_denied
from cope_lsp.workspace.masking import masked_paths
from cope_lsp.workspace.readable import readable_for_model
from cope_lsp.workspace.snapshot import snapshot_files
from cope_lsp.workspace.tasting import check
from cope_lsp.workspace.test_index import test_files

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from cope_lsp.code.problem import Request
    from cope_lsp.code.workbench import LayFoundation
    from cope_lsp.engine.build import Engine
    from cope_lsp.languages.running import TestCase
    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.settings import Settings
    from cope_lsp.workspace.ignoring import IgnoreRules
    from cope_lsp.workspace.snapshot import Snapshot
    from cope_lsp.workspace.tasting import Taster

log = logging.getLogger(__name__)

UNISOLATED_NOTE = "ran without isolation"
"""What an edit is flagged with when `sandbox` is `off`: it is never applied by itself."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A project as one request sees it: what a model may read, which tests reach the target, how it runs."""

    readable: Callable[[str], str | None]
    tests: tuple[TestCase, ...]
    bench: Workbench


@asynccontextmanager
async def surveyed(engine: Engine, request: Request) -> AsyncGenerator[Surveyed]:
    """Look at the request's project; an `untitled:` document gets an empty folder of ours for one.

    Raises: Unreadable, where the document cannot be parsed safely.
    """
    if request.snapshot.root is not None:
        yield await _survey(engine, request, request.snapshot.root)
        return
    with tempfile.TemporaryDirectory(prefix="cope-untitled-") as folder:
        yield await _survey(engine, request, Path(await anyio.Path(folder).resolve()))


async def _survey(engine: Engine, request: Request, root: Path) -> Surveyed:
    settings, snapshot = engine.settings, request.snapshot
    if engine.taster is not None:
        await check(engine.taster, request.language, own_path(request), request.document.text.encode())
    rules = ignore_rules(root, settings.ignore)
    tests = await _tests(engine, request, root, rules) if snapshot.root else ()
    bench = await _bench(engine, request, root, rules)
    return Surveyed(_readable(request, snapshot, rules), tests, bench)


def _readable(request: Request, snapshot: Snapshot, rules: IgnoreRules) -> Callable[[str], str | None]:
    """A reader of the project's files; an unsaved document has no project and shows only itself."""
    if snapshot.root is not None:
        return readable_for_model(snapshot, rules)
    return {own_path(request): request.document.text}.get


async def _tests(engine: Engine, request: Request, root: Path, rules: IgnoreRules) -> tuple[TestCase, ...]:
    texts = await to_thread.run_sync(partial(_test_texts, request, rules))
    if engine.taster is not None:
        texts = await _tasted(engine.taster, request, texts)
    find = request.language.running.tests_for
    return await to_thread.run_sync(find, root, own_path(request), request.target, texts)


def _test_texts(request: Request, rules: IgnoreRules) -> dict[str, bytes]:
    files = snapshot_files(request.snapshot, test_files(request.snapshot, rules, request.language.test_files))
    return {path: text.encode() for path, text in files.items()}


async def _tasted(taster: Taster, request: Request, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The texts without those that cannot be parsed safely; what does not name the target is not parsed."""
    kept = dict(texts)
    for path, text in texts.items():
        if request.target.name.encode() in text:
            try:
                await check(taster, request.language, path, text)
            except Unreadable as error:
                log.warning("%s", error)
                del kept[path]
    return kept


async def _bench(engine: Engine, request: Request, root: Path, rules: IgnoreRules) -> Workbench:
    settings = engine.settings
    bench = Workbench(
        run=None,
        root=root,
        environment=None,
        timeout_s=settings.tests.timeout_s,
        limiter=engine.limiter,
        command=settings.tests.command,
        build_s=settings.tests.build_timeout_s,
        builds=engine.builds,
    )
    if not request.snapshot.trusted:
        return replace(bench, reason="this workspace is not trusted, so nothing of it was run")
    try:
        isolation = await _isolation(settings)
    except CannotIsolate as error:
        return replace(bench, reason=str(error))
    find = partial(request.language.running.environment, root, settings.python.interpreter)
    masked = await to_thread.run_sync(partial(masked_paths, rules, settings.tests.expose))
    return replace(
        bench,
        run=partial(run_pooled, isolation=isolation, pool=engine.pool),
        environment=await to_thread.run_sync(find),
        layer=_layer(request.snapshot, masked),
        masked=masked,
        lay_foundation=_lay_foundation(engine, isolation),
        note=UNISOLATED_NOTE if isolation is UNISOLATED else "",
    )


async def _isolation(settings: Settings) -> Isolation:
    return UNISOLATED if settings.sandbox is Sandbox.OFF else await strongest()


def _lay_foundation(engine: Engine, isolation: Isolation) -> LayFoundation | None:
    """What lays foundations, where the rung keeps builds at all."""
    kept = isolation.projection is Projection.OVERLAY
    return partial(foundations.lay, engine.foundations) if kept else None


def _layer(snapshot: Snapshot, masked: tuple[str, ...]) -> dict[str, bytes]:
    """Every open document as it stands in its editor, but for those that tests must not see on disk."""
    return {
        path: document.text.encode()
        for path, document in snapshot.documents.items()
        if not is_denied(path) and not any(path == mask or path.startswith(f"{mask}/") for mask in masked)
    }

"""The checks of `cope-lsp doctor`: each looks at one part and says what it found; none raises."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from anyio import to_thread

from cope_lsp.cascade.errors import CopeError, ModelError
from cope_lsp.cli.findings import Finding, State
from cope_lsp.cli.place import root_of
from cope_lsp.engine.stores import stores
from cope_lsp.languages.registry import LANGUAGES
from cope_lsp.models.condition import large_condition, small_condition
from cope_lsp.sandbox.isolation import Kind
from cope_lsp.sandbox.ladder import probe
from cope_lsp.settings import Origin, Sandbox, config_file
from cope_lsp.storage.places import places, private_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cope_lsp.languages.language import Language
    from cope_lsp.languages.running import Environment
    from cope_lsp.sandbox.job import Rung
    from cope_lsp.settings import Parsed


async def examine(parsed: Parsed, folder: Path) -> AsyncIterator[Finding]:
    """All findings on this machine and this folder, one after the other."""
    for finding in settings_findings(parsed):
        yield finding
    yield await small_finding(parsed)
    yield await large_finding(parsed)
    for finding in isolation_findings(await probe(), parsed.settings.sandbox):
        yield finding
    for finding in await workspace_findings(parsed, folder):
        yield finding
    yield await to_thread.run_sync(stores_finding)


def settings_findings(parsed: Parsed) -> list[Finding]:
    """How many settings are the user's own, and each that was refused."""
    own = [source for source in parsed.sources.values() if source.origin is not Origin.DEFAULT]
    origins = ", ".join(sorted({str(source) for source in own}))
    says = f"{len(own)} set by {origins}" if own else f"all defaults; your own would stand in {config_file()}"
    refused = [
        Finding("Settings", State.BROKEN, str(problem), "cope-lsp settings --table lists all settings")
        for problem in parsed.problems
    ]
    return [Finding("Settings", State.GOOD, says), *refused]


async def small_finding(parsed: Parsed) -> Finding:
    """Whether the small model is there and can answer."""
    try:
        return Finding("Small model", State.GOOD, await small_condition(parsed.settings))
    except ModelError as error:
        return Finding("Small model", State.BROKEN, error.message, error.fix)


async def large_finding(parsed: Parsed) -> Finding:
    """Whether a large model is set, its key is there, and its price is known."""
    try:
        says = await large_condition(parsed.settings)
    except ModelError as error:
        return Finding("Large model", State.BROKEN, error.message, error.fix)
    if says is None:
        return Finding("Large model", State.ABSENT, "none is set (large.model), so nothing is ever paid")
    return Finding("Large model", State.GOOD, f"{says}; calls: {parsed.settings.cloud}")


def isolation_findings(rungs: tuple[Rung, ...], wanted: Sandbox) -> list[Finding]:
    """The rung that holds, and why a stronger one does not."""
    if wanted is Sandbox.OFF:
        says = "switched off by your settings; no edit is applied by itself"
        return [Finding("Isolation", State.BROKEN, says, 'Set sandbox = "required".')]
    holding = next((rung for rung in rungs if rung.available and rung.name != Kind.NONE), None)
    failed = [rung for rung in rungs if not rung.available]
    if holding is not None:
        return [Finding("Isolation", State.GOOD, f"{holding.name}: {holding.detail}")]
    why = "; ".join(f"{rung.name}: {rung.detail}" for rung in failed) or "none for this system"
    fix = next((rung.fix for rung in rungs if rung.fix), "")
    return [Finding("Isolation", State.BROKEN, f"none holds, so nothing can be verified ({why})", fix)]


async def workspace_findings(parsed: Parsed, folder: Path) -> list[Finding]:
    """The project's root, whether it is trusted, and the toolchain of each language that it has."""
    root = await to_thread.run_sync(root_of, folder)
    found = [Finding("Project", State.GOOD, str(root)), await _trust_finding(parsed, root)]
    preferred = parsed.settings.python.interpreter
    for language in await to_thread.run_sync(_languages_in, root):
        environment = await to_thread.run_sync(language.running.environment, root, preferred)
        found.append(_toolchain(language.name, environment))
    return found


def _languages_in(root: Path) -> tuple[Language, ...]:
    """Languages whose marks or files stand at the project's root; the first one there is where none does."""
    names = {entry.name for entry in root.iterdir()} if root.is_dir() else set[str]()
    found = {
        each.name: each
        for each in reversed(LANGUAGES)
        if names & {*each.root_markers} or any(PurePath(name).suffix in each.suffixes for name in names)
    }
    return tuple(reversed(found.values())) or LANGUAGES[:1]


def _toolchain(name: str, environment: Environment) -> Finding:
    if environment.problem:
        return Finding(name, State.BROKEN, environment.problem)
    if environment.lacking:
        return Finding(name, State.ABSENT, f"{environment.program}, {environment.lacking}", environment.fix)
    return Finding(name, State.GOOD, f"{environment.program}, with {environment.runner}")


async def _trust_finding(parsed: Parsed, root: Path) -> Finding:
    if await stores(parsed.settings).decisions.is_trusted(root):
        return Finding("Trust", State.GOOD, "the project's tests may run in the sandbox")
    says = "this project is not trusted, so nothing of it runs and no edit can be verified"
    return Finding("Trust", State.BROKEN, says, f"cope-lsp trust {root}")


def stores_finding() -> Finding:
    """Whether the folders for plans, money and decisions are the user's own."""
    here = places()
    try:
        for folder in (here.cache, here.state):
            private_folder(folder)
    except CopeError as error:
        return Finding("Folders", State.BROKEN, error.message, error.fix)
    return Finding(
        "Folders", State.GOOD, f"{here.cache} (may be deleted), {here.state} (money, trust, consent)"
    )

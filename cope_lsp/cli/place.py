"""`FILE:SYMBOL` becomes a request on the file as it stands on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from cope_lsp.cascade.errors import CopeError
from cope_lsp.code.request import request_named, written_request
from cope_lsp.languages.registry import for_path
from cope_lsp.workspace.files import read_file
from cope_lsp.workspace.roots import project_root
from cope_lsp.workspace.snapshot import Document, Snapshot
from cope_lsp.workspace.tasting import Taster, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.code.problem import Request, RequestKind
    from cope_lsp.storage.consent import Decisions


class BadPlace(CopeError):  # noqa: N818 -- reads as a state, like the other errors
    """Not `FILE:SYMBOL`, no such file, or a language that we do not know."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file's real path and what is asked there."""

    path: Path
    request: Request


async def find_place(
    place: str, instruction: str, decisions: Decisions, kind: RequestKind | None = None
) -> Place:
    """What is asked, with the trust that the user gave. Raises: BadPlace, Unreadable, NothingToAsk.

    Without a `kind` it is what the function lacks: a body, or what `instruction` or its comment asks for.
    """
    path, symbol = await to_thread.run_sync(_split, place)
    language = for_path(path.name)
    if language is None:
        raise BadPlace(f"cope-lsp does not know the language of {path.name}.")
    root = await to_thread.run_sync(root_of, path)
    text = await to_thread.run_sync(read_file, root, path.relative_to(root).as_posix())
    taster = Taster()
    try:
        await check(taster, language, path.name, text.encode())
    finally:
        await taster.close()
    document = Document(path.as_uri(), path, language.id, None, text)
    snapshot = Snapshot(root, {}, trusted=await decisions.is_trusted(root))
    if kind is None:
        return Place(path, request_named(language, document, snapshot, symbol, instruction))
    request = written_request(kind, language, document, snapshot, symbol)
    return Place(path, replace(request, instruction=instruction.strip()))


def root_of(path: Path) -> Path:
    """The project that a file or folder belongs to, seen from here: no further up than its repository."""
    real = path.resolve()
    start = real if real.is_dir() else real.parent
    folder = next(_repositories(start), None) or _here(start) or start
    return project_root(start / real.name, (folder,)) or start


def _split(place: str) -> tuple[Path, str]:
    name, separator, symbol = place.rpartition(":")
    if not separator or not symbol:
        raise BadPlace(
            f"{place!r} names no function.", fix="Write FILE:SYMBOL, such as src/titles.py:slugify."
        )
    path = Path(name).resolve()
    if not path.is_file():
        raise BadPlace(f"There is no file {name}.")
    return path, symbol


def _repositories(start: Path) -> Iterator[Path]:
    return (folder for folder in (start, *start.parents) if (folder / ".git").exists())


def _here(start: Path) -> Path | None:
    here = Path.cwd()
    return here if start.is_relative_to(here) else None

"""What the user allowed: workspaces that may execute, hosts that may be called, test commands that may run.

Trust holds for a folder by its real path and for what lies below it, as far as the nearest decision says;
it does not pass into another repository below (a clone, a submodule), and a folder that holds the user's
home cannot be trusted at all. A file that cannot be read allows nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from cope_lsp.cascade.errors import CopeError
from cope_lsp.storage.private_files import locked, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SCHEMA_VERSION = 1
_ROW = ("host", "model", "price", "choice")
_NOT_OURS = (ValueError, TypeError, KeyError, AttributeError)


class TrustRefused(CopeError):  # noqa: N818 -- reads as a state, like the other errors
    """A folder that is too much to trust at once."""


class Choice(StrEnum):
    """A lasting answer to whether a destination may be called; `once` is never kept."""

    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a call goes and what it costs; another price is another question. `price` is as shown."""

    host: str
    model: str
    price: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The user's decisions in one file of the state folder. Reads never raise: unreadable means no."""

    file: Path

    async def is_trusted(self, path: Path) -> bool:
        """Whether code of this folder may execute."""
        return await to_thread.run_sync(partial(_is_trusted, self.file, path))

    async def trust(self, path: Path) -> None:
        """Trust a folder. Raises: TrustRefused for one that holds the home folder; StoreUnsafe, OSError."""
        await to_thread.run_sync(partial(_trust, self.file, path))

    async def untrust(self, path: Path) -> None:
        """Trust a folder, and what lies below it, no more. Raises: StoreUnsafe, OSError."""
        await to_thread.run_sync(partial(_untrust, self.file, path))

    async def trusted(self) -> tuple[Path, ...]:
        """The folders that were trusted."""
        return await to_thread.run_sync(partial(_trusted, self.file))

    async def choice(self, destination: Destination) -> Choice | None:
        """The lasting answer for a destination; None: ask."""
        return await to_thread.run_sync(partial(_choice, self.file, destination))

    async def choices(self) -> tuple[tuple[Destination, Choice], ...]:
        """All lasting answers."""
        return await to_thread.run_sync(partial(_choices, self.file))

    async def choose(self, destination: Destination, choice: Choice) -> None:
        """Keep a lasting answer. Raises: StoreUnsafe, OSError."""
        await to_thread.run_sync(partial(_choose, self.file, destination, choice))

    async def withdraw(self, host: str) -> int:
        """Forget the answers for a host; gives how many there were. Raises: StoreUnsafe, OSError."""
        return await to_thread.run_sync(partial(_withdraw, self.file, host))

    async def is_approved(self, root: Path, command_hash: str) -> bool:
        """Whether a project's proposed test command was approved as it stands."""
        return await to_thread.run_sync(partial(_is_approved, self.file, root, command_hash))

    async def approve(self, root: Path, command_hash: str) -> None:
        """Approve a project's test command; an older approval ends. Raises: StoreUnsafe, OSError."""
        await to_thread.run_sync(partial(_approve, self.file, root, command_hash))


@dataclass(slots=True)
class _Book:
    trust: dict[str, bool]
    choices: list[dict[str, str]]
    commands: dict[str, str]


def _parse(data: bytes) -> _Book:
    raw: Any = json.loads(data)
    return _VERSIONS[raw["version"]](raw)


def _version_1(raw: Any) -> _Book:  # noqa: ANN401 -- JSON
    return _Book(
        {str(path): value is True for path, value in raw["trust"].items()},
        [{name: str(row[name]) for name in _ROW} for row in raw["choices"]],
        {str(path): str(value) for path, value in raw["commands"].items()},
    )


_VERSIONS: Mapping[int, Callable[[Any], _Book]] = {SCHEMA_VERSION: _version_1}


def _read(file: Path) -> _Book:
    try:
        return _parse(file.read_bytes())
    except (OSError, *_NOT_OURS):
        return _Book({}, [], {})


def _read_to_change(file: Path) -> _Book:
    try:
        return _parse(file.read_bytes())
    except FileNotFoundError:
        pass
    except _NOT_OURS:
        file.replace(file.with_suffix(".damaged"))  # nothing that a person decided is thrown away
    return _Book({}, [], {})


def _change(file: Path, change: Callable[[_Book], None]) -> None:
    with locked(file):
        book = _read_to_change(file)
        change(book)
        raw = {
            "version": SCHEMA_VERSION,
            "trust": book.trust,
            "choices": book.choices,
            "commands": book.commands,
        }
        write_private(file, json.dumps(raw, indent=1).encode())


def _is_trusted(file: Path, path: Path) -> bool:
    decisions = _read(file).trust
    try:
        folder = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    for place in (folder, *folder.parents):
        if str(place) in decisions:
            return decisions[str(place)]
        if (place / ".git").exists():
            return False  # what lies above is another repository's, and so is trust in it
    return False


def _trust(file: Path, path: Path) -> None:
    folder = path.resolve(strict=True)
    if not folder.is_dir():
        raise TrustRefused(f"{path} is not a folder.", fix="Name the project's folder.")
    if Path.home().resolve().is_relative_to(folder):
        raise TrustRefused(f"{folder} holds more than one project.", fix="Trust the project's own folder.")
    _change(file, lambda book: book.trust.update({str(folder): True}))


def _untrust(file: Path, path: Path) -> None:
    folder = path.resolve()

    def change(book: _Book) -> None:
        for known in [known for known in book.trust if Path(known).is_relative_to(folder)]:
            del book.trust[known]
        if any(folder.is_relative_to(known) for known in book.trust):
            book.trust[str(folder)] = False

    _change(file, change)


def _trusted(file: Path) -> tuple[Path, ...]:
    return tuple(Path(path) for path, trusted in sorted(_read(file).trust.items()) if trusted)


def _key(destination: Destination) -> dict[str, str]:
    return {"host": destination.host, "model": destination.model, "price": destination.price}


def _choices(file: Path) -> tuple[tuple[Destination, Choice], ...]:
    return tuple(
        (Destination(row["host"], row["model"], row["price"]), Choice(row["choice"]))
        for row in _read(file).choices
        if row["choice"] in set(Choice)
    )


def _choice(file: Path, destination: Destination) -> Choice | None:
    return dict(_choices(file)).get(destination)


def _choose(file: Path, destination: Destination, choice: Choice) -> None:
    key = _key(destination)

    def change(book: _Book) -> None:
        book.choices = [row for row in book.choices if {**row, **key} != row]
        book.choices.append({**key, "choice": choice.value})

    _change(file, change)


def _withdraw(file: Path, host: str) -> int:
    removed = 0

    def change(book: _Book) -> None:
        nonlocal removed
        kept = [row for row in book.choices if row["host"] != host]
        removed = len(book.choices) - len(kept)
        book.choices = kept

    _change(file, change)
    return removed


def _is_approved(file: Path, root: Path, command_hash: str) -> bool:
    return _read(file).commands.get(str(root.resolve())) == command_hash


def _approve(file: Path, root: Path, command_hash: str) -> None:
    _change(file, lambda book: book.commands.update({str(root.resolve()): command_hash}))

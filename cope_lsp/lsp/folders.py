"""The workspace's folders: settings and trust, each folder its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.lsp.documents import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cope_lsp.settings import Layer, Parsed, Settings


@dataclass(slots=True)
class Folder:
    """One workspace folder. `root` is None for what lies in no folder.

    `editor` is what the client answered to `workspace/configuration` for it; `trusted` is what the
    client told us; `declined`: the user was asked in this session and did not trust it; `refused` names the
    test commands that were not approved in it; `apply_all`: verified edits need no question any more.
    """

    uri: str
    root: Path | None
    editor: object = None
    parsed: Parsed | None = None
    trusted: bool = False
    declined: bool = False
    refused: set[str] = field(default_factory=set[str])
    apply_all: bool = False


@dataclass(slots=True)
class Folders:
    """All workspace folders, and one more for documents outside of them.

    `overrides` are the command line's `--set` pairs, `initial` the client's `initializationOptions.settings`.
    """

    overrides: tuple[str, ...] = ()
    initial: object = None
    initially_trusted: bool = False
    outside: Folder = field(default_factory=lambda: Folder("", None))
    _folders: dict[str, Folder] = field(default_factory=dict[str, Folder])
    _reported: set[str] = field(default_factory=set[str])

    def __iter__(self) -> Iterator[Folder]:
        return iter((*self._folders.values(), self.outside))

    def add(self, uri: str) -> None:
        """Take a folder up."""
        root = path_of(uri)
        if root is not None:
            self._folders[uri] = Folder(uri, root, trusted=self.initially_trusted)

    def remove(self, uri: str) -> None:
        """Let a folder go."""
        self._folders.pop(uri, None)

    def of(self, path: Path | None) -> Folder:
        """The innermost folder that holds a path."""
        holding = (
            []
            if path is None
            else [f for f in self._folders.values() if f.root and path.is_relative_to(f.root)]
        )
        return max(holding, key=lambda folder: len(str(folder.root)), default=self.outside)

    def told_trust(self, uri: str | None, *, trusted: bool) -> None:
        """Note what the client says of a folder, or of all of them."""
        for folder in self:
            if uri is None or folder.uri == uri:
                folder.trusted = trusted
                folder.declined = False

    def settings(self, folder: Folder) -> Settings:
        """The folder's settings."""
        return self._parsed(folder).settings

    def settings_with(self, folder: Folder, layer: Layer) -> Settings:
        """The folder's settings with one layer more."""
        return self._read(folder, layer).settings

    def reread(self) -> None:
        """Forget the parsed settings: a file or the client's configuration has changed."""
        for folder in self:
            folder.parsed = None

    def new_problems(self) -> tuple[str, ...]:
        """What is wrong with the settings and was not reported before, a sentence each."""
        found = dict.fromkeys(str(problem) for folder in self for problem in self._parsed(folder).problems)
        fresh = tuple(text for text in found if text not in self._reported)
        self._reported.update(fresh)
        return fresh

    def every_settings(self) -> tuple[Settings, ...]:
        """The settings of all folders."""
        return tuple(self.settings(folder) for folder in self)

    def _parsed(self, folder: Folder) -> Parsed:
        if folder.parsed is None:
            folder.parsed = self._read(folder)
        return folder.parsed

    def _read(self, folder: Folder, *more: Layer) -> Parsed:
        from cope_lsp.settings import editor_layer, load  # noqa: PLC0415 -- `initialize` is answered before pydantic

        layers = [editor_layer(raw) for raw in (self.initial, folder.editor) if raw]
        return load(self.overrides, *layers, *more)

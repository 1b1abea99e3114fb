"""A real Helix, set up as `docs/editors.md` has it, on a real server, on a scripted model server."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.client_parts import helix
from tests.editors.documented import configuration
from tests.editors.terminal import PATIENCE_S, Desk, Home, Terminal, home, terminal

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_MENU_S = 2.0


@dataclass(frozen=True, slots=True)
class Helix:
    """One window of Helix, with `slug.py` open and the cursor at its first line."""

    home: Home
    terminal: Terminal

    def offered(self, title: str) -> str:
        """The screen with the menu of code actions, once it has a title; the menu stays open."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:  # the server may still be starting
            self.terminal.press("Space", "a")
            if self.terminal.shows(title, _MENU_S):
                return self.terminal.screen
            self.terminal.press("Escape")
        raise AssertionError(f"{title} was not offered:\n{self.terminal.screen}")

    def choose(self, title: str) -> None:
        """Pick a code action; the first one is marked when the menu opens."""
        lines = self.offered(title).splitlines()
        (row,) = (number for number, line in enumerate(lines) if title in line)
        self.terminal.press(*["Down"] * (row - 1), "Enter")

    def saved(self) -> str:
        """The buffer's text, by way of the file."""
        before = self._read()
        self.terminal.type(":write!")
        self.terminal.wait(lambda: self._read() not in (None, before))
        return self.home.file.read_text()

    def _read(self) -> tuple[int, str] | None:
        """When the file was written, and what it holds; None in the moment in which Helix replaces it."""
        try:
            written, text = self.home.file.stat().st_mtime_ns, self.home.file.read_text()
        except FileNotFoundError:
            return None
        return (written, text) if text else None


@contextmanager
def editing(folder: Path, desk: Desk) -> Generator[Helix]:
    """Start everything; when the block ends, it has ended."""
    languages, editor = configuration("Helix", "toml")
    with home(folder, desk) as here:
        place = folder / "xdg-config" / "helix"
        place.mkdir(parents=True)
        (place / "languages.toml").write_text(languages)
        (place / "config.toml").write_text(editor)
        with terminal(here, [helix(), "slug.py"]) as shown:
            shown.until("def slugify", "NOR")
            yield Helix(here, shown)

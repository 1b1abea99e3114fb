"""A real Emacs, its eglot set up as `docs/editors.md` has it, on a real server with a scripted model."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.client_parts import emacs
from tests.editors.documented import configuration
from tests.editors.terminal import Desk, Home, Terminal, home, terminal

if TYPE_CHECKING:
    from collections.abc import Generator

_SAME_EVERYWHERE = Path(__file__).parent / "init.el"


@dataclass(frozen=True, slots=True)
class Emacs:
    """One frame of Emacs in a terminal, with `slug.py` open and eglot connected."""

    home: Home
    terminal: Terminal

    def command(self, name: str) -> None:
        """Run a command by its name."""
        self.terminal.press("M-x")
        self.terminal.until("M-x")
        self.terminal.type(name)

    def choose(self, title: str) -> None:
        """Pick a code action by its title."""
        self.command("eglot-code-actions")
        self.terminal.until("[eglot] Pick an action")
        self.terminal.type(title)

    def answer(self, title: str) -> None:
        """Answer a question of the server; the first answer stands there already."""
        self.terminal.press("C-a", "C-k")
        self.terminal.type(title)

    def saved(self) -> str:
        """The buffer's text, by way of the file."""
        self.terminal.press("C-x", "C-s")
        self.terminal.until("slug.py", "-UU-:---")
        return self.home.file.read_text()


@contextmanager
def editing(folder: Path, desk: Desk) -> Generator[Emacs]:
    """Start everything; when the block ends, it has ended."""
    eglot, *_ = configuration("Emacs", "elisp")
    init = folder / "init.el"
    init.write_text(_SAME_EVERYWHERE.read_text() + eglot)
    with home(folder, desk) as here:
        command = [emacs(), "--no-window-system", "--quick", "--load", init, "slug.py"]
        with terminal(here, command) as shown:
            shown.until("def slugify", "(Python")
            editor = Emacs(here, shown)
            editor.command("eglot")
            shown.until("Connected! Server `cope-lsp'")
            yield editor

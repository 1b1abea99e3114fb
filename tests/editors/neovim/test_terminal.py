"""In a real terminal: keys are typed, and the screen is read as a person reads it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.editors.neovim.driving import NEOVIM, PLUGIN, Desk, environment, made_project
from tests.editors.terminal import Terminal, running
from tests.protocol.driving import write_config
from tests.support.beside import serving

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

ATTACHED = "au LspAttach * redrawstatus"
SERVERS = "set laststatus=2 statusline=%f\\ servers:%{luaeval('#vim.lsp.get_clients()')}"


@contextmanager
def terminal(home: Path, desk: Desk) -> Generator[Terminal]:
    """Neovim with `slug.py` in a terminal, as a user has it: one line of configuration."""
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
        with running(shown, project, editor):
            yield shown


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

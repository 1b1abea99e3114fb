"""The parts that the tests in a real VS Code stand on."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.bootstrap import UV_PROGRAM
from scripts.editor_parts import axe, chromium, code_server, vsix
from scripts.live_parts import run_program
from tests.editors.vscode.driving import Parts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """A code-server, with the extension built from its sources and installed."""
    folder: Path = tmp_path_factory.mktemp("vscode")
    node = shutil.which("node")
    assert node is not None, "These tests need Node 20"
    entry = code_server() / "out" / "node" / "entry.js"
    extensions = folder / "extensions"
    command = [node, entry, "--extensions-dir", extensions, "--user-data-dir", folder / "data"]
    package = vsix(folder)
    subprocess.run(
        [*command, "--install-extension", package],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    (installed,) = extensions.glob("cope-lsp.cope-lsp-*")
    # As in a package for machines that reach no index; only what has no server of its own looks there.
    run_program([str(UV_PROGRAM), "build", "--quiet", "--wheel", "-o", str(installed / "wheels")])
    return Parts(code_server(), chromium(), package, extensions, axe())

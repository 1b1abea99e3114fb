"""The VS Code extension's settings are those of the server, as its schema has them."""

from __future__ import annotations

import json

import cope_lsp
from cope_lsp.settings import leaves
from cope_lsp.settings.tightening import TIGHTENING
from scripts.vscode_configuration import EXTENSION, manifest, server_settings

WRITTEN = json.loads((EXTENSION / "package.json").read_text("utf-8"))


def test_the_manifest_is_the_generated_one() -> None:
    """`python scripts/vscode_configuration.py` would change nothing."""
    assert manifest() == WRITTEN


def test_what_the_extension_knows_of_the_settings_is_the_generated_list() -> None:
    """Names, defaults, and which values are tighter."""
    assert json.loads((EXTENSION / "src" / "serverSettings.json").read_text("utf-8")) == server_settings()


def test_only_settings_that_can_be_tightened_may_stand_in_a_workspace() -> None:
    """All others are the user's alone, in a trusted workspace, too."""
    _, group = WRITTEN["contributes"]["configuration"]
    scopes = {name.removeprefix("cope."): each["scope"] for name, each in group["properties"].items()}
    assert scopes == {name: "resource" if name in TIGHTENING else "machine" for name in leaves()}


def test_the_extension_has_the_servers_version() -> None:
    """It installs the server of its own version."""
    assert WRITTEN["version"] == cope_lsp.__version__

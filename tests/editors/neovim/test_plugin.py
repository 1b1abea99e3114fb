"""The plugin's parts that need no request: the protocol's mirror, the help, the health check."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NotRequired, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from cope_lsp.lsp import protocol
from tests.editors.neovim.driving import NEOVIM, PLUGIN, editing

if TYPE_CHECKING:
    from pathlib import Path

LUA = PLUGIN / "lua" / "cope"
LSP_OWN = {"Position", "Range", "TextEdit"}
NOT_USED = {
    "ClientOptions",
    "ServerOffer",
    "RunResult",
    "Outcome",
    "ConsentArguments",
    "TrustArguments",
    "TrustChange",
}


def test_the_mirror_of_the_protocol_has_every_name() -> None:
    """Methods, commands, kinds and the version are the server's."""
    script = "lua io.write(vim.json.encode(require('cope.protocol')))"
    command = [NEOVIM, "--clean", "--headless", "--cmd", f"set rtp^={PLUGIN}", "-c", script, "-c", "qa"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == {name: value for name, value in vars(protocol).items() if name.isupper()}
    assert f"protocolVersion = {protocol.VERSION}," in (PLUGIN / "lsp" / "cope.lua").read_text()


def test_the_mirror_of_the_protocol_has_every_field() -> None:
    """Of each shape that this client sends or gets."""
    shapes = {name: shape for name, shape in vars(protocol).items() if is_typeddict(shape)}
    wanted = {name: python_fields(shape) for name, shape in shapes.items() if name not in LSP_OWN | NOT_USED}
    assert lua_fields() == wanted


def test_every_command_is_in_the_help(tmp_path: Path) -> None:
    """And the help's tags are sound."""
    shutil.copy(PLUGIN / "doc" / "cope.txt", tmp_path)
    command = [NEOVIM, "--clean", "--headless", "-c", f"helptags {tmp_path}", "-c", "qa"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""
    tags = {line.split("\t")[0] for line in (tmp_path / "tags").read_text().splitlines()}
    commands = re.search(r"subcommands = \{(.*?)\n\}", (LUA / "commands.lua").read_text(), re.DOTALL)
    assert commands is not None
    names = re.findall(r"^  (\w+) = ", commands[1], re.MULTILINE)
    assert {f":Cope-{name}" for name in names} <= tags
    assert {"cope", "cope.txt", ":Cope", "cope-statusline", "g:cope_keys"} <= tags


def test_the_health_check_finds_client_server_and_what_the_doctor_says(tmp_path: Path) -> None:
    """`:checkhealth cope`."""
    with editing(tmp_path) as editor:
        editor.ex("checkhealth cope")
        report = editor.text
        assert "the server is enabled" in report
        assert f"a server runs for {editor.project}" in report
        assert "Small model" in report
        assert f"cope-lsp trust {editor.project}" in report


def lua_fields() -> dict[str, set[str]]:
    """The classes of `protocol.lua` and their fields."""
    fields: dict[str, set[str]] = {}
    name = ""
    for line in (LUA / "protocol.lua").read_text().splitlines():
        if found := re.match(r"---@class cope\.(\w+)", line):
            name = found[1]
            fields[name] = set()
        elif found := re.match(r"---@field (\w+\??) ", line):
            fields[name].add(found[1])
    return fields


def python_fields(shape: Any) -> set[str]:  # noqa: ANN401 -- a TypedDict
    """Its fields as Lua writes them: with a question mark where they may be absent or null."""
    hints = get_type_hints(shape, include_extras=True)
    return {f"{name}?" if may_be_nil(hint) else name for name, hint in hints.items()}


def may_be_nil(hint: Any) -> bool:  # noqa: ANN401 -- a type
    """Whether a field of this type can be left out or null, which is the same in Lua."""
    return get_origin(hint) is NotRequired or type(None) in get_args(hint)

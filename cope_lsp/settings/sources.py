"""Where settings are read from: the user's file, the command line, an administrator's policy, the editor."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from cope_lsp.settings.layers import Layer, Origin, Parsed, Problem, Source, parse

if TYPE_CHECKING:
    from collections.abc import Sequence


def config_file() -> Path:
    """The user's settings; under `COPE_HOME` where that is set."""
    home = os.environ.get("COPE_HOME")
    folder = Path(home) / "config" if home else platformdirs.user_config_path("cope", appauthor=False)
    return folder / "config.toml"


def policy_file() -> Path:
    """An administrator's policy. No environment variable moves it: it binds the user."""
    if sys.platform == "linux":
        return Path("/etc/cope-lsp/policy.toml")
    return platformdirs.site_config_path("cope-lsp", appauthor=False) / "policy.toml"


def load(pairs: Sequence[str] = (), *more: Layer) -> Parsed:
    """Settings of this user: the file, the command line's `--set` pairs, the policy, and `more` layers."""
    user = config_file()
    layers = (user_layer(user), command_line_layer(pairs), policy_layer(policy_file()), *more)
    return parse(layers, loosen_in=str(user))


def user_layer(path: Path) -> Layer:
    """The user's file; nothing where there is none, a problem where it cannot be read."""
    return _file_layer(Source(Origin.USER, str(path)), path)


def policy_layer(path: Path) -> Layer:
    """The administrator's policy. One that cannot be read forbids every call that leaves the machine."""
    return _file_layer(Source(Origin.POLICY, str(path)), path)


def command_line_layer(pairs: Sequence[str]) -> Layer:
    """`--set key=value` pairs; the value is JSON, or plain text where it is not."""
    source = Source(Origin.COMMAND_LINE)
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for pair in pairs:
        key, separator, text = pair.partition("=")
        if separator:
            values[key.strip()] = _json_or_text(text)
        else:
            problems.append(Problem(key, "Expected `--set key=value`.", source))
    return Layer(source, values, tuple(problems))


def editor_layer(raw: object) -> Layer:
    """What came over LSP: initializationOptions or the answer to workspace/configuration."""
    return Layer(Source(Origin.EDITOR), raw)


def _file_layer(source: Source, path: Path) -> Layer:
    try:
        return Layer(source, tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Layer(source, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        return Layer(source, {}, (Problem("", f"The file cannot be read: {why}. It is ignored.", source),))


def _json_or_text(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text

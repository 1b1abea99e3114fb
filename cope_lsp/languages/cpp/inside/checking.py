"""Compiling one file without building anything, for projects that CMake does not build."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

_PLACES = ("compile_commands.json", "build/compile_commands.json", "out/compile_commands.json")
_GUESSED = ("-std=c++17", "-I.", "-Iinclude", "-Isrc")


def syntax(order: dict[str, Any]) -> int:
    """`c++ -fsyntax-only` with the flags that the project's own database has for the file."""
    path = Path(order["file"]).absolute()
    folder, flags = _flags(path)
    os.chdir(folder)
    argv = [order["compiler"], *flags, "-fsyntax-only", "-fdiagnostics-color=never", str(path)]
    os.execv(order["compiler"], argv)  # noqa: S606 -- the recipe's own tool
    return 1


def _flags(path: Path) -> tuple[str, list[str]]:
    """Where the file is compiled and with which flags."""
    for place in _PLACES:
        try:
            entries: list[dict[str, Any]] = json.loads(Path(place).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        for entry in entries:
            if os.path.normpath(Path(entry["directory"]) / entry["file"]) == str(path):
                argv = entry.get("arguments") or shlex.split(entry["command"])
                return entry["directory"], _plain(argv[1:], entry["file"])
    return str(Path.cwd()), [*_GUESSED]


def _plain(argv: list[str], file: str) -> list[str]:
    """Flags without what is compiled and where that goes."""
    kept: list[str] = []
    skipping = False
    for each in argv:
        if skipping or each in ("-c", file):
            skipping = False
        elif each in ("-o", "-MF", "-MT", "-MQ"):
            skipping = True
        elif not each.startswith(("-MD", "-MMD")):
            kept.append(each)
    return kept

"""The project's Rust toolchain and what has been downloaded for it, found by reading alone."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

from cope_lsp.languages.running import Environment
from cope_lsp.languages.rust import nextest

_PLACES = ("/usr/bin/cargo", "/usr/local/bin/cargo", "/opt/homebrew/bin/cargo")


def environment(root: Path, preferred: Path | None) -> Environment:  # noqa: ARG001 -- the port's signature
    """Cargo itself (never rustup's stand-in, which may download), its tree, downloaded dependencies."""
    program = _program(root)
    if isinstance(program, str):
        return Environment(Path(), (), problem=program)
    tree = program.parent.parent
    runner = nextest.program()
    parts = (tree / name for name in ("bin", "lib", "libexec"))
    shown = [*parts, *downloaded(), *([runner] if runner else [])]
    return Environment(program, tuple(path for path in shown if path.exists()), "cargo test")


def downloaded() -> tuple[Path, ...]:
    """Registries, repositories and settings of Cargo; what gives access to an account is left out."""
    home = cargo_home()
    configured = (home / name for name in ("config.toml", "config"))
    plain = [path for path in configured if path.is_file() and not _holds_secret(path)]
    return tuple(path for path in (home / "registry", home / "git", *plain) if path.exists())


def cargo_home() -> Path:
    """Where Cargo keeps what it has downloaded."""
    return Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")


def _holds_secret(path: Path) -> bool:
    text = path.read_text("utf-8", "replace")
    return re.search(r"token|password|secret|credential", text, re.IGNORECASE) is not None


def _program(root: Path) -> Path | str:
    """The real cargo, or why there is none."""
    told = shutil.which("cargo") or next((place for place in _PLACES if Path(place).is_file()), "")
    own = cargo_home() / "bin" / "cargo"
    found = Path(told) if told else own
    if not found.is_file():
        return "No `cargo` was found. Install Rust, or put it on PATH."
    real = found.resolve()
    if real.name != "rustup" and not (real.parent / "rustup").is_file():
        return real
    wanted = _wanted(root)
    chosen = _installed(wanted)
    if chosen is None:
        fix = f"`rustup toolchain install {wanted}`"
        return f"The project asks for the Rust toolchain {wanted}, which is not installed. Run {fix}."
    return chosen


def _wanted(root: Path) -> str:
    """The toolchain's name, as rustup would choose it: the environment, the project's file, the settings."""
    told = os.environ.get("RUSTUP_TOOLCHAIN", "")
    if told:
        return told
    for folder in (root, *root.parents):
        for name in ("rust-toolchain", "rust-toolchain.toml"):
            if (folder / name).is_file():
                return _channel((folder / name).read_text("utf-8", "replace"))
    settings = _toml(_rustup_home() / "settings.toml")
    overrides: dict[str, str] = settings.get("overrides", {})
    found = (overrides[str(folder)] for folder in (root, *root.parents) if str(folder) in overrides)
    return next(found, settings.get("default_toolchain", "stable"))


def _channel(text: str) -> str:
    """What a toolchain file names; old ones hold the name alone."""
    found = re.search(r'^\s*channel\s*=\s*["\']([^"\']+)', text, re.MULTILINE)
    return found[1] if found else text.strip().partition("\n")[0].strip()


def _installed(name: str) -> Path | None:
    """The cargo of an installed toolchain: its name with or without the machine's."""
    plain = re.fullmatch(r"[\w.+-]+", name)
    folder = _rustup_home() / "toolchains"
    if not plain or not folder.is_dir():
        return None
    exact = [folder / name] if (folder / name).is_dir() else []
    versions = re.compile(rf"{re.escape(name)}(?:\.\d+)?-[a-z0-9_]+-[\w-]+")
    listed = sorted(path for path in folder.iterdir() if versions.fullmatch(path.name))
    programs = (path.resolve() / "bin" / "cargo" for path in [*exact, *listed])
    return next((program for program in programs if program.is_file()), None)


def _rustup_home() -> Path:
    return Path(os.environ.get("RUSTUP_HOME") or Path.home() / ".rustup")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}

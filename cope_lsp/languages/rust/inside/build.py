"""Builds crates with Cargo and puts their test programs where steps find them.

`python -I -S build.py PROGRAMS FILE FIRST LAST TOKEN -- cargo test --no-run …`, in the package's folder:
PROGRAMS gets one script a test program, named by the crate (`lib`, `test-buying`). What is wrong is printed
as rustc says it, errors only; lints that the project denies count where they speak of FILE from line FIRST
to LAST, unless it holds TOKEN.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, Any]

_KINDS = ("bin", "test", "example", "bench")
_MOST = 6
_LINT = re.compile(r"#!?\[(?:deny|forbid)\(|`-[DF] |#\[(?:deny|forbid)\(")
_ASIDE = re.compile(
    r"-Z macro-backtrace|full name for the type has been|using `--verbose` to print|`rustc --explain"
)
_SUMMARY = ("error: aborting due to", "error: could not compile")
_UNFETCHED = re.compile(r"no matching package|failed to (?:download|get|load source)|--offline|offline mode")


def main() -> int:
    """Cargo's exit status."""
    cut = sys.argv.index("--")
    programs, file, first, last, token = sys.argv[1:cut]
    _make_lenient(Path(os.environ["RUSTC_WORKSPACE_WRAPPER"]))
    command = [*sys.argv[cut + 1 :], "--message-format=json"]
    child = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- in the sandbox
    messages = [_message(line) for line in child.stdout.splitlines() if line.startswith(b"{")]
    Path(programs).mkdir(parents=True, exist_ok=True)
    for message in messages:
        _put(message, Path(programs))
    if child.returncode == 0:
        _say(_denied(messages, file, range(int(first), int(last) + 1), token))
    else:
        _say(_errors(messages) or [_of_cargo(child.stderr.decode("utf-8", "replace"))])
    return child.returncode


def _make_lenient(compiler: Path) -> None:
    """Make the compiler of the workspace's own crates one for which a lint is never an error.

    A body that only fails leaves imports and helpers unused, which a project may deny.
    """
    if not compiler.is_file():
        compiler.parent.mkdir(parents=True, exist_ok=True)
        compiler.write_text('#!/bin/sh\nexec "$@" --cap-lints warn\n', "utf-8")
        compiler.chmod(0o755)


def _message(line: bytes) -> Message:
    try:
        return json.loads(line)
    except ValueError:
        return {}


def _put(message: Message, programs: Path) -> None:
    """A script that starts a test program as Cargo does: with the package's folder, and its libraries."""
    program = message.get("executable")
    if message.get("reason") != "compiler-artifact" or not program or not message["profile"]["test"]:
        return
    kind = next((kind for kind in message["target"]["kind"] if kind in _KINDS), "")
    name = f"{kind}-{message['target']['name']}" if kind else "lib"
    folder = str(Path(message["manifest_path"]).parent)
    libraries = ":".join([str(Path(program).parent), *_sysroot()])
    env = {
        "CARGO_MANIFEST_DIR": folder,
        "LD_LIBRARY_PATH": libraries,
        "DYLD_FALLBACK_LIBRARY_PATH": libraries,
    }
    said = " ".join(f"{key}={shlex.quote(value)}" for key, value in env.items())
    script = programs / name
    script.write_text(f'#!/bin/sh\n{said} exec {shlex.quote(program)} "$@"\n', "utf-8")
    script.chmod(0o755)


def _sysroot() -> list[str]:
    for folder in os.environ["PATH"].split(":"):
        if Path(folder, "rustc").exists():
            return [str(Path(folder).parent / "lib")]
    return []


def _errors(messages: list[Message]) -> list[str]:
    return _once([each for each in _diagnostics(messages) if each["level"].startswith("error")])


def _denied(messages: list[Message], file: str, lines: range, token: str) -> list[str]:
    """Lints of the target that the project has forbidden."""
    if token in Path(file).read_text("utf-8", "replace"):
        return []
    own = (
        each for each in _diagnostics(messages) if any(_is_at(span, file, lines) for span in each["spans"])
    )
    return _once([each for each in own if _LINT.search(each["rendered"] or "")])


def _diagnostics(messages: list[Message]) -> list[Message]:
    return [each["message"] for each in messages if each.get("reason") == "compiler-message"]


def _once(found: list[Message]) -> list[str]:
    """Each diagnostic once, though a library is compiled for its own tests and for those of others."""
    told: dict[object, str] = {}
    for each in found:
        places = tuple(
            (span["file_name"], span["byte_start"]) for span in each["spans"] if span["is_primary"]
        )
        told.setdefault((each["message"], places), _shortened(each))
    return [text for text in told.values() if not text.startswith(_SUMMARY)]


def _is_at(span: Message, file: str, lines: range) -> bool:
    return (
        span["is_primary"]
        and Path(file).name == Path(span["file_name"]).name
        and (span["line_start"] in lines)
    )


def _shortened(message: Message) -> str:
    """A diagnostic as rustc shows it, without what it says of looking things up."""
    rendered = message.get("rendered") or message["message"]
    return "\n".join(line for line in rendered.rstrip().splitlines() if not _ASIDE.search(line))


def _of_cargo(said: str) -> str:
    """What Cargo itself complains of; what is not on disk is not fetched here."""
    lines = [
        line
        for line in said.splitlines()
        if not re.match(r"\s+(?:Compiling|Checking|Fresh|Locking|Adding)\b", line)
    ]
    text = "\n".join(lines).strip()
    if _UNFETCHED.search(text):
        text += "\nerror: a dependency is not on disk, and nothing is fetched here: run `cargo fetch` once"
    return text


def _say(told: list[str]) -> None:
    more = [f"and {len(told) - _MOST} more"] if len(told) > _MOST else []
    sys.stdout.write("\n\n".join([*told[:_MOST], *more]))


if __name__ == "__main__":
    sys.exit(main())

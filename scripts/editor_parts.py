"""Brings the real VS Code that `tests/editors/vscode` drives, once per machine.

    python scripts/editor_parts.py

code-server is VS Code behind a web page; Chromium shows it. Both need Node 20 and, on Debian, a few
packages. The VSIX is built anew from the sources each time. Parts stand where those of `live_parts.py` do.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.live_parts import PartMissingError, install_packages, make_part, run_program

EXTENSION = Path(__file__).resolve().parent.parent / "editors" / "vscode"
_CODE_SERVER = "code-server@4.100.3"
_VSCE = "@vscode/vsce@3.9.2"
_AXE = "axe-core@4.14.1"
_HEADERS = {
    "/usr/include/krb5.h": "libkrb5-dev",
    "/usr/include/libsecret-1": "libsecret-1-dev",
    "/usr/include/X11/Xlib.h": "libx11-dev",
    "/usr/include/X11/extensions/XKBrules.h": "libxkbfile-dev",
}
_PROGRAMS = {"rg": "ripgrep", "chromium": "chromium"}


def chromium() -> Path:
    """A Chromium: the machine's own, else Debian's."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if not any(map(shutil.which, names)):
        install_packages(["chromium"], "Driving VS Code")
    return Path(next(filter(None, map(shutil.which, names))))


def code_server() -> Path:
    """The folder of a code-server that starts with `node out/node/entry.js`."""
    _need_packages()
    return make_part("code-server", _CODE_SERVER, _build_code_server) / "package"


def axe() -> Path:
    """The script that looks for what keeps people from using a page."""

    def build(folder: Path) -> None:
        _unpack(_AXE, folder)

    return make_part("axe", _AXE, build) / "package" / "axe.min.js"


def vsix(folder: Path) -> Path:
    """The extension, packaged into `folder` from its sources. Raises: PartMissingError where vsce warns."""

    def build(part: Path) -> None:
        _npm(part, "install", "--no-save", "--ignore-scripts", _VSCE)

    vsce = make_part("vsce", _VSCE, build) / "node_modules" / ".bin" / "vsce"
    if not (EXTENSION / "node_modules" / "esbuild").exists():
        _npm(EXTENSION, "ci")
    package = folder / "cope-lsp.vsix"
    options = ["--no-dependencies", "--allow-missing-repository", "--out", str(package)]
    with (EXTENSION / "package.json").open() as turn:  # all who package build in one folder
        fcntl.flock(turn, fcntl.LOCK_EX)
        said = run_program(["env", "-C", str(EXTENSION), str(vsce), "package", *options])
    if "WARNING" in said:
        raise PartMissingError(f"vsce is not content:\n{said}")
    return package


def main() -> int:
    """Make the parts and print their paths."""
    try:
        for part in (chromium, code_server, axe):
            print(part())
    except PartMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


def _build_code_server(folder: Path) -> None:
    print(f"Fetching {_CODE_SERVER} …", file=sys.stderr, flush=True)
    _unpack(_CODE_SERVER, folder)
    package = folder / "package"
    code = package / "lib" / "vscode"
    for place in (package, code, code / "extensions"):
        _npm(place, "install", "--omit=dev", "--ignore-scripts", "--no-package-lock")
    _npm(package, "rebuild", "argon2")
    for module in _native_modules(code):
        try:
            _npm(code, "rebuild", module)
        except PartMissingError as failed:
            print(f"{module} was not built: {failed}", file=sys.stderr)  # what needs it is not tested
    ripgrep = code / "node_modules" / "@vscode" / "ripgrep" / "bin" / "rg"
    ripgrep.parent.mkdir(parents=True, exist_ok=True)
    ripgrep.unlink(missing_ok=True)
    ripgrep.symlink_to(shutil.which("rg") or "/usr/bin/rg")


def _native_modules(code: Path) -> list[str]:
    """Modules of VS Code that are compiled on the machine, but for those that only a terminal needs."""
    names = json.loads((code / "package.json").read_text("utf-8"))["dependencies"]
    return [
        name
        for name in names
        if (code / "node_modules" / name / "binding.gyp").exists() and name != "node-pty"
    ]


def _unpack(package: str, folder: Path) -> None:
    name = _npm(folder, "pack", package).split()[-1]
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder, filter="data")
    (folder / name).unlink()


def _npm(folder: Path, *words: str) -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise PartMissingError("Driving VS Code needs Node 20 with npm: https://nodejs.org")
    command = ["env", "-C", str(folder), npm, *words, "--no-audit", "--no-fund", "--loglevel=error"]
    return run_program(
        command, {"ELECTRON_SKIP_BINARY_DOWNLOAD": "1", "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
    )


def _need_packages() -> None:
    missing = [package for program, package in _PROGRAMS.items() if shutil.which(program) is None]
    missing += [package for header, package in _HEADERS.items() if not Path(header).exists()]
    if missing:
        install_packages(missing, "VS Code in a browser")


if __name__ == "__main__":
    sys.exit(main())

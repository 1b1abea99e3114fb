"""Brings the Helix and the Emacs that `tests/editors` drives, once per machine.

    python scripts/client_parts.py [helix|emacs|lsp-mode]...

What is on PATH is used. Where there is none, or it is too old, a Debian machine takes those of a newer
Debian: their packages, and the libraries that they were built with, are unpacked into a folder. Nothing is
installed, and apt's own configuration stays as it is. Parts stand where those of `live_parts.py` do.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.live_parts import PartMissingError, make_part, run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_RELEASE = "trixie"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_OLDEST_EMACS = 30
_HELIX = ("hx", "libc6", "libgcc-s1")
_EMACS = (
    *("emacs-nox", "emacs-common", "libacl1", "libasound2t64", "libc6", "libcap2", "libdbus-1-3", "libffi8"),
    *("libgcc-s1", "libgccjit0", "libgmp10", "libgnutls30t64", "libgpm2", "libhogweed6t64", "libidn2-0"),
    *("libisl23", "liblcms2-2", "liblzma5", "libmpc3", "libmpfr6", "libnettle8t64", "libp11-kit0"),
    *("libpcre2-8-0", "libselinux1", "libsqlite3-0", "libstdc++6", "libsystemd0", "libtasn1-6", "libtinfo6"),
    *("libtree-sitter0.22", "libunistring5", "libxml2", "libzstd1", "zlib1g"),
)
_LSP_MODE = (
    *("elpa-lsp-mode", "elpa-dash", "elpa-f", "elpa-ht", "elpa-lv", "elpa-markdown-mode", "elpa-s"),
    "elpa-spinner",
)
_ELPA = "usr/share/emacs/site-lisp/elpa-src"
_LAUNCHER = """\
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
{exports}
exec "$root"/{loader} --library-path "$root/{libraries}" "$root/{program}" {options} "$@"
"""


def helix() -> Path:
    """A Helix: the machine's own, else Debian's."""
    found = shutil.which("hx") or shutil.which("helix")
    if found:
        return Path(found)

    def build(folder: Path) -> None:
        _unpack(_HELIX, folder)
        _write_launcher(folder, "usr/lib/hx/hx", {"HELIX_RUNTIME": "usr/lib/hx/runtime"})

    return make_part("helix", _recipe(_HELIX), build) / "start"


def emacs() -> Path:
    """An Emacs whose eglot is recent: the machine's own, else Debian's."""
    found = shutil.which("emacs")
    if found and _version(found) >= _OLDEST_EMACS:
        return Path(found)

    def build(folder: Path) -> None:
        _unpack(_EMACS, folder)
        home = _only(folder, "usr/share/emacs/[0-9]*")
        dump = _only(folder, "usr/libexec/emacs/*/*/emacs-*.pdmp")
        places = {
            "EMACSLOADPATH": f"{home}/lisp",
            "EMACSDATA": f"{home}/etc",
            "EMACSDOC": f"{home}/etc",
            "EMACSPATH": str(dump.parent),
        }
        _write_launcher(folder, "usr/bin/emacs-nox", places, f'--dump-file="$root/{dump}"')

    return make_part("emacs", _recipe(_EMACS), build) / "start"


def lsp_mode() -> Path:
    """A folder that holds Emacs' lsp-mode and what it needs, a folder for each package."""

    def build(folder: Path) -> None:
        _unpack(_LSP_MODE, folder)
        package = folder / _only(folder, f"{_ELPA}/lsp-mode-*")
        generate = f'(loaddefs-generate "{package}" "{package}/lsp-mode-autoloads.el")'
        run_program([str(emacs()), "--batch", "--quick", "--eval", generate])

    return make_part("lsp-mode", _recipe(_LSP_MODE), build) / _ELPA


def main() -> int:
    """Make the named parts, or all, and print their paths."""
    parts: dict[str, Callable[[], Path]] = {"helix": helix, "emacs": emacs, "lsp-mode": lsp_mode}
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of: {', '.join(parts)}; default: all")
    names: list[str] = parser.parse_args().parts
    if unknown := [name for name in names if name not in parts]:
        parser.error(f"no such part: {', '.join(unknown)}")
    try:
        for name in names or parts:
            print(parts[name]())
    except PartMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


def _version(program: str) -> int:
    found = re.search(r"GNU Emacs (\d+)", run_program([program, "--version"]))
    return int(found[1]) if found else 0


def _recipe(packages: Sequence[str]) -> str:
    return f"{_RELEASE} {' '.join(packages)} {_LAUNCHER}"


def _unpack(packages: Sequence[str], folder: Path) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg") and _KEYRING.exists()):
        raise PartMissingError(
            f"These tests drive Helix (`hx`) and Emacs {_OLDEST_EMACS} or newer; put both on PATH."
        )
    print(f"Fetching {packages[0]} of Debian {_RELEASE} …", file=sys.stderr, flush=True)
    downloads = folder / "downloads"
    apt = _apt(downloads)
    run_program([*apt, "update"])
    run_program(["env", "-C", str(downloads), *apt, "download", *packages])
    for package in downloads.glob("*.deb"):
        run_program(["dpkg", "-x", str(package), str(folder)])
    shutil.rmtree(downloads)


def _apt(folder: Path) -> list[str]:
    """Apt with a sources list, package lists and a state of its own."""
    for place in ("lists/partial", "cache/archives/partial"):
        (folder / place).mkdir(parents=True)
    (folder / "status").touch()
    options = f"target=Packages signed-by={_KEYRING}"
    (folder / "sources.list").write_text(f"deb [{options}] {_mirror()} {_RELEASE} main\n")
    places = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "",  # the user that apt steps down to may not write here
        "Acquire::Languages": "none",
    }
    return ["apt-get", "-qq", *(word for name, value in places.items() for word in ("-o", f"{name}={value}"))]


def _mirror() -> str:
    """Where this machine takes its Debian from."""
    ask = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"]
    found = run_program(ask).split()
    if not found:  # its lists were never fetched
        run_program(["apt-get", "update", "-qq"])
        found = run_program(ask).split()
    if not found:
        raise PartMissingError("apt knows no Debian archive; put Helix (`hx`) and a recent Emacs on PATH.")
    return found[0]


def _write_launcher(folder: Path, program: str, places: Mapping[str, str], options: str = "") -> None:
    """A script that starts a program with the libraries beside it, and nothing else with them."""
    loader = _only(folder, "usr/lib/*-linux-gnu*/ld-linux-*.so.*")
    exports = "\n".join(f'export {name}="$root/{place}"' for name, place in places.items())
    start = folder / "start"
    start.write_text(
        _LAUNCHER.format(
            exports=exports, loader=loader, libraries=loader.parent, program=program, options=options
        )
    )
    start.chmod(0o755)


def _only(folder: Path, pattern: str) -> Path:
    found = [path.relative_to(folder) for path in folder.glob(pattern)]
    if len(found) != 1:
        raise PartMissingError(f"Debian's packages have changed: {pattern} is there {len(found)} times.")
    return found[0]


if __name__ == "__main__":
    sys.exit(main())

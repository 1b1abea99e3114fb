"""Reads the Neovim plugin with luacheck, fetched where Debian has it: `python scripts/lua_check.py`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.live_parts import PartMissingError, install_packages

PLUGIN = Path(__file__).resolve().parent.parent / "editors" / "neovim"


def main() -> int:
    """Luacheck's own exit code, or 1 where it cannot be had."""
    try:
        if shutil.which("luacheck") is None:
            install_packages(["lua-check"], "Reading the Neovim plugin")
    except PartMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return subprocess.run(["luacheck", "--quiet", "."], cwd=PLUGIN, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

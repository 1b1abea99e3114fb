"""How often `cope-lsp demo` ends with a tested, applied edit. Prints last one line of JSON.

python -m benchmarks.demo --times 20
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Run:
    """One demo: its model, how the first act ended and in how many seconds, how the second one ended."""

    model: str
    first: str
    seconds: float
    second: str


def main() -> int:
    """Run the demo so many times, each from nothing; 1 if fewer than 19 of 20 succeed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--gguf", type=Path, help="weights for llama.cpp (default: those of make demo)")
    arguments = parser.parse_args()
    gguf = arguments.gguf or _weights()
    runs = [_run(number, gguf) for number in range(1, arguments.times + 1)]
    applied = sum(run.first == "applied" for run in runs)
    found = {
        "runs": len(runs),
        "applied": applied,
        "seconds_median": round(statistics.median(run.seconds for run in runs), 2),
        "seconds_max": round(max(run.seconds for run in runs), 2),
        "second_endings": sorted({run.second for run in runs}),
        "model": runs[0].model,
    }
    print(json.dumps(found))
    return 0 if applied >= len(runs) * 19 / 20 else 1


def _weights() -> Path:
    script = [sys.executable, str(ROOT / "scripts" / "live_parts.py"), "smollm2"]
    return Path(subprocess.run(script, capture_output=True, text=True, check=True).stdout.strip())


def _run(number: int, gguf: Path) -> Run:
    command = [sys.executable, "-m", "cope_lsp", "demo", "--gguf", str(gguf), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if not ended.stdout.strip():
        sys.exit(f"The demo ended with status {ended.returncode} and said:\n{ended.stderr}")
    told = json.loads(ended.stdout.splitlines()[-1])
    first, second = told["first"], told["second"]
    print(f"{number:3}  {first['ending']:10} {first['seconds']:6.1f} s  {first['message']}", flush=True)
    return Run(told["model"], first["ending"], first["seconds"], second["ending"])


if __name__ == "__main__":
    sys.exit(main())

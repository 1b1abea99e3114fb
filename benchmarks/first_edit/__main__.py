"""`python -m benchmarks.first_edit --suite bookworm`: a table a route, and one line of JSON at the end.

Needs root's rights, Linux and debootstrap. `scripts/live_parts.py` brings Ollama and the weights beforehand.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.first_edit.network import debian_mirror
from benchmarks.first_edit.root import DEBIAN, NEEDED, CannotMakeRootError, machine, pristine_root
from benchmarks.first_edit.routes import HOME, MODELFILE, PARTS, ROUTES, WEIGHTS, Person
from scripts import bootstrap, live_parts

if TYPE_CHECKING:
    from benchmarks.first_edit.root import Machine
    from benchmarks.first_edit.routes import Step

ROOT = Path(__file__).parents[2]
BOUND_S = 300
NOT_MEASURED = (
    "downloads of Ollama and its model (put there beforehand)",
    "cloning",
    "the editor",
    "reading and typing",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step, how long it took and whether one could go on."""

    name: str
    seconds: float
    ended_well: bool
    said: str


def main() -> int:
    """Measure each route in a machine of its own; 1 if one of them does not end in a tested edit."""
    arguments = _arguments()
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if os.geteuid() != 0 or missing:
        print(f"This takes root's rights, and the programs {', '.join(NEEDED)}.", file=sys.stderr)
        return 1
    try:
        found = _measured(arguments)
    except (CannotMakeRootError, live_parts.PartMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(found))
    return 0 if all(route["failed_at"] is None for route in found["routes"].values()) else 1


def _measured(arguments: argparse.Namespace) -> dict[str, Any]:
    suite: str = arguments.suite
    mirror = arguments.mirror or (debian_mirror() if suite in DEBIAN else None)
    pristine = pristine_root(suite, mirror, arguments.root)
    with tempfile.TemporaryDirectory() as name:
        files = _parts(arguments.model, Path(name))
        routes = {route: _walked(route, arguments.model, pristine, files) for route in arguments.route}
    return {
        "suite": suite,
        "model": WEIGHTS[arguments.model].name,
        "bound_s": BOUND_S,
        "routes": routes,
        "not_measured": NOT_MEASURED,
    }


def _parts(model: str, folder: Path) -> dict[str, Path]:
    """What is laid into the root, by its place there."""
    weights = {"smollm2": live_parts.smollm2_gguf, "qwen": live_parts.qwen_gguf}[model]()
    live_parts.run_program([str(bootstrap.UV_PROGRAM), "build", "--quiet", "--wheel", "-o", str(folder)])
    wheel = next(folder.glob("*.whl"))
    tree = folder / "tree.tar"
    live_parts.run_program(["git", "-C", str(ROOT), "archive", "-o", str(tree), "HEAD"])
    modelfile = folder / "Modelfile"
    modelfile.write_text(WEIGHTS[model].modelfile)
    return {
        MODELFILE: modelfile,
        f"{PARTS}/{wheel.name}": wheel,
        f"{PARTS}/{tree.name}": tree,
        f"{PARTS}/ollama": live_parts.ollama(),
        f"{PARTS}/{WEIGHTS[model].file}": weights,
        f"{HOME}/almanac": ROOT / "examples" / "almanac",
    }


def _walked(route: str, model: str, pristine: Path, files: dict[str, Path]) -> dict[str, Any]:
    wheel = next(Path(place).name for place in files if place.endswith(".whl"))
    print(f"\n{route} on {pristine.name}", flush=True)
    taken: list[Taken] = []
    with machine(pristine, files) as here:
        for step in ROUTES[route](WEIGHTS[model], wheel):
            taken.extend(_typed(here, step))
            if not taken[-1].ended_well:
                break
        python = here.type("python3 --version", Person.NEWCOMER).said
    total = round(sum(step.seconds for step in taken), 1)
    print(f"  {total:7.1f} s  in all, of {BOUND_S}", flush=True)
    return {
        "python": python,
        "seconds": total,
        "failed_at": None if taken[-1].ended_well else taken[-1].name,
        "steps": {step.name: step.seconds for step in taken},
    }


def _typed(here: Machine, step: Step) -> list[Taken]:
    """Each try at a step, up to the first that ended well."""
    taken: list[Taken] = []
    while len(taken) < step.tries and not any(each.ended_well for each in taken):
        ended = here.type(step.line, step.person)
        name = f"{step.name}, try {len(taken) + 1}" if taken else step.name
        taken.append(Taken(name, round(ended.seconds, 1), ended.status in step.fine, ended.said))
        _tell(taken[-1])
    return taken


def _tell(step: Taken) -> None:
    print(f"  {step.seconds:7.1f} s  {step.name}{'' if step.ended_well else ': FAILED'}", flush=True)
    for line in step.said.splitlines()[-40:]:
        print(f"{'':13}{line}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_edit", description=__doc__)
    parser.add_argument("--suite", default="bookworm", help="bookworm, trixie, noble, … (default: bookworm)")
    parser.add_argument("--mirror", help="where debootstrap fetches it (default: apt's own, for Debian)")
    parser.add_argument(
        "--root", type=Path, default=ROOT / ".cache" / "first_edit", help="where bare systems are kept"
    )
    parser.add_argument("--model", choices=sorted(WEIGHTS), default="qwen", help="default: qwen")
    parser.add_argument(
        "--route", choices=sorted(ROUTES), action="extend", nargs="+", help="default: wheel and extension"
    )
    arguments = parser.parse_args()
    arguments.route = arguments.route or ["wheel", "extension"]
    return arguments


if __name__ == "__main__":
    sys.exit(main())

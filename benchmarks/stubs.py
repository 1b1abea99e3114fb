"""A real small model on five easy stubs of each language: `python -m benchmarks.stubs [NAME]... --set …`.

For each stub of `benchmarks/projects/easy` the product is asked as a user asks it (`cope-lsp solve --write`),
with the settings given by `--set`; `--ollama` brings an Ollama of its own with Qwen2.5-Coder-1.5B. *Accepted*
is what was written into the file; *right* is what then passes hidden tests that no request saw, run in the
sandbox as the project's own are.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.registry import for_path
from cope_lsp.languages.running import Outcome
from scripts import live_parts
from scripts.language_parts import PARTS
from tests.languages.cases import bring
from tests.support.toolchains import Shop, ask, bench_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from cope_lsp.languages.language import Language

MODEL = "qwen2.5-coder:1.5b"
EASY = Path(__file__).parent / "projects" / "easy"


@dataclass(frozen=True, slots=True)
class Project:
    """Five stubs of one language: their file, the part that the project needs, where hidden tests go."""

    name: str
    file: str
    hidden: str
    symbols: tuple[str, ...]
    part: str = ""


_SNAKE = ("is_leap_year", "gcd", "count_vowels", "clamp", "running_totals")
_CAMEL = ("isLeapYear", "gcd", "countVowels", "clamp", "runningTotals")
_PASCAL = ("IsLeapYear", "Gcd", "CountVowels", "Clamp", "RunningTotals")
_RUBY = ("leap_year?", "common_divisor", "count_vowels", "clamp", "running_totals")
PROJECTS = (
    Project("go", "easy/easy.go", "easy/hidden_test.go", _PASCAL),
    Project("javascript", "src/easy.js", "test/hidden.test.js", _CAMEL),
    Project("typescript", "src/easy.ts", "test/hidden.test.ts", _CAMEL, "vitest"),
    Project("rust", "src/lib.rs", "tests/hidden.rs", _SNAKE),
    Project(
        *("java", "src/main/java/easy/Easy.java", "src/test/java/easy/HiddenTest.java"),
        tuple(f"Easy.{name}" for name in _CAMEL),
        "junit",
    ),
    Project("cpp", "easy.cpp", "hidden_test.cpp", tuple(f"easy.{name}" for name in _SNAKE)),
    Project("ruby", "lib/easy.rb", "test/hidden_test.rb", tuple(f"Easy.{name}" for name in _RUBY)),
)


@dataclass(frozen=True, slots=True)
class Solved:
    """What became of one stub."""

    accepted: bool
    right: bool | None
    seconds: float
    message: str


def main() -> int:
    """Solve them all and print a line for each and a table."""
    options = _options()
    with _own_ollama() if options.ollama else nullcontext(()) as served:
        return _measured(options.names, [*served, *options.set])


@contextmanager
def _own_ollama() -> Generator[tuple[str, ...]]:
    """An Ollama with the model for this run, as settings. Raises: PartMissingError."""
    program, weights = live_parts.ollama(), live_parts.qwen_gguf()
    with tempfile.TemporaryDirectory(prefix="cope-models-") as name:
        models = Path(name)
        (models / "Modelfile").write_text(f"FROM {weights}\n")
        with live_parts.serve_ollama(program, models) as url:
            create = [str(program), "create", MODEL, "-f", str(models / "Modelfile")]
            live_parts.run_program(create, {"OLLAMA_HOST": url})
            yield "small.provider=ollama", f"small.base_url={url}", f"small.model={MODEL}"


def _measured(names: list[str], settings: list[str]) -> int:
    chosen = [each for each in PROJECTS if not names or each.name in names]
    lines: list[str] = []
    for project in chosen:
        found = list(_solved(project, settings))
        accepted = [each for each in found if each.accepted]
        right = sum(each.right is True for each in accepted)
        seconds = sum(each.seconds for each in found) / len(found)
        lines.append(f"{project.name:12} {len(accepted):8} {right:6} {seconds:8.1f}")
    print(f"\n{'language':12} accepted  right  s/stub (of {len(_SNAKE)} stubs)")
    print("\n".join(lines))
    return 0


def _solved(project: Project, settings: list[str]) -> Iterator[Solved]:
    with tempfile.TemporaryDirectory(prefix="cope-stubs-") as name:
        home = Path(name).resolve()
        root = home / "project"
        shutil.copytree(EASY / project.name, root)
        env = {**os.environ, "COPE_HOME": str(home / "cope")}
        if project.part:
            bring(project.part, root)
        if project.part == "junit":
            env["MAVEN_OPTS"] = f"-Dmaven.repo.local={PARTS['junit']()}"
        _run(["trust", str(root)], root, env)
        for symbol in project.symbols:
            begun = time.monotonic()
            place = f"{root / project.file}:{symbol}"
            told = _run(["solve", place, "--write", "--json", *_each("--set", settings)], root, env)
            seconds = time.monotonic() - begun
            accepted = bool(told.get("written"))
            os.environ.update(env)
            right = _is_right(project, root, symbol, home) if accepted else None
            solved = Solved(accepted, right, seconds, str(told.get("message", "")))
            print(
                f"{project.name:12} {symbol:18} {'right' if right else 'accepted' if accepted else '-':9}"
                f" {solved.message}",
                flush=True,
            )
            yield solved


def _is_right(project: Project, root: Path, symbol: str, home: Path) -> bool:
    """Whether hidden tests of the symbol pass; they are there for this run only."""
    language = for_path(project.file)
    if language is None:
        raise SystemExit(f"No language is known for {project.file}.")
    hidden = root / project.hidden
    hidden.write_text((EASY / "hidden" / f"{project.name}.txt").read_text("utf-8"))
    try:
        return anyio.run(partial(_passes, language, root, project, symbol, home))
    finally:
        hidden.unlink()


async def _passes(language: Language, root: Path, project: Project, symbol: str, home: Path) -> bool:
    shop = Shop(language, root, home / "builds")
    asked = ask(shop, project.file, symbol)
    cases = Cases(tests=tuple(case for case in asked.tests if case.path == project.hidden))
    tried = await attempt(bench_of(shop), asked.request, (root / project.file).read_bytes(), cases)
    verdicts = [tried.verdicts[case.id] for case in cases.tests] if not tried.problem else []
    return bool(verdicts) and all(each.outcome is Outcome.PASSED for each in verdicts)


def _run(words: list[str], root: Path, env: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "cope_lsp", *words]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if lines and lines[-1].startswith("{"):
        return json.loads(lines[-1])
    if done.returncode and words[0] == "solve" and not lines:
        return {"message": done.stderr.strip()}
    return {"message": done.stdout.strip()}


def _each(option: str, values: list[str]) -> Iterator[str]:
    for value in values:
        yield from (option, value)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stubs", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--ollama", action="store_true", help="serve the model by an Ollama of its own")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

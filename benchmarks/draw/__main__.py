"""Draw solutions and self-made tests for problem files from one model, into sample files.

    python -m benchmarks.draw --problems FILE… --out FILE… [--gguf FILE | --model NAME [--base-url URL]]

Each problem file gets a sample file. Draws are appended to `OUT.draws.jsonl` beside it as they come: the same
command goes on where an earlier one was stopped, in whatever way. Ctrl-C writes the sample files of what is
there. The first draws of every problem come first, so that a partial file is of use.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from benchmarks.draw.drawing import Order, Set, draw_all
from benchmarks.draw.records import Records, export
from cope_lsp.bench.coding.problems import read_problems
from cope_lsp.bench.rows import read_rows
from cope_lsp.cascade.errors import ModelError
from cope_lsp.models.connect import connect_small
from cope_lsp.models.pacing import Patience
from cope_lsp.models.provider import Hooks
from cope_lsp.settings import Settings, SmallModel

if TYPE_CHECKING:
    from collections.abc import Sequence

STOPPED = 130
"""Exit status after Ctrl-C, as shells have it."""

UNHURRIED = Patience(first_byte_s=3600.0, idle_s=3600.0)
"""Nobody waits for a recording, and the machine may have better things to do for minutes."""

_SILENT = Hooks(loading=lambda _loading: None, sent=lambda _sent: None)


def main() -> int:
    """Draw, and write the sample files however it ends."""
    options = _arguments()
    if len(options.problems) != len(options.out):
        sys.exit("Give as many --out files as --problems files.")
    sets = tuple(_set(*pair, _ids(options.ids)) for pair in zip(options.problems, options.out, strict=True))
    order = Order(options.draws, options.tests, options.width, options.seed)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        status = 0 if options.export else asyncio.run(_drawn(sets, _settings(options), order))
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.")
        status = STOPPED
    for each in sets:
        print(f"{each.out}: {export(each.problems, each.records, each.out)} problems")
    return status


async def _drawn(sets: Sequence[Set], settings: Settings, order: Order) -> int:
    """Exit status: 1 where the model failed, after saying how."""
    patience = replace(UNHURRIED, calls_at_once=order.width)
    model, errors = connect_small(settings, _SILENT, patience), list[Exception]()
    try:
        await model.prepare()
        await draw_all(model, sets, order)
    except* ModelError as group:
        errors += group.exceptions
    finally:
        with anyio.CancelScope(shield=True):
            await model.close()
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


def _set(problems: Path, out: Path, ids: frozenset[str] | None) -> Set:
    wanted = (each for each in read_problems(problems) if ids is None or each.task_id in ids)
    out.parent.mkdir(parents=True, exist_ok=True)
    return Set(tuple(wanted), Records(beside(out)), out)


def beside(out: Path) -> Path:
    """Where the single draws of a sample file are kept."""
    return out.with_name(f"{out.name.removesuffix('.gz').removesuffix('.jsonl')}.draws.jsonl")


def _ids(path: Path | None) -> frozenset[str] | None:
    return None if path is None else frozenset(str(row["task_id"]) for _, row in read_rows(path))


def _settings(options: argparse.Namespace) -> Settings:
    if options.gguf is not None:
        return Settings(small=SmallModel(provider="llama_cpp", model=str(options.gguf)))
    provider = "openai" if "/v1" in options.base_url else "ollama"
    small = SmallModel(
        provider=provider, model=options.model, base_url=options.base_url, api_key_env=options.api_key_env
    )
    return Settings(small=small)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    add = parser.add_argument
    default = SmallModel()
    add("--problems", nargs="+", type=Path, required=True, help="HumanEval's or MBPP's form, .jsonl(.gz)")
    add("--out", nargs="+", type=Path, required=True, help="a sample file for each problem file")
    add("--ids", type=Path, help="a .jsonl(.gz) file whose task_ids choose the problems")
    add("--gguf", type=Path, help="a model file, run by llama.cpp")
    add("--model", default=default.model, help="a model that a server offers")
    add("--base-url", default=default.base_url, help="that server: Ollama's, or an OpenAI endpoint with /v1")
    add("--api-key-env", default="", help="the environment variable that holds its key")
    add("--draws", type=int, default=8, help="solutions a problem")
    add("--tests", type=int, default=2, help="replies with self-made tests a problem")
    add("--width", type=int, default=4, help="calls in flight")
    add("--seed", type=int, default=0)
    add("--export", action="store_true", help="only write the sample files of what is there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""`cope-lsp demo`: a real server, a real client and a real model on a small project, for everyone to watch.

Nothing here is canned: what is shown is what this machine's model wrote and what its sandbox found out.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.syntax import Syntax
from rich.text import Text

from cope_lsp.cascade.errors import CopeError, ModelError
from cope_lsp.cli.acts import Act, BadExample, editor_on, implement
from cope_lsp.cli.status import Status
from cope_lsp.cli.words import coloured, difference, visible
from cope_lsp.lsp.standing import Standing
from cope_lsp.models.condition import small_condition
from cope_lsp.sandbox.isolation import Kind
from cope_lsp.sandbox.ladder import probe
from cope_lsp.settings import SmallModel, load

if TYPE_CHECKING:
    import argparse

    from cope_lsp.lsp import protocol
    from cope_lsp.lsp.client import Editor
    from cope_lsp.sandbox.job import Rung
    from cope_lsp.settings import Parsed

_CAREFUL = ("deadline_s=120", "worth.second_usd=0", "worth.wrong_edit_usd=0.3", "cloud=never")
"""Patience for a very small model on two cores: its draws are not weighed against time; nothing is paid.

One draw that passes among many that fail is right two times in three, and here a wrong one costs little.
"""


@dataclass(frozen=True, slots=True)
class _Scene:
    file: str
    name: str
    samples: int


_FIRST = _Scene("leap.py", "is_leap_year", samples=20)
_SECOND = _Scene("titles.py", "slugify", samples=4)

_PICTURE_WIDTH = 100
_PICTURE = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's frame without the fonts that it would fetch from a server of others."""
_PLACE = re.compile(r" \(/[^)]*\)")


class NoModel(CopeError):  # noqa: N818 -- reads as a state, like the other errors
    """Neither the configured model nor a file with weights is there."""


@dataclass(frozen=True, slots=True)
class _Cast:
    model: str
    settings: tuple[str, ...]
    isolation: Rung | None
    remedy: str


def define(parser: argparse.ArgumentParser) -> None:
    """Which model where Ollama has none, and what becomes of the picture."""
    parser.add_argument(
        "--gguf", type=Path, help="weights for llama.cpp, if Ollama does not have the small model"
    )
    parser.add_argument(
        "--project", type=Path, default=_example(), help="the example project (default: ours)"
    )
    parser.add_argument("--svg", type=Path, help="also write what is shown as a picture")
    parser.add_argument("--json", action="store_true", help="show nothing, print one JSON object at the end")


def run(arguments: argparse.Namespace) -> int:
    """Play it; 0 if the edit was tested and applied, or if no isolation can start and that was shown."""
    width = _PICTURE_WIDTH if arguments.svg else None
    console = Console(quiet=arguments.json, record=arguments.svg is not None, highlight=False, width=width)
    with tempfile.TemporaryDirectory(prefix="cope-demo-") as name:
        folder = Path(name).resolve()
        shutil.copytree(_existing(arguments.project), folder / "almanac")
        cast = anyio.run(_cast, load(arguments.set), arguments.gguf)
        first, second = anyio.run(_play, cast, folder, console)
    if arguments.svg is not None:
        picture = console.export_svg(title="make demo", code_format=_PICTURE, unique_id="demo")
        arguments.svg.write_text(picture, "utf-8")
    if arguments.json:
        isolation = cast.isolation.name if cast.isolation else None
        told = {"model": cast.model, "isolation": isolation, "first": asdict(first), "second": asdict(second)}
        sys.stdout.write(json.dumps(told) + "\n")
    return Status.DONE if first.ending == "applied" or cast.isolation is None else Status.FAILED


def _example() -> Path:
    """The example project: beside the package in a checkout, inside it where it was installed."""
    inside = Path(__file__).with_name("almanac")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "examples" / "almanac"


def _existing(project: Path) -> Path:
    if not (project / _FIRST.file).is_file():
        raise BadExample(f"There is no example project in {project}.", fix="Name it with --project.")
    return project


async def _cast(parsed: Parsed, gguf: Path | None) -> _Cast:
    rungs = [rung for rung in await probe() if rung.name != Kind.NONE]
    isolation = next((rung for rung in rungs if rung.available), None)
    remedy = next((rung.fix for rung in rungs if rung.fix), "")
    interpreter = f"python.interpreter={json.dumps(sys.executable)}"
    try:
        model = await small_condition(parsed.settings)
        small = _pairs(parsed.settings.small)
    except ModelError as error:
        if gguf is None:
            raise NoModel(
                error.message, fix=f"{error.fix} Or name a file with weights: --gguf FILE."
            ) from error
        model = f"{gguf.stem}, run by llama.cpp"
        small = _pairs(_run_by_llama_cpp(gguf))
    return _Cast(model, (*small, interpreter, *_CAREFUL), isolation, remedy)


def _run_by_llama_cpp(gguf: Path) -> SmallModel:
    return SmallModel(provider="llama_cpp", model=str(gguf.resolve()), context=4096)


def _pairs(small: SmallModel) -> tuple[str, ...]:
    return tuple(f"small.{name}={json.dumps(value)}" for name, value in small.model_dump(mode="json").items())


async def _play(cast: _Cast, folder: Path, console: Console) -> tuple[Act, Act]:
    console.print(Text(f"Model: {cast.model}"))
    if cast.isolation is not None:
        console.print(Text(f"Isolation: {_PLACE.sub('', cast.isolation.name)}"))
    else:
        console.print(Text(f"Isolation: none can start here. {cast.remedy}", style="yellow"))
    first = await _act(cast, folder, _FIRST, console)
    console.rule("A harder one")
    second = await _act(cast, folder, _SECOND, console)
    return first, second


async def _act(cast: _Cast, folder: Path, scene: _Scene, console: Console) -> Act:
    project = folder / "almanac"
    console.print(Text(f"\n{scene.file}", style="bold"))
    console.print(Syntax((project / scene.file).read_text("utf-8"), "python", background_color="default"))
    async with editor_on(project, folder / "home", (*cast.settings, f"samples={scene.samples}")) as editor:
        act = await _watched(editor, project / scene.file, scene.name, console)
    _show(act, scene.file, console)
    console.print(_moral(act, cast))
    return act


async def _watched(editor: Editor, file: Path, name: str, console: Console) -> Act:
    with Live(Spinner("dots", "starting"), console=console, transient=True) as live:

        def watch(status: protocol.Status) -> None:
            live.update(Spinner("dots", Text(visible(_line(status)))))

        return await implement(editor, file, name, watch)


def _show(act: Act, file: str, console: Console) -> None:
    console.print(Text(f"Code action: {act.offered[0]}", style="cyan"))
    diff = difference(file, act.before, act.after)
    unchanged = Text(f"{file} is unchanged.\n", style="bold")
    console.print(coloured(diff) if diff else unchanged, end="")
    # The report lies in the demo's own folder, which is gone when it ends.
    message, _, _ = act.message.partition(" · report: ")
    console.print(Text(f"{act.ending}: {visible(message)}", style=_style(act)))
    for title in act.left:
        console.print(Text(f"Offered there now: {visible(title)}", style="cyan"))


def _line(status: protocol.Status) -> str:
    counts = (status["drawn"], status["samples"], status["passed"], status["total"])
    return str(Standing(status["stage"], *counts, status["costUsd"], status["detail"]))


def _style(act: Act) -> str:
    return "bold green" if act.ending == "applied" else "yellow"


def _moral(act: Act, cast: _Cast) -> Text:
    if act.ending == "applied":
        return Text("The edit was applied because its tests passed in the sandbox; one undo takes it back.\n")
    if cast.isolation is None:
        said = "Nothing can be executed here, so nothing is verified and nothing was changed."
        return Text(f"{said} The candidate waits to be looked at. What helps: {cast.remedy}\n")
    if act.ending != "unverified":
        return Text("Nothing was changed.\n")
    said = "Nothing passed, so nothing was changed. No large model is set, so nothing could be paid."
    return Text(f"{said} With one, it would be asked now, for at most the price that you allow.\n")

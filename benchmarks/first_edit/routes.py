"""The ways from a bare system to the first edit: shell lines in their order, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PARTS = "/opt/parts"
"""Where the root holds what could not be downloaded there: the wheel, Ollama, the weights, the tree."""
HOME = "/home/newcomer"
MODELFILE = f"{PARTS}/Modelfile"
LINK = 'mkdir -p ~/.local/bin && ln -s "$PWD/.venv/bin/cope-lsp" ~/.local/bin/'
"""README's line that puts the program where an editor finds it."""
_CHATML = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
_SERVER = f"{HOME}/.config/Code/User/globalStorage/cope-lsp.cope-lsp/server-0.1.0"


class Person(StrEnum):
    """Who types a line."""

    ROOT = "root"
    NEWCOMER = "newcomer"


@dataclass(frozen=True, slots=True)
class Step:
    """One line that somebody types, again up to `tries` times. After the statuses `fine` they go on."""

    name: str
    line: str
    person: Person = Person.NEWCOMER
    fine: tuple[int, ...] = (0,)
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """A small model: its name in Ollama, its file among the parts, and what has to be set for it."""

    name: str
    file: str
    settings: tuple[str, ...] = ()

    @property
    def modelfile(self) -> str:
        """What Ollama makes it of. A pulled model brings its template; of a file Ollama may not know one."""
        return f'FROM {PARTS}/{self.file}\nTEMPLATE """{_CHATML}"""\nPARAMETER stop <|im_end|>\n'


_TREE = f"{HOME}/cope-lsp"
_UNPACK = Step("unpack the tree", f"mkdir {_TREE} && tar -xf {PARTS}/tree.tar -C {_TREE}")

WEIGHTS = {
    "smollm2": Weights(
        "smollm2:135m",
        "smollm2.gguf",
        # As in `cope-lsp demo`: many draws and patience make up for a very small model.
        (
            "small.model=smollm2:135m",
            "samples=20",
            "deadline_s=120",
            "worth.second_usd=0",
            "worth.wrong_edit_usd=0.5",
        ),
    ),
    "qwen": Weights("qwen2.5-coder:1.5b", "qwen.gguf"),
}


def by_wheel(weights: Weights, wheel: str) -> tuple[Step, ...]:
    """An environment of one's own and pip."""
    program = f"{HOME}/cope/bin/cope-lsp"
    return (
        _system("python3-venv"),
        Step("make an environment", f"python3 -m venv {HOME}/cope"),
        Step("install cope-lsp", f"{HOME}/cope/bin/pip install --quiet {PARTS}/{wheel}"),
        *_first_edit(program, weights),
    )


def by_extension(weights: Weights, wheel: str) -> tuple[Step, ...]:
    """What *Cope: Set Up the Server* runs in VS Code where there is no uv."""
    python = f"{_SERVER}/bin/python"
    install = "-I -m pip install --disable-pip-version-check --no-input"
    return (
        _system("python3-venv"),
        Step("make an environment", f"/usr/bin/python3 -I -m venv {_SERVER}"),
        Step("install the server", f"{python} {install} {PARTS}/{wheel} >/dev/null"),
        *_first_edit(f"{python} -I -m cope_lsp", weights),
    )


def by_extension_with_uv(weights: Weights, wheel: str) -> tuple[Step, ...]:
    """What *Cope: Set Up the Server* runs in VS Code where uv is; uv itself comes by pip."""
    python, uv = f"{_SERVER}/bin/python", f"{HOME}/uv/bin/uv"
    return (
        _system("python3-venv"),
        Step("get uv", f"python3 -m venv {HOME}/uv && {HOME}/uv/bin/pip install --quiet uv"),
        Step("make an environment", f"{uv} --quiet venv --no-project --python /usr/bin/python3 {_SERVER}"),
        Step("install the server", f"{uv} --quiet pip install --python {python} {PARTS}/{wheel}"),
        *_first_edit(f"{python} -I -m cope_lsp", weights),
    )


def by_checkout(weights: Weights, _wheel: str) -> tuple[Step, ...]:
    """README's two commands in a checkout; the tree is unpacked instead of cloned."""
    return (
        _system("python3-venv make"),
        _UNPACK,
        Step("make setup", f"make --silent -C {_TREE} setup >/dev/null"),
        Step("put it on PATH", f"cd {_TREE} && {LINK}"),
        *_first_edit(f"{HOME}/.local/bin/cope-lsp", weights),
    )


def by_demo(_weights: Weights, _wheel: str) -> tuple[Step, ...]:
    """README's first command: it brings its own model, download included, and shows the edit itself."""
    return (
        _system("python3-venv make libgomp1"),
        _UNPACK,
        Step("make demo", f"make --silent -C {_TREE} demo", tries=3),
    )


ROUTES: Mapping[str, Callable[[Weights, str], tuple[Step, ...]]] = {
    "wheel": by_wheel,
    "extension": by_extension,
    "extension-uv": by_extension_with_uv,
    "checkout": by_checkout,
    "demo": by_demo,
}


def _system(packages: str) -> Step:
    line = f"apt-get update -qq && apt-get install -qq -y {packages} >/dev/null 2>&1"
    return Step(f"apt install {packages}", line, Person.ROOT)


def _first_edit(program: str, weights: Weights) -> tuple[Step, ...]:
    """From an installed program to an edit in the file."""
    settings = "".join(f" --set {setting}" for setting in weights.settings)
    create = f"{PARTS}/ollama create {weights.name} -f {MODELFILE} >/dev/null 2>&1"
    return (
        Step("start Ollama", _serve_ollama()),
        Step("add the model", create),
        Step("doctor, first look", f"cd {HOME}/almanac && {program} doctor{settings}", fine=(0, 1)),
        Step("trust", f"cd {HOME}/almanac && {program} trust ."),
        Step("doctor", f"cd {HOME}/almanac && {program} doctor{settings}"),
        Step(
            "first edit",
            f"cd {HOME}/almanac && {program} solve leap.py:is_leap_year --write{settings}",
            tries=3,  # the model draws anew each time; on a slow machine the first prompt takes longest
        ),
    )


def _serve_ollama() -> str:
    wait = f"until {PARTS}/ollama list >/dev/null 2>&1; do sleep 0.1; done"
    return f"(setsid {PARTS}/ollama serve >{HOME}/ollama.log 2>&1 &); {wait}"

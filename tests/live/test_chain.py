"""The whole chain on real parts: an LSP client, `cope-lsp --stdio`, a real Ollama natively and over `/v1`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.lsp.client import EVERYTHING, Editor, Manners
from tests.protocol.driving import Setting, on_line, running, write_config

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.heavy]

EASY = '''\
def add(first: int, second: int) -> int:
    """Return the sum of two numbers.

    >>> add(2, 3)
    5
    >>> add(10, -4)
    6
    >>> add(0, 0)
    0
    >>> add(-1, -1)
    -2
    """
    ...
'''
BEYOND = '''\
def to_roman(number: int) -> str:
    """Write a number between 1 and 3999 as a Roman numeral.

    >>> to_roman(1994)
    'MCMXCIV'
    >>> to_roman(4)
    'IV'
    """
    ...
'''
PATIENCE_S = 600


@dataclass(slots=True)
class Desk:
    """An editor at a real server, and the folder that is open."""

    editor: Editor
    project: Path

    async def implement(self, name: str, text: str) -> str:
        """Open a file with one stub, pick the action that reaches furthest; the message of its job's end."""
        uri = (self.project / name).as_uri()
        (self.project / name).write_text(text)
        self.editor.open(uri, text)
        (*_, action) = await self.editor.actions(uri, on_line(text[: text.index("def ")].count("\n")))
        command: Any = action.command
        await self.editor.execute(command)
        await self.editor.until(lambda: bool(self.editor.messages), PATIENCE_S)
        return self.editor.messages[-1].message

    def text(self, name: str) -> str:
        """The file as it stands in the editor."""
        return self.editor.document((self.project / name).as_uri()).text.decode()


@asynccontextmanager
async def desk(tmp_path: Path, url: str, config: Mapping[str, object]) -> AsyncGenerator[Desk]:
    """Start a server on a trusted folder; it may apply what is verified."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    write_config(tmp_path, url, {"auto_apply": True, "deadline_s": PATIENCE_S, **config})
    async with running(tmp_path, Setting()) as (client, _):
        client.capabilities = EVERYTHING
        editor = Editor(client, Manners())
        await editor.initialize([project], EVERYTHING, {"trusted": True})
        yield Desk(editor, project)


async def test_a_stub_becomes_a_tested_function(
    tmp_path: Path, ollama_server: str, ollama_model: str
) -> None:
    """Offer, run, draw on a real model, judge in a real sandbox, apply: the text in the editor is new."""
    cheap = {"worth.second_usd": 0, "worth.wrong_edit_usd": 0.3}  # a model that small rarely passes twice
    config = {"small.model": ollama_model, "small.context": 2048, "samples": 40, **cheap}
    async with desk(tmp_path, ollama_server, config) as here:
        said = await here.implement("sums.py", EASY)
        text = here.text("sums.py")
    assert "4 of 4 examples pass" in said
    assert "$0.00" in said
    scope: dict[str, Any] = {}
    exec(text, scope)  # noqa: S102 -- what was judged in the sandbox a moment ago
    assert scope["add"](20, 22) == 42


async def test_all_three_stages_run_on_real_models(
    tmp_path: Path, ollama_server: str, ollama_model: str
) -> None:
    """Small drafts fail, drafts after a guideline over `/v1` fail, the large model's own comes last."""
    config = {
        "small.model": ollama_model,
        "small.context": 2048,
        "large.model": ollama_model,
        "large.base_url": f"{ollama_server}/v1",
        "large.price.input": 0,
        "large.price.output": 0,
        "stages": "paper",
        "samples": 1,
    }
    async with desk(tmp_path, ollama_server, config) as here:
        said = await here.implement("roman.py", BEYOND)
        text = here.text("roman.py")
        report = await asyncio.to_thread(_newest_report, tmp_path, said)
    assert [f"## Stage {name}" in report for name in ("small", "guided", "large")] == [True, True, True]
    assert "guideline" in report
    assert "Nothing was changed" in said
    assert text == BEYOND


def _newest_report(home: Path, said: str) -> str:
    reports = sorted((home / "state" / "reports").glob("*.md"), key=lambda path: path.stat().st_mtime)
    assert reports, said
    return reports[-1].read_text()

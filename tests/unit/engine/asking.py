"""A project, a model server and an engine between them, for tests of whole solves without an editor."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cope_lsp.code.request import request_named
from cope_lsp.engine.build import build_engine, close
from cope_lsp.engine.front import Answer, Front, Reach
from cope_lsp.engine.solving import solve
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.settings import Settings
from cope_lsp.workspace.snapshot import Document, Snapshot
from tests.support.model_server import Entry, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

    from cope_lsp.code.problem import Request
    from cope_lsp.engine.build import Engine
    from cope_lsp.engine.front import Question, Solved
    from tests.support.model_server import ModelServer, Script

STUB = '''\
def slugify(title: str) -> str:
    """Make a title fit for a URL.

    >>> slugify("Hello World")
    'hello-world'
    >>> slugify("a")
    'a'
    >>> slugify("One Two Three")
    'one-two-three'
    """
    ...
'''
RIGHT = '```python\nreturn "-".join(title.lower().split())\n```'
WRONG = "```python\nreturn title.lower()\n```"

MODELS = (Entry("small"), Entry("large"), Entry("far", remote_host="https://elsewhere.example"))
"""`far` runs on another machine: Ollama passes prompts on, so it is a remote at a loopback address."""

FREE = {"input": 0, "output": 0}
PRICED = {"input": 1.0, "output": 2.0}


@dataclass(slots=True)
class User:
    """Someone at a front end, who answers alike each time and remembers what was asked and shown."""

    answer: Answer = Answer.NO
    questions: list[Question] = field(default_factory=list["Question"])
    heard: list[object] = field(default_factory=list[object])

    async def ask(self, question: Question) -> Answer:
        """Answer a question."""
        self.questions.append(question)
        return self.answer

    def front(self) -> Front:
        """The front end they sit at."""
        return Front(self.heard.append, self.ask)


@dataclass(frozen=True, slots=True)
class World:
    """An engine on a project on a model server."""

    engine: Engine
    models: ModelServer
    project: Path

    def request(self, text: str = STUB, name: str = "slugify", *, trusted: bool = True) -> Request:
        """Ask for a function of `slug.py`."""
        path = self.project / "slug.py"
        path.write_text(text)
        document = Document(path.as_uri(), path, "python", 1, text)
        return request_named(PYTHON, document, Snapshot(self.project, {}, trusted), name)

    async def solve(
        self, request: Request | None = None, user: User | None = None, reach: Reach = Reach.CASCADE
    ) -> Solved:
        """Solve it at a user's front end."""
        return await solve(self.engine, request or self.request(), reach, (user or User()).front())

    def calls(self, model: str) -> int:
        """How many prompts a model got; loading one sends none."""
        return sum(1 for chat in self.models.chats if chat.body["model"] == model and chat.body["messages"])


@asynccontextmanager
async def world(
    project: Path, script: Script, **changes: Mapping[str, Any] | object
) -> AsyncGenerator[World]:
    """An engine whose small model is scripted; `changes` are settings over that."""
    _lay_out(project)
    async with serve(script, MODELS) as server:
        raw: dict[str, Any] = {"samples": 2, **changes}
        for role in ("small", "large"):
            raw[role] = {"provider": "ollama", "base_url": server.url, **raw.get(role, {})}
        raw["small"].setdefault("model", "small")
        engine = build_engine(Settings.model_validate(raw))
        try:
            yield World(engine, server, project)
        finally:
            await close(engine)


def _lay_out(project: Path) -> None:
    project.mkdir()
    (project / "pyproject.toml").touch()

"""Whole solves of documentation and explanations: a real sandbox, a real HTTP server, a scripted model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.code.problem import RequestKind
from cope_lsp.code.request import written_request
from cope_lsp.engine.front import Ending
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.workspace.snapshot import Document, Snapshot
from tests.support.model_server import Reply, always, in_turn
from tests.unit.engine.asking import FREE, world

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.problem import Request
    from tests.unit.engine.asking import World

WRITTEN = 'def slugify(title: str) -> str:\n    return "-".join(title.lower().split())\n'
TRUE = '"""Make a title fit for a URL.\n\n>>> slugify("Hello World")\n\'hello-world\'\n"""'
FALSE = TRUE.replace("'hello-world'", "'Hello-World'")
LARGE = {"model": "large", "price": FREE}


def about(here: World, kind: RequestKind) -> Request:
    """A request about the written function."""
    path = here.project / "slug.py"
    path.write_text(WRITTEN)
    document = Document(path.as_uri(), path, "python", 1, WRITTEN)
    return written_request(kind, PYTHON, document, Snapshot(here.project, {}, trusted=True), "slugify")


async def test_documentation_with_a_true_example_is_accepted(tmp_path: Path) -> None:
    """A false one is repaired with what the code gives; the edit is the docstring alone."""
    async with world(tmp_path / "p", in_turn(FALSE, TRUE), samples=1) as here:
        solved = await here.solve(about(here, RequestKind.DOCUMENT))
        asked = here.models.chats[-1].body["messages"][-1]["content"]
    assert solved.ending is Ending.ACCEPTED
    assert solved.message.startswith("slugify: 1 of 1 examples pass · local · $0.00 · ")
    assert solved.edit is not None
    assert [hunk.old for hunk in solved.edit.hunks] == [""]
    assert "got: 'hello-world'" in asked
    assert solved.edit.new_text.splitlines()[1] == '    """Make a title fit for a URL.'


async def test_documentation_without_an_example_is_shown_as_unverified(tmp_path: Path) -> None:
    """It costs nothing more, and says why."""
    async with world(tmp_path / "p", always('"""Make a slug."""'), large=LARGE) as here:
        solved = await here.solve(about(here, RequestKind.DOCUMENT))
        assert here.calls("large") == 0
    assert solved.ending is Ending.UNVERIFIED
    assert "not verified: no example in it shows that it is true" in solved.message
    assert solved.edit is not None


async def test_an_explanation_comes_as_text(tmp_path: Path) -> None:
    """With how sure the model was; it is no edit."""
    async with world(tmp_path / "p", always("It joins words.")) as here:
        solved = await here.solve(about(here, RequestKind.EXPLAIN))
    assert (solved.ending, solved.edit, solved.text) == (Ending.ACCEPTED, None, "It joins words.")
    assert solved.message.startswith(
        "slugify: explained · the model was sure of its words (perplexity 1.28) · local · $0.00"
    )


async def test_an_explanation_of_unknown_sureness_is_shown_all_the_same(tmp_path: Path) -> None:
    """A server without log-probabilities: nothing is known, nothing is bought, and that is said."""
    script = always(Reply("It joins words.", logprob=None))
    async with world(tmp_path / "p", script, large=LARGE) as here:
        solved = await here.solve(about(here, RequestKind.EXPLAIN))
        assert (here.calls("small"), here.calls("large")) == (1, 0)
    assert (solved.ending, solved.text) == (Ending.UNVERIFIED, "It joins words.")
    assert "read it with care: the model tells no probabilities" in solved.message

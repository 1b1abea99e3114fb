"""Documentation is judged by its examples, which run on the code as it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Candidate, Kind, Problem, Status
from cope_lsp.code.documenting import BY_EXAMPLES, documented, documenting_judge
from cope_lsp.code.problem import CodeProblem, RequestKind
from cope_lsp.code.request import written_request
from cope_lsp.code.workbench import Workbench
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.text import Span
from cope_lsp.workspace.snapshot import Document, Snapshot
from tests.support.judging import bench

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.cascade.problem import Ruling

SLUG = 'def slugify(title):\n    return "-".join(title.lower().split())\n'
TRUE = '"""Make a title fit for a URL.\n\n>>> slugify("Hello World")\n\'hello-world\'\n"""'
FALSE = TRUE.replace("'hello-world'", "'Hello-World'")


def asked(root: Path, text: str = SLUG, name: str = "slugify") -> CodeProblem:
    """Ask for documentation of a function of `slug.py`."""
    path = root / "slug.py"
    path.write_text(text)
    document = Document(path.as_uri(), path, "python", 1, text)
    snapshot = Snapshot(root, {}, trusted=True)
    request = written_request(RequestKind.DOCUMENT, PYTHON, document, snapshot, name)
    return CodeProblem(request, Problem(Kind.CODE, f"Document {name}."))


async def ruled(
    problem: CodeProblem, *replies: str, remaining: int = 5, where: Workbench | None = None
) -> Ruling:
    """The ruling over some replies."""
    trial = documenting_judge(problem, where or bench(problem)).open(problem.problem)
    for reply in replies:
        await trial.add(Candidate(reply, "scripted"))
    return trial.rule(remaining)


async def test_true_examples_speak_for_it(tmp_path: Path) -> None:
    """More of them say more; the count is told."""
    ruling = await ruled(asked(tmp_path), TRUE)
    assert (ruling.status, ruling.confidence) == (Status.PASS, BY_EXAMPLES[0])
    assert [(piece.source, piece.passed, piece.total) for piece in ruling.evidence] == [
        ("syntax", 1, 1),
        ("contract", 1, 1),
        ("examples", 1, 1),
    ]
    two = TRUE.replace('\n"""', '\n>>> slugify("a")\n\'a\'\n"""')
    ruling = await ruled(asked(tmp_path), TRUE, two)
    assert (ruling.choice, ruling.confidence) == (Candidate(two, "scripted"), BY_EXAMPLES[1])


async def test_a_false_example_is_told_for_the_repair(tmp_path: Path) -> None:
    """With what the code gives, which is what the documentation must say."""
    ruling = await ruled(asked(tmp_path), FALSE)
    assert ruling.status is Status.FAIL
    assert ruling.feedback == "slugify(\"Hello World\")\nexpected: 'Hello-World'\ngot: 'hello-world'"
    assert not ruling.settled


async def test_an_example_that_cannot_even_start_is_false_too(tmp_path: Path) -> None:
    """It names what is not there; the file itself loads."""
    ruling = await ruled(asked(tmp_path), TRUE.replace(">>> slug", ">>> slugs.slug"))
    assert ruling.status is Status.FAIL
    assert "NameError" in (ruling.feedback or "")


async def test_a_file_that_does_not_load_says_nothing(tmp_path: Path) -> None:
    """Whoever is to blame, it is not the documentation."""
    ruling = await ruled(asked(tmp_path, f"import nowhere_at_all\n\n{SLUG}"), TRUE)
    assert ruling.status is Status.UNKNOWN
    assert "does not load here" in ruling.evidence[-1].detail


@pytest.mark.parametrize("reply", ['"""Make a slug."""', '"""Make a slug.\n\n>>> 1 + 1\n2\n"""'])
async def test_without_an_example_of_it_nothing_is_known(tmp_path: Path, reply: str) -> None:
    """It is drawn again in the hope for one, but not for ever."""
    problem = asked(tmp_path)
    ruling = await ruled(problem, reply)
    assert (ruling.status, ruling.settled) == (Status.UNKNOWN, False)
    assert (await ruled(problem, reply, reply, reply)).settled


async def test_what_returns_nothing_is_not_drawn_again(tmp_path: Path) -> None:
    """No example could show what it does, so the first candidate is as good as the next."""
    problem = asked(tmp_path, "def slugify(file):\n    file.write('x')\n")
    ruling = await ruled(problem, '"""Write an x."""')
    assert (ruling.status, ruling.settled) == (Status.UNKNOWN, True)
    assert "gives nothing back" in ruling.evidence[-1].detail


async def test_where_nothing_may_run_it_says_why(tmp_path: Path) -> None:
    """Not trusted, no sandbox, no interpreter."""
    where = Workbench(None, tmp_path, None, reason="this workspace is not trusted")
    ruling = await ruled(asked(tmp_path), TRUE, where=where)
    assert (ruling.status, ruling.settled) == (Status.UNKNOWN, True)
    assert ruling.evidence[-1].detail == "this workspace is not trusted"


async def test_code_in_the_reply_is_not_taken(tmp_path: Path) -> None:
    """Only its docstring is: the examples run on the user's code."""
    reply = f'```python\ndef slugify(title):\n    {TRUE}\n    return "hacked"\n```'
    problem = asked(tmp_path)
    patch = documented(problem.request, reply)
    assert patch.text is not None
    assert "hacked" not in patch.text
    assert (await ruled(problem, reply)).status is Status.PASS


async def test_a_reply_without_documentation_fails(tmp_path: Path) -> None:
    """And says so to the model."""
    ruling = await ruled(asked(tmp_path), "I cannot do that.")
    assert (ruling.status, ruling.feedback) == (Status.FAIL, "the reply holds no docstring for slugify")


async def test_a_parameter_that_is_none_is_refused(tmp_path: Path) -> None:
    """Before anything runs; the model is told which."""
    reply = TRUE.replace("URL.\n", "URL.\n\nArgs:\n    text: The title.\n")
    ruling = await ruled(asked(tmp_path), reply)
    assert ruling.feedback == "it describes parameters that slugify does not have: text"


async def test_a_call_without_its_result_is_false(tmp_path: Path) -> None:
    """Doctest would complain of it."""
    ruling = await ruled(asked(tmp_path), TRUE.replace("\n'hello-world'", ""))
    assert ruling.status is Status.FAIL
    assert "got: 'hello-world'" in (ruling.feedback or "")


async def test_a_marker_is_no_code(tmp_path: Path) -> None:
    """The comment that asked for documentation goes with it."""
    problem = asked(tmp_path, f"# cope: document it\n{SLUG}")
    marked = replace(problem, request=replace(problem.request, marker=Span(0, 20)))
    assert (await ruled(marked, TRUE)).status is Status.PASS

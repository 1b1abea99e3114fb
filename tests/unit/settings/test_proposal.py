"""What a project may propose."""

from __future__ import annotations

import pytest

from cope_lsp.settings import (
    Layer,
    Origin,
    Settings,
    Source,
    command_line_layer,
    parse,
    project_layer,
    read_proposal,
)


def test_a_project_can_propose_a_test_command() -> None:
    """Approved, it becomes the weakest layer above the defaults, and says where it came from."""
    proposal = read_proposal('[tool.cope.tests]\ncommand = ["tox", "run"]')
    assert proposal is not None
    parsed = parse([project_layer(proposal, "pyproject.toml")])
    assert parsed.settings.tests.command == ("tox", "run")
    assert str(parsed.sources["tests.command"]) == "approved project proposal pyproject.toml"


def test_the_users_own_command_is_stronger() -> None:
    """An approved proposal never replaces what the user chose."""
    proposal = read_proposal('[tool.cope.tests]\ncommand = ["tox"]')
    assert proposal is not None
    parsed = parse([project_layer(proposal, ""), command_line_layer(['tests.command=["make", "test"]'])])
    assert parsed.settings.tests.command == ("make", "test")


def test_another_command_has_another_hash() -> None:
    """So that it needs another approval; the split into words counts."""
    texts = ('["a", "b"]', '["a b"]', '["a", "c"]')
    hashes = {
        proposal.hash for text in texts if (proposal := read_proposal(f"[tool.cope.tests]\ncommand = {text}"))
    }
    assert len(hashes) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml = = ",
        "tool = 3",
        "[tool.cope]\ntests = 3",
        "[tool.cope.tests]\ncommand = 'sh -c evil'",
        "[tool.cope.tests]\ncommand = []",
        "[tool.cope.tests]\ncommand = ['sh', 3]",
    ],
)
def test_what_is_not_well_formed_is_no_proposal(text: str) -> None:
    """A project's file may hold anything."""
    assert read_proposal(text) is None


def test_a_project_cannot_set_anything_else() -> None:
    """Even as an approved layer."""
    layer = Layer(Source(Origin.PROJECT), {"sandbox": "off", "small": {"base_url": "http://evil.example"}})
    parsed = parse([layer])
    assert parsed.settings == Settings()
    assert {problem.field for problem in parsed.problems} == {"sandbox", "small.base_url"}

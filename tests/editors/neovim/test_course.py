"""While a job runs in a real Neovim: what is shown and asked, and how it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.editors.neovim.driving import Desk, editing
from tests.protocol.driving import RIGHT, STUB, WRONG
from tests.protocol.test_question import CONFIG, HIGH, LOW
from tests.protocol.test_question import STUB as CLIP
from tests.support.model_script import Reply, Rule, always, by_rules, in_turn

if TYPE_CHECKING:
    from pathlib import Path

OURS = """return vim.tbl_filter(function(name)
    return vim.startswith(name, 'cope')
end, vim.tbl_keys(package.loaded))"""


def differing() -> Desk:
    """A model whose two draws differ where no example decides."""
    no_tests = Rule((Reply("I write no tests."),), contains="Write five tests")
    return Desk(by_rules(no_tests, Rule((Reply(LOW), Reply(HIGH)) * 9)), CONFIG, text=CLIP)


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    """Also not with a server attached; asking loads no part that decides."""
    with editing(tmp_path) as editor:
        assert editor.lua(OURS) == []
        editor.ex("Cope cancel")
        editor.ended()
        assert "cope.asking" not in editor.lua(OURS)


def test_the_status_is_one_line_from_start_to_end(tmp_path: Path) -> None:
    """Stage, draws, tests, money; then the decision; empty when nothing runs."""
    with editing(tmp_path) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        seen = editor.lua("return Seen.status")
        assert seen[0] == "Cope slugify: starting · $0.00"
        assert "Cope slugify: local · 1 of 8 drawn · 2 of 2 tests · $0.00" in seen
        status = "return require('cope.status').text()"
        assert editor.lua(status) == "Cope slugify: yours to decide (:Cope accept, :Cope discard)"
        editor.ex("Cope discard")
        editor.ended()
        assert editor.lua(status) == ""


def test_cancelling_closes_the_models_connection(tmp_path: Path) -> None:
    """The model server sees its client leave, and the user one note."""
    with editing(tmp_path, Desk(always(Reply(RIGHT, delay_s=600)))) as editor:
        editor.ex("Cope implement")
        editor.until(lambda: editor.models.chats)
        editor.ex("Cope cancel")
        assert editor.ended() == "Cope: slugify: cancelled."
        editor.until(lambda: editor.models.chats[0].closed_early)
        assert (editor.text, editor.floating) == (STUB, "")
        editor.ex("Cope cancel")
        assert editor.ended(2) == "Cope: nothing runs."


def test_the_best_so_far_is_shown_at_once(tmp_path: Path) -> None:
    """What failed its tests is shown as unverified."""
    with editing(tmp_path, Desk(in_turn(WRONG, Reply(RIGHT, delay_s=600)))) as editor:
        editor.ex("Cope implement")
        editor.until(lambda: len(editor.models.chats) == 2)
        editor.ex("Cope best")
        editor.proposed()
        assert "UNVERIFIED" in editor.floating


def test_the_question_of_the_judge_is_asked_by_a_choice(tmp_path: Path) -> None:
    """The answer counts: what gives another value is not proposed."""
    with editing(tmp_path, differing()) as editor:
        editor.lua(
            "Pick = function(_, titles) "
            "for _, title in ipairs(titles) do if title:find('→ 0$') then return title end end "
            "end return true"
        )
        editor.ex("Cope implement")
        editor.proposed()
        (choice,) = editor.lua("return Seen.choices")
        assert "candidates differ on one call" in choice["prompt"]
        assert choice["titles"][-1] == "None of them is right"
        assert "as you said" in editor.floating
        assert "+     return max(number, 0)" in editor.drawn


def test_a_question_that_is_dismissed_changes_nothing(tmp_path: Path) -> None:
    """The best candidate is shown as unverified, as without a question."""
    with editing(tmp_path, differing()) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        assert len(editor.lua("return Seen.choices")) == 1
        assert "UNVERIFIED" in editor.floating


def test_trust_is_asked_for_once_and_kept(tmp_path: Path) -> None:
    """At the first request, not before; the next one is not asked again."""
    with editing(tmp_path, Desk(trusted="")) as editor:
        assert editor.lua("return Seen.choices") == []
        editor.lua("Pick = function() return 'Trust' end return true")
        for _ in range(2):
            editor.ex("Cope implement")
            editor.proposed()
            assert "VERIFIED" in editor.floating
            editor.ex("Cope discard")
            editor.wait("require('cope.status').text() == ''")
        (choice,) = editor.lua("return Seen.choices")
        assert choice["prompt"].startswith(f"Do you trust {editor.project}? Cope then runs code and tests")


def test_without_trust_nothing_runs_and_the_proposal_says_why(tmp_path: Path) -> None:
    """No answer is no; `:Cope trust` is the way back."""
    with editing(tmp_path, Desk(trusted="")) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        assert "UNVERIFIED" in editor.floating
        editor.ex("Cope discard")
        assert "The folder is not trusted" in editor.ended()
        editor.ex("Cope trust")
        assert "is trusted" in editor.ended(2)
        editor.ex("Cope implement")
        editor.proposed()
        assert "UNVERIFIED" not in editor.floating
        assert len(editor.lua("return Seen.choices")) == 1

"""A proposal in a real Neovim: shown, decided about, overtaken by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.editors.neovim.driving import Desk, editing
from tests.protocol.driving import RIGHT, SOLVED, STUB, WRONG
from tests.support.model_script import Reply, always, in_turn

if TYPE_CHECKING:
    from pathlib import Path

PICK_THE_OFFER = """vim.lsp.buf.code_action({
    apply = true,
    filter = function(action) return action.title == 'Implement slugify' end,
}) return true"""
DELETE_THE_BODY = "vim.api.nvim_buf_set_lines(0, 8, 9, false, {}) return true"
ADD_ABOVE = "vim.api.nvim_buf_set_lines(0, 0, 0, false, {'import re', ''}) return true"


def test_an_accepted_proposal_is_one_undo_step_and_nothing_changes_before(tmp_path: Path) -> None:
    """From Neovim's own code action to the edit: text and changedtick stay until it is accepted."""
    with editing(tmp_path) as editor:
        before = editor.lua("return vim.b.changedtick")
        editor.lua(PICK_THE_OFFER)
        editor.proposed()
        assert (editor.text, editor.lua("return vim.b.changedtick")) == (STUB, before)
        assert editor.drawn == ['+     return "-".join(title.lower().split())', "-     ..."]
        assert "VERIFIED · slugify: 2 of 2 examples pass" in editor.floating
        assert ":Cope accept · :Cope discard" in editor.floating
        editor.ex("Cope accept")
        assert editor.ended().startswith("Cope: slugify: 2 of 2 examples pass")
        assert (editor.text, editor.drawn, editor.floating) == (SOLVED, [], "")
        editor.ex("undo")
        assert editor.text == STUB


def test_a_discarded_proposal_leaves_nothing(tmp_path: Path) -> None:
    """Text and screen are as before, and nothing waits."""
    with editing(tmp_path) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        editor.ex("Cope discard")
        assert editor.ended() == "Cope: slugify: discarded."
        assert (editor.text, editor.drawn, editor.floating) == (STUB, [], "")
        editor.ex("Cope discard")
        assert editor.ended(2) == "Cope: nothing waits."


def test_an_unverified_proposal_says_so_in_words(tmp_path: Path) -> None:
    """In its title, in its text and on each line that it would add; it can be accepted all the same."""
    with editing(tmp_path, Desk(always(WRONG))) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        title, first, *_ = editor.floating.splitlines()
        assert title == " Cope: NOT VERIFIED "
        assert first.startswith("UNVERIFIED: nothing has shown that this is right.")
        assert editor.drawn[0] == "?+     return title.lower()"
        editor.ex("Cope accept")
        assert "unverified candidate was applied, as you asked" in editor.ended()
        assert "return title.lower()" in editor.text


def test_a_proposal_whose_lines_are_gone_is_stale_until_they_are_back(tmp_path: Path) -> None:
    """Stale is said in words, and accepting is refused; undoing the change makes it good again."""
    with editing(tmp_path) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        editor.lua(DELETE_THE_BODY)
        editor.wait("Floating():find('STALE: the code that this was made for has changed')")
        editor.ex("Cope accept")
        assert "has changed. Discard it and ask again." in editor.ended()
        editor.ex("undo")
        editor.wait("not Floating():find('STALE')")
        editor.ex("Cope accept")
        editor.ended(2)
        assert editor.text == SOLVED


def test_what_is_typed_elsewhere_stays_and_is_undone_apart(tmp_path: Path) -> None:
    """The edit lands where its lines are now."""
    with editing(tmp_path) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        editor.lua(ADD_ABOVE)
        editor.ex("Cope accept")
        editor.ended()
        assert editor.text == f"import re\n\n{SOLVED}"
        editor.ex("undo")
        assert editor.text == f"import re\n\n{STUB}"


def test_a_newer_request_takes_the_older_proposal_off_the_screen(tmp_path: Path) -> None:
    """One proposal is left, that of the newer."""
    with editing(tmp_path, Desk(in_turn(RIGHT, RIGHT, Reply(RIGHT, delay_s=600)))) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        editor.ex("Cope! edit keep digits")
        assert editor.ended() == "Cope: slugify: superseded by a newer request."
        assert (editor.text, editor.drawn, editor.floating) == (STUB, [], "")


def test_a_server_that_dies_leaves_nothing_on_the_screen(tmp_path: Path) -> None:
    """Neither a proposal that nobody could apply nor a status that never ends."""
    with editing(tmp_path) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        editor.lua("vim.lsp.get_clients({name = 'cope'})[1]:stop(true) return true")
        editor.wait("Floating() == '' and require('cope.status').text() == ''")
        assert (editor.text, editor.drawn) == (STUB, [])


def test_the_hunks_of_a_proposal_can_be_walked_through(tmp_path: Path) -> None:
    """`:Cope next` goes to where something changes, also from another buffer."""
    with editing(tmp_path) as editor:
        editor.ex("Cope implement")
        editor.proposed()
        editor.ex("enew")
        assert editor.floating == ""
        editor.ex("Cope next")
        editor.wait("Floating() ~= ''")
        assert editor.lua("return vim.api.nvim_win_get_cursor(0)[1]") == 9


def test_keys_are_bound_only_while_a_proposal_shows(tmp_path: Path) -> None:
    """And the evidence names them."""
    with editing(tmp_path) as editor:
        editor.lua("vim.g.cope_keys = { accept = 'ga' } return true")
        mapped = "return vim.fn.maparg('ga', 'n')"
        editor.ex("Cope implement")
        editor.proposed()
        assert editor.lua(mapped) == "<Cmd>Cope accept<CR>"
        assert "ga accept · :Cope discard" in editor.floating
        editor.ex("normal ga")
        editor.ended()
        assert (editor.text, editor.lua(mapped)) == (SOLVED, "")

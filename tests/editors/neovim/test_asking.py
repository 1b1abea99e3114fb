"""What can be asked of a real Neovim's user, and what the model is then asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.editors.neovim.driving import Desk, Neovim, editing
from tests.protocol.driving import STUB
from tests.protocol.test_other_requests import DOCSTRING, DOCUMENTED, EXPLANATION, TESTS, WRITTEN
from tests.support.model_script import always

if TYPE_CHECKING:
    from pathlib import Path

REPLY = '```python\nwords = title.lower().split()\nreturn "_".join(words)\n```'


def asked(editor: Neovim) -> str:
    """All that the model was told."""
    return "\n".join(message["content"] for chat in editor.models.chats for message in chat.body["messages"])


def test_an_edit_is_asked_for_in_words_on_a_range(tmp_path: Path) -> None:
    """The model gets the words as they were typed, a bar and quotes among them."""
    with editing(tmp_path, Desk(always(REPLY), text=WRITTEN)) as editor:
        editor.ex("""2,3Cope edit join by "_" | not by '-'""")
        editor.proposed()
        assert """join by "_" | not by '-'""" in asked(editor)
        assert '?+     return "_".join(words)' in editor.drawn


def test_an_edit_without_words_asks_for_them(tmp_path: Path) -> None:
    """By `vim.ui.input`."""
    with editing(tmp_path, Desk(always(REPLY), text=WRITTEN)) as editor:
        editor.lua("vim.ui.input = function(_, on_words) on_words('join by _') end return true")
        editor.ex("Cope edit")
        editor.proposed()
        assert "join by _" in asked(editor)


def test_a_fix_takes_what_another_tool_found(tmp_path: Path) -> None:
    """Of two findings the user picks one; columns arrive where the tool meant them, behind a wide letter."""
    text = WRITTEN.replace("words =", 'words = "ä" and')
    with editing(tmp_path, Desk(always(REPLY), text=text)) as editor:
        found = [
            {"lnum": 1, "col": 18, "end_col": 23, "source": "ruff", "code": "E1", "message": "first finding"},
            {"lnum": 2, "col": 11, "source": "ruff", "message": "second finding"},
        ]
        publish = "vim.diagnostic.set(vim.api.nvim_create_namespace('ruff'), 0, vim.json.decode(...))"
        editor.lua(f"(function(...) {publish} end)([==[{json.dumps(found)}]==]) return true")
        editor.lua("Pick = function() return 'Fix slugify: first finding' end return true")
        editor.ex("Cope fix")
        editor.proposed()
        (choice,) = editor.lua("return Seen.choices")
        assert choice["titles"] == ["Fix slugify: first finding", "Fix slugify: second finding"]
        assert "first finding" in asked(editor)
        assert "second finding" not in asked(editor)


def test_what_is_not_offered_is_said(tmp_path: Path) -> None:
    """A stub cannot be explained, and nothing can be asked where there is no function or no server."""
    with editing(tmp_path, Desk(text=f"x = 1\n\n\n{STUB}")) as editor:
        editor.ex("4Cope explain")
        assert editor.ended() == "Cope: `explain` is not offered here. The cursor belongs into a function."
        editor.ex("1Cope edit more")
        assert editor.ended(2) == "Cope: there is no function here that could be edited."
        editor.ex("Cope nonsense")
        assert "there is no `:Cope nonsense`" in editor.ended(3)
        editor.ex("enew")
        editor.ex("Cope edit more")
        assert "no server is attached" in editor.ended(4)


def test_documentation_is_proposed_like_any_edit(tmp_path: Path) -> None:
    """An insertion: no line is marked as going."""
    with editing(tmp_path, Desk(always(DOCSTRING), text=WRITTEN)) as editor:
        editor.ex("Cope document")
        editor.proposed()
        assert {line[:2] for line in editor.drawn} == {"+ "}
        editor.ex("Cope accept")
        editor.ended()
        assert editor.text == DOCUMENTED


def test_tests_are_shown_on_a_page_of_their_own_until_they_are_accepted(tmp_path: Path) -> None:
    """Their file is not there before; after, it is in a window, not saved."""
    with editing(tmp_path, Desk(always(TESTS), text=WRITTEN)) as editor:
        file = editor.project / "test_slug.py"
        editor.ex("Cope tests")
        editor.proposed()
        assert editor.lua("return #vim.api.nvim_tabpage_list_wins(0)") == 3
        assert not file.exists()
        editor.ex("Cope accept")
        assert "a new file test_slug.py" in editor.ended()
        assert editor.text == WRITTEN
        assert editor.lua(f"return vim.fn.bufwinnr('{file.name}')") == 2
        written = editor.lua(f"return vim.api.nvim_buf_get_lines(vim.fn.bufnr('{file.name}'), 0, -1, false)")
        assert "def test_words_are_joined():" in written


def test_an_explanation_and_a_report_are_opened_as_pages(tmp_path: Path) -> None:
    """By what LSP has for it; the code stays."""
    with editing(tmp_path, Desk(always(EXPLANATION), text=WRITTEN)) as editor:
        editor.ex("Cope explain")
        assert "slugify: explained" in editor.ended()
        assert editor.text.startswith("# slugify, explained\n\nIt joins **words**.")
        editor.ex("buffer slug.py")
        editor.ex("Cope report")
        editor.wait("vim.bo.filetype == 'markdown' and vim.fn.expand('%:p'):find('reports')")


def test_the_bare_command_lists_what_is_offered(tmp_path: Path) -> None:
    """As titles to pick from; picking nothing does nothing."""
    with editing(tmp_path, Desk(text=WRITTEN)) as editor:
        editor.ex("Cope")
        editor.wait("#Seen.choices == 1")
        (choice,) = editor.lua("return Seen.choices")
        assert choice["titles"] == ["Write tests for slugify", "Document slugify", "Explain slugify"]
        assert editor.models.chats == []
        names = editor.lua("return vim.fn.getcompletion('Cope d', 'cmdline')")
        assert names == ["discard", "document"]

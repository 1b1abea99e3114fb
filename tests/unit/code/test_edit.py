"""Edits are minimal, stay in their place, and follow a document that moves on, or do not."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from cope_lsp.code.edit import EditRefused, completed, make_edit, rebase
from tests.unit.code.asking import ask

if TYPE_CHECKING:
    from cope_lsp.code.problem import Edit

FILE = '''"""Words — with ä."""

import os


# cope: faster
def slugify(title):
    """Make a slug."""
    words = title.split()
    return "-".join(words)


def other():
    return os
'''
REPLY = 'import re\n\ndef slugify(title):\n    words = re.findall("ö", title)\n    return "-".join(words)\n'


def applied(text: str, edit: Edit) -> str:
    """The text with the hunks put in, as an editor would."""
    data = text.encode()
    for hunk in reversed(edit.hunks):
        assert data[hunk.span.start : hunk.span.end] == hunk.old.encode()
        data = data[: hunk.span.start] + hunk.new.encode() + data[hunk.span.end :]
    return data.decode()


def edit_of(text: str = FILE, reply: str = REPLY, name: str = "slugify") -> Edit:
    """The edit that a reply makes."""
    request = ask(text, name)
    patch = completed(request, reply)
    assert patch.text is not None, patch.problem
    return make_edit(request, patch.text)


def test_hunks_are_what_changes_and_no_more() -> None:
    """The import, the comment that is done, and the characters of one line."""
    edit = edit_of()
    assert [(hunk.old, hunk.new) for hunk in edit.hunks] == [
        ("", "import re\n"),
        ("# cope: faster\n", ""),
        ("title.split(", 're.findall("ö", title'),
    ]
    assert applied(FILE, edit) == edit.new_text
    assert edit.version == 7
    assert edit.flags == ()


def test_an_edit_names_the_powers_it_adds() -> None:
    """Security, part 3.2."""
    reply = "import subprocess\ndef slugify(title):\n    return subprocess.run(title)\n"
    assert edit_of(reply=reply).flags == ("process: subprocess",)


def test_line_breaks_are_not_cut_in_two() -> None:
    """In a CRLF file, and in one that mixes them, no hunk ends between carriage return and line feed."""
    crlf = FILE.replace("\n", "\r\n")
    mixed = FILE.replace('slug."""\n', 'slug."""\r\n').replace("split()\n", "split()\r\n")
    for text in (crlf, mixed):
        edit = edit_of(text)
        assert applied(text, edit) == edit.new_text
        for hunk in edit.hunks:
            assert not hunk.old.endswith("\r")
            assert not hunk.new.endswith("\r")
    assert all("\n" not in hunk.new.replace("\r\n", "") for hunk in edit_of(crlf).hunks)


@pytest.mark.parametrize(
    "new_text",
    [
        FILE.replace("return os", "return 1"),
        FILE.replace("— with ä", ""),
        FILE + "x = 1\n",
        FILE.replace("import os\n\n", "import os\n\nx = 1\n"),
        "",
    ],
)
def test_a_text_that_changes_more_is_refused(new_text: str) -> None:
    """An edit touches only the target and its file's import block (security, part 3.1)."""
    with pytest.raises(EditRefused):
        make_edit(ask(FILE, "slugify"), new_text)


def test_a_text_that_changes_nothing_is_refused() -> None:
    """There is nothing to apply."""
    with pytest.raises(EditRefused, match="changes nothing"):
        make_edit(ask(FILE, "slugify"), FILE)


MOVED = {
    "lines above": "# new\n# lines ü\n" + FILE,
    "lines below": FILE + "\n\ndef more(): ...\n",
    "lines between imports and target": FILE.replace("\n\n# cope", "\n\nX = 'ä'\n\n\n# cope"),
    "both": "# new\n" + FILE.replace("return os", "return os.name"),
}


@pytest.mark.parametrize("now", MOVED.values(), ids=MOVED.keys())
def test_an_edit_follows_its_lines(now: str) -> None:
    """What it replaces and the lines beside that still stand: they are found at their new place."""
    edit = rebase(edit_of(), FILE.encode(), now.encode())
    assert edit is not None
    assert applied(now, edit) == edit.new_text
    assert 'words = re.findall("ö", title)' in edit.new_text
    assert "cope: faster" not in edit.new_text
    assert edit.new_text.count("import re\n") == 1


LOST = {
    "the line itself changed": FILE.replace("title.split()", "title.strip().split()"),
    "the line beside changed": FILE.replace('return "-".join(words)', "return words"),
    "the target is gone": FILE[: FILE.index("# cope")],
    "the comment is gone": FILE.replace("# cope: faster\n", ""),
    "everything is gone": "",
}


@pytest.mark.parametrize("now", LOST.values(), ids=LOST.keys())
def test_an_edit_whose_place_is_gone_is_not_forced(now: str) -> None:
    """Offer, never force."""
    assert rebase(edit_of(), FILE.encode(), now.encode()) is None


def test_random_typing_elsewhere_never_makes_an_edit_land_wrong() -> None:
    """A rebased edit does what applying it first and typing then would have done, or nothing."""
    dice = random.Random(3)  # noqa: S311 -- reproducible, not secret
    edit, lines, landed = edit_of(), FILE.splitlines(keepends=True), 0
    for _ in range(300):
        now = list(lines)
        for _ in range(dice.randint(1, 3)):
            now.insert(
                dice.randrange(len(now) + 1), dice.choice(["# typed\n", "\n", "x = 1\n", '    """ä"""\n'])
            )
        text = "".join(now)
        moved = rebase(edit, FILE.encode(), text.encode())
        if moved is not None:
            landed += 1
            assert applied(text, moved) == moved.new_text
            kept = [line for line in now if line not in ("# cope: faster\n", "    words = title.split()\n")]
            assert all(line in moved.new_text for line in kept)
            assert moved.new_text.count("re.findall") == 1
    assert landed > 50

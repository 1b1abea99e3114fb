"""`docs/protocol.md` and `cope_lsp.lsp.protocol` say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NotRequired, get_args, get_origin, get_type_hints

import pytest
from typing_extensions import is_typeddict

from cope_lsp.lsp import protocol

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
SHAPES: dict[str, Any] = {name: value for name, value in vars(protocol).items() if is_typeddict(value)}
NAMES = {
    value for value in vars(protocol).values() if isinstance(value, str) and re.match(r"cope[./]\w+$", value)
}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_shape_has_the_fields_that_the_page_gives_it(name: str) -> None:
    """By name, in the same order, and optional on both sides or on neither."""
    hints = get_type_hints(SHAPES[name], include_extras=True)
    documented = [(field, "optional" in kind) for field, kind in fields_of(name)]
    assert documented == [(field, get_origin(hint) is NotRequired) for field, hint in hints.items()]


def test_the_page_describes_no_other_shapes() -> None:
    """Every headline of a shape is one of ours."""
    assert set(re.findall(r"^### `(\w+)`", PAGE, re.MULTILINE)) == set(SHAPES)


def test_every_method_and_command_has_its_row() -> None:
    """And nothing else has one."""
    assert set(re.findall(r"^\| `(cope[./]\w+)` \|", PAGE, re.MULTILINE)) == NAMES


def test_every_ending_has_its_row() -> None:
    """The seven endings."""
    table = PAGE.partition("| ending | what happened |")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == get_args(protocol.Ending)


def test_the_page_names_the_version() -> None:
    """What is exchanged at initialize."""
    assert f"The protocol has version **{protocol.VERSION}**" in PAGE


def fields_of(shape: str) -> list[tuple[str, str]]:
    """Names and types in a shape's table."""
    section = PAGE.partition(f"### `{shape}`\n")[2]
    section = re.split(r"^##", section, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE)

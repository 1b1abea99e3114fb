"""When two records of a call are alike: as tests would tell them apart, and exactly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cope_lsp.languages.python.likeness import exactly, likeness
from cope_lsp.languages.python.runner.encoding import brief, drawn


def gave(value: object, **more: object) -> dict[str, Any]:
    """The record of a call that gave a value, as it comes out of JSON."""
    body = {"outcome": "returned", "value": brief(drawn(value)), **more}
    return json.loads(json.dumps(body))


class Plain:
    """An object that shows nothing of itself."""

    def __init__(self, size: int) -> None:
        self.size = size


ALIKE: list[tuple[object, object]] = [
    (0.1 + 0.2, 0.3),
    ([1.0, 2], [1, 2.0]),
    (0.0, 1e-17),
    ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
    ({3, 1, 2}, {1, 2, 3}),
    (Plain(3), Plain(3)),
    (iter([1, 2]), iter([1, 2])),
]
DIFFERENT: list[tuple[object, object]] = [
    (1, True),
    (1, "1"),
    ([1, 2], (1, 2)),
    ([1, 2], [2, 1]),
    (0.123456, 0.123457),
    (10**20, 10**20 + 1),
    (None, False),
    (Plain(3), Plain(4)),
    ([1, 2], iter([1, 2])),
    ("x" * 9000, "x" * 9001),
    (list(range(5000)), list(range(1, 5001))),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_a_test_cannot_tell_apart_is_alike(one: object, other: object) -> None:
    """Noise of floats, kinds of numbers, order of sets and mappings."""
    assert likeness(gave(one)) == likeness(gave(other)) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_a_test_tells_apart_is_not(one: object, other: object) -> None:
    """Also where the values are too long to send."""
    assert likeness(gave(one)) != likeness(gave(other))


def test_exactly_tells_kinds_of_numbers_apart_but_not_the_noise_of_floats() -> None:
    """For edits that must change nothing."""
    assert exactly(gave(0.1 + 0.2)) == exactly(gave(0.3))
    assert exactly(gave(2)) != exactly(gave(2.0))
    assert exactly(gave(2, printed="x\n")) != exactly(gave(2))


def test_effects_count_where_nothing_is_given_back() -> None:
    """A function that sorts in place and gives the list is like one that gives a sorted copy."""
    changed = json.loads(json.dumps(brief([[1, 2]])))
    assert likeness(gave([1, 2], changed=changed)) == likeness(gave([1, 2]))
    assert likeness(gave(None, changed=changed)) != likeness(gave(None))
    assert likeness(gave(None, printed="a\n")) != likeness(gave(None))
    owner = json.loads(json.dumps(brief({"n": 1})))
    assert likeness(gave(1, owner=owner)) != likeness(gave(1))


def test_what_is_not_the_same_every_time_says_nothing() -> None:
    """It is neither like nor unlike; where only the order varies, the members say something."""
    assert likeness(gave(0.7, unstable=True)) == ""
    assert likeness(gave(1, cheat="it changed builtins.len")) == ""
    one, other = gave(["a", "b"], unordered=True), gave(["b", "a"], unordered=True)
    assert likeness(one) == likeness(other) == "unordered ['a', 'b']"
    assert exactly(one) == exactly(other)


def test_an_exception_is_its_type() -> None:
    """Words differ between right solutions."""
    one = {"outcome": "raised", "raised": ["builtins.ValueError"], "message": "no"}
    assert likeness(one) == likeness(dict(one, message="not that")) == "raises ValueError"
    assert likeness({"outcome": "timed out"}) == "runs out of time"
    assert likeness({"outcome": "missing"}) == ""

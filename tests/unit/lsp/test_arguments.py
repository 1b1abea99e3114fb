"""What clients send is checked by shape."""

from __future__ import annotations

import pytest

from cope_lsp.cascade.errors import CopeError
from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import only_argument, shaped
from cope_lsp.lsp.boundary import BadArgumentsError, guarded

RUN = {"uri": "file:///a.py", "version": 1, "qualname": "f", "kind": "implement"}


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_nothing_has_many_spellings(nothing: object) -> None:
    """Lua's empty table is a list."""
    assert shaped(nothing, protocol.JobArguments) == {}


def test_unknown_keys_and_nulls_are_dropped() -> None:
    """A newer client may say more."""
    assert shaped({**RUN, "hash": None, "colour": "red"}, protocol.RunArguments) == RUN


WRONG: list[object] = [
    {},
    {**RUN, "version": "1"},
    {**RUN, "kind": "delete"},
    {**RUN, "findings": [{"message": 1}]},
    "text",
    3,
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_does_not_fit_is_refused_by_name(wrong: object) -> None:
    """The message names the shape, and never the value."""
    with pytest.raises(BadArgumentsError, match=r"^RunArguments: "):
        shaped(wrong, protocol.RunArguments)


def test_a_command_takes_one_argument() -> None:
    """More than that is a mistake."""
    with pytest.raises(BadArgumentsError, match="got 2"):
        only_argument([{}, {}], protocol.JobArguments)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RuntimeError("sk-secret"), -32603, "internal error"),
        (BadArgumentsError("x: wrong"), -32602, "x: wrong"),
        (CopeError("No.", fix="Do this."), -32803, "No. Do this."),
    ],
)
async def test_failures_leave_as_one_safe_sentence(error: Exception, code: int, said: str) -> None:
    """The boundary knows three kinds: bugs, bad arguments, expected failures."""

    def fails() -> None:
        raise error

    async def fails_later() -> None:
        raise error

    with pytest.raises(Exception, match=said) as caught:
        guarded(fails)()
    assert getattr(caught.value, "code", None) == code
    with pytest.raises(Exception, match=said) as caught:
        await guarded(fails_later)()
    assert "sk-secret" not in str(caught.value)

"""A target without its body: what every test that means something must fail on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target

EMPTY = b"raise NotImplementedError"


def hollow(text: bytes, target: Target) -> bytes:
    """The text with a body that only raises, on lines of its own where the body had some."""
    head, body, tail = (
        text[: target.body.start],
        text[target.body.start : target.body.end],
        text[target.body.end :],
    )
    lead = body[: len(body) - len(body.lstrip())]
    end = body[len(body.rstrip()) :]
    return head + lead + EMPTY + end + tail

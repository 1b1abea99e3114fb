"""What can go wrong on purpose.

    CopeError                     each layer derives its own from it
    └── ModelError                a call to a model gave no usable reply; the cascade goes on without it
        ├── ModelUnavailable      nothing listens, or the model is not there (`fix` names the remedy)
        │   └── ModelMissing      the server is there, the model is not: it can be pulled
        ├── ModelTimeout          silence for longer than the limit
        ├── ModelRejected         the server refused: key, quota, bad request
        ├── MalformedReply        bytes that are not the protocol, or an empty reply
        │   ├── BrokenOff         the connection ended before the reply did
        │   └── EmptyReply        the reply is complete, and there is nothing in it
        └── CallRefused           our own side refused: budget, consent, secrets, untrusted, local only

Messages are written for the person who reads them: what happened, why, what to do. They never hold a key.
"""

from __future__ import annotations


class CopeError(Exception):
    """Root of all expected failures; `fix` is one sentence or command that helps."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class ModelError(CopeError):
    """A call to a model gave no usable reply."""


class ModelUnavailable(ModelError):  # noqa: N818 -- reads as a state, like httpx's names
    """Nothing listens at the address, or the model is not there."""


class ModelMissing(ModelUnavailable):
    """The server is there and does not have the model; `fix` is the command that gets it."""


class ModelTimeout(ModelError):  # noqa: N818
    """The model stayed silent for longer than the limit."""


class ModelRejected(ModelError):  # noqa: N818
    """The server refused the call (key, quota, bad request, overload)."""


class MalformedReply(ModelError):  # noqa: N818
    """The reply was not what the protocol promises, or empty."""


class BrokenOff(MalformedReply):
    """The connection ended before the reply did; the same call may well succeed."""


class EmptyReply(MalformedReply):
    """The model ended its reply before it wrote anything; the same call gives the same."""


class CallRefused(ModelError):  # noqa: N818
    """Our own side refused the call before it left: budget, consent, secrets, trust."""

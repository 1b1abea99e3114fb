"""What cope-lsp adds to LSP: names of methods and commands, and the shapes that travel with them.

`docs/protocol.md` describes every name and field (a test compares), and the editors' clients mirror this
file. Shapes are exactly what is on the wire. `VERSION` is exchanged at initialize; it changes when a
client of the old version would misunderstand.
"""

from __future__ import annotations

from typing import Final, Literal, NotRequired

from typing_extensions import TypedDict  # pydantic refuses the standard one before Python 3.12

VERSION: Final = 1
"""Version of this protocol."""

# Requests and notifications
SOLVE: Final = "cope/solve"
PROPOSAL: Final = "cope/proposal"
QUESTION: Final = "cope/question"
STATUS: Final = "cope/status"
DID_CHANGE_TRUST: Final = "cope/didChangeTrust"

# Commands of workspace/executeCommand
RUN: Final = "cope.run"
CANCEL: Final = "cope.cancel"
SHOW_BEST: Final = "cope.showBest"
APPLY: Final = "cope.apply"
DISCARD: Final = "cope.discard"
SHOW_REPORT: Final = "cope.showReport"
SHOW_SENT: Final = "cope.showSent"
TRUST: Final = "cope.trust"
CONSENT: Final = "cope.consent"

# Kinds of code actions
KIND_REWRITE: Final = "refactor.rewrite.cope"
KIND_FIX: Final = "quickfix.cope"
KIND_READ: Final = "refactor.cope"

Ending = Literal[
    "applied", "proposed", "unverified", "shown", "superseded", "rejected", "cancelled", "failed"
]
"""How a job ends; every job ends in exactly one."""

Reach = Literal["local", "cascade", "large"]
"""How far a request may go: this machine only, the large model on failure, the large model at once."""


class ClientOptions(TypedDict, total=False):
    """What a client may send as `initializationOptions`."""

    protocolVersion: int
    trusted: bool
    previewEdits: bool
    status: bool
    questions: bool
    settings: dict[str, object]


class ServerOffer(TypedDict):
    """What the server says under `capabilities.experimental.cope` in its answer to `initialize`."""

    protocolVersion: int


class Position(TypedDict):
    """LSP's position, in the negotiated encoding."""

    line: int
    character: int


class Range(TypedDict):
    """LSP's range."""

    start: Position
    end: Position


class TextEdit(TypedDict):
    """LSP's text edit."""

    range: Range
    newText: str


class Finding(TypedDict):
    """A diagnostic that a fix is asked for."""

    range: Range
    message: str
    source: NotRequired[str]
    code: NotRequired[str]


class RunArguments(TypedDict):
    """What is asked: the one argument of `cope.run`, and the params of `cope/solve`."""

    uri: str
    version: int
    qualname: str
    kind: Literal["implement", "edit", "fix", "tests", "document", "explain"]
    hash: NotRequired[str]
    instruction: NotRequired[str]
    findings: NotRequired[list[Finding]]
    reach: NotRequired[Reach]


class RunResult(TypedDict):
    """The answer to `cope.run`, given at once."""

    job: str


class JobArguments(TypedDict):
    """The one argument of the commands that concern a job; without `job`, the latest one is meant."""

    job: NotRequired[str]


class ApplyArguments(TypedDict):
    """The one argument of `cope.apply`; `withAnswer` adds the user's answer as an example."""

    job: NotRequired[str]
    withAnswer: NotRequired[bool]


class Done(TypedDict):
    """The answer of a command: whether there was something to do it to."""

    done: bool


class Outcome(TypedDict):
    """How a job ended: the answer to `cope/solve`."""

    job: str
    ending: Ending
    message: str
    stage: str
    confidence: float
    costUsd: float | None
    seconds: float
    report: NotRequired[str]
    page: NotRequired[str]


class Status(TypedDict):
    """Params of `cope/status`: where a job stands. `ending` comes with its last one."""

    job: str
    uri: str
    qualname: str
    stage: str
    drawn: int
    samples: int
    passed: int
    total: int
    costUsd: float | None
    detail: str
    message: NotRequired[str]
    ending: NotRequired[Ending]


class Proposal(TypedDict):
    """Params of `cope/proposal`, a request to clients with `previewEdits`: an edit and why to trust it."""

    job: str
    uri: str
    version: int | None
    qualname: str
    edits: list[TextEdit]
    newText: str
    verified: bool
    message: str
    confidence: float
    flags: list[str]
    report: NotRequired[str]


class ProposalAnswer(TypedDict):
    """The answer to `cope/proposal`: `accept` has the server apply the edit."""

    answer: Literal["accept", "reject"]


class Question(TypedDict):
    """Params of `cope/question`, a request to clients with `questions`: what must this call give?"""

    job: str
    uri: str
    qualname: str
    call: str
    answers: list[str]
    message: str


class QuestionAnswer(TypedDict):
    """The answer to `cope/question`: one of its `answers`, empty for none of them; left out: no answer."""

    answer: NotRequired[str]


class TrustArguments(TypedDict):
    """The one argument of `cope.trust`: the workspace folder to trust; without it, all of them."""

    uri: NotRequired[str]


class ConsentArguments(TypedDict):
    """The one argument of `cope.consent`: what the user decided about calls to a model at a price."""

    host: str
    model: str
    price: str
    answer: Literal["always", "never"]


class TrustChange(TypedDict):
    """Params of `cope/didChangeTrust`; without `uri`, all workspace folders are meant."""

    trusted: bool
    uri: NotRequired[str]

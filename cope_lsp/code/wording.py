"""What is said to a model of each kind of request: who it is, what is asked, how it must answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Kind
from cope_lsp.code.problem import RequestKind

if TYPE_CHECKING:
    from cope_lsp.code.problem import Request


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences for one kind of request, with `{name}`, `{language}` and `{tag}` to be filled in.

    `reply` is empty where the language says how to answer. `tests` opens the tests that reach the
    target. `most_tokens` bounds a reply whose length the code does not tell; 0: it does.
    """

    asked: str
    reply: str
    system: str
    tests: str
    kind: Kind = Kind.CODE
    most_tokens: int = 0


def wording_of(request: Request) -> Wording:
    """The wording for a request, filled in."""
    wording = _WORDINGS[request.kind]
    if request.kind is RequestKind.IMPLEMENT and request.target.docstring is not None:
        wording = replace(wording, reply=_WHOLE_BUT_DOCSTRING)
    return filled(wording, request)


def filled(wording: Wording, request: Request) -> Wording:
    """The wording with the request's names in it."""

    def fill(text: str) -> str:
        language = request.language
        name = request.target.qualname if text is wording.asked else request.target.name
        return text.format(name=name, language=language.name, tag=language.id)

    return Wording(
        fill(wording.asked),
        fill(wording.reply),
        fill(wording.system),
        wording.tests,
        wording.kind,
        wording.most_tokens,
    )


_EXPERT = "You are an expert {language} programmer."
_SOLVE = f"{_EXPERT} Solve the following coding problem efficiently and clearly."
_READ = f"{_EXPERT} Read the following code closely, and say only what is true of it as it stands."
_IN_ONE_BLOCK = "in one ```{tag} block, with the imports it needs above it, and nothing else."
_WHOLE = f"Reply with the complete function `{{name}}` {_IN_ONE_BLOCK}"
_WHOLE_BUT_DOCSTRING = f"Reply with the complete function `{{name}}`, without its docstring, {_IN_ONE_BLOCK}"
"""The file keeps its docstring; models that repeat it spend two tokens of three on that."""

_MUST_PASS = "These tests must pass:"  # noqa: S105 -- a sentence, no password
_ITS_TESTS = "Tests that call it:"

_WORDINGS = {
    RequestKind.IMPLEMENT: Wording("Complete the {language} function `{name}`.", _WHOLE, _SOLVE, _MUST_PASS),
    RequestKind.EDIT: Wording("Rewrite the {language} function `{name}`.", _WHOLE, _SOLVE, _MUST_PASS),
    RequestKind.FIX: Wording("Fix the {language} function `{name}`.", _WHOLE, _SOLVE, _MUST_PASS),
    RequestKind.TESTS: Wording(
        "Write tests for the {language} function `{name}`, for what it does as it stands.",
        "Reply with the tests in one ```{tag} block, with the imports they need, and nothing else. Write "
        "four to eight short tests; each checks one thing: usual cases, the edges (empty, zero, one, "
        "negative, very long), and the errors it raises. Do not repeat `{name}` itself.",
        _READ,
        _ITS_TESTS,
        most_tokens=1024,
    ),
    RequestKind.DOCUMENT: Wording(
        "Document the {language} function `{name}`.", "", _READ, _ITS_TESTS, most_tokens=512
    ),
    RequestKind.EXPLAIN: Wording(
        "Explain the {language} function `{name}`.",
        "Reply in Markdown, in at most 200 words, without repeating the code: first one sentence that says "
        "what `{name}` is for, then how it works, step by step, then what one must know to call or change "
        "it (edge cases, side effects, costs).",
        _READ,
        _ITS_TESTS,
        Kind.TEXT,
        most_tokens=640,
    ),
}

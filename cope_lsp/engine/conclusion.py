"""What came of a cascade becomes what a front end shows: an edit, one line, a report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cope_lsp.cascade.outcome import End
from cope_lsp.cascade.problem import Status
from cope_lsp.code.documenting import documented
from cope_lsp.code.edit import EditRefused, completed, make_edit
from cope_lsp.code.formatting import formatted, formatted_whole, formatter_of
from cope_lsp.code.problem import RequestKind
from cope_lsp.code.test_files import suite_of, test_file, tests_edit
from cope_lsp.engine.front import WHERE, Ending, Solved, money
from cope_lsp.engine.report import fence, render_report

if TYPE_CHECKING:
    from cope_lsp.cascade.outcome import Result
    from cope_lsp.cascade.problem import Candidate, Evidence, Ruling
    from cope_lsp.code.problem import CodeProblem, Edit
    from cope_lsp.engine.bench import Surveyed


_MORE_TIME = "(ask again, which is quicker now, or set a longer deadline_s)"
"""What helps on a slow machine: a model server still knows the prompt that it has read."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One request's cascade, done: what was asked, on which bench, what came of it, in how many seconds."""

    problem: CodeProblem
    surveyed: Surveyed
    result: Result
    seconds: float


async def conclude(tried: Tried, ask_large_usd: float | None) -> Solved:
    """The edit of the best candidate (of an explanation: its text), how far it is to be trusted, and why."""
    if tried.problem.request.kind is RequestKind.EXPLAIN:
        return _explained(tried, ask_large_usd)
    result, best = tried.result, tried.result.best
    edit, problem = await edited(tried.problem, tried.surveyed, best) if best else (None, "")
    ending = _ending(result, edit)
    message = f"{tried.problem.request.target.name}: {_said(tried, ending, problem)}{_where(tried, edit)}"
    leading = result.leading
    ruling = leading.ruling if leading else None
    return Solved(
        ending=ending,
        message=message,
        edit=edit,
        confidence=ruling.confidence if ruling and ending is Ending.ACCEPTED else 0.0,
        stage=leading.stage if leading else "",
        usage=result.usage,
        report=render_report(tried.problem, result, message) + _elsewhere(edit),
        ask_large_usd=None if ending is Ending.ACCEPTED else ask_large_usd,
        evidence_files=_read_by_tests(tried.problem),
        candidate=best if edit else None,
    )


def _elsewhere(edit: Edit | None) -> str:
    """What an edit adds to another file, for those whose editor cannot put it there."""
    if edit is None or edit.made_for is None:
        return ""
    added = "\n".join(hunk.new.strip("\n") for hunk in edit.hunks if hunk.new.strip())
    return f"\n## What goes into {edit.uri.rpartition('/')[2]}\n\n{fence(added)}\n"


def _explained(tried: Tried, ask_large_usd: float | None) -> Solved:
    """The best explanation; it is shown however sure its model was, and that is said."""
    result, best = tried.result, tried.result.best
    ending = Ending.ACCEPTED if result.end is End.ACCEPTED else Ending.UNVERIFIED
    if best is None or not best.text.strip():
        ending = Ending.FAILED if result.failure else Ending.NOTHING
    leading = result.leading
    message = f"{tried.problem.request.target.name}: {_said_of_text(tried, ending)}"
    ruling = leading.ruling if leading else None
    return Solved(
        ending=ending,
        message=message,
        confidence=ruling.confidence if ruling and ending is Ending.ACCEPTED else 0.0,
        stage=leading.stage if leading else "",
        usage=result.usage,
        report=render_report(tried.problem, result, message),
        ask_large_usd=None if ending is Ending.ACCEPTED else ask_large_usd,
        text=best.text.strip() if best else "",
    )


def _said_of_text(tried: Tried, ending: Ending) -> str:
    result, leading = tried.result, tried.result.leading
    if leading is None or ending in {Ending.FAILED, Ending.NOTHING}:
        return str(result.failure) if result.failure else _nothing(tried)
    where = WHERE.get(leading.stage, leading.stage)
    known = leading.ruling.evidence if leading.ruling else ()
    own = next((piece.detail for piece in known if piece.candidate == leading.best), "it was not ruled on")
    told = f"{own} · {where} · {_spent(tried)}"
    return f"explained · {told}" if ending is Ending.ACCEPTED else f"explained, but read it with care: {told}"


def _nothing(tried: Tried) -> str:
    return f"nothing came back in time {_MORE_TIME}. {_spent(tried)}"


def _read_by_tests(asked: CodeProblem) -> tuple[str, ...]:
    """The files that the evidence came from: those of the tests, and each `conftest.py` above them."""
    files = dict.fromkeys(test.path for test in asked.tests)
    folders = dict.fromkeys(parent for path in files for parent in PurePosixPath(path).parents)
    root = asked.request.snapshot.root
    near = [str(folder / name) for folder in folders for name in asked.request.language.test_setup]
    return (*files, *(path for path in near if root is not None and (root / path).is_file()))


async def edited(asked: CodeProblem, survey: Surveyed, candidate: Candidate) -> tuple[Edit | None, str]:
    """The candidate as a minimal edit in the project's own style; or why it is none."""
    request = asked.request
    if request.kind is RequestKind.TESTS:
        return await _with_tests(asked, survey, candidate)
    is_code = request.kind is not RequestKind.DOCUMENT
    patch = completed(request, candidate.text) if is_code else documented(request, candidate.text)
    if patch.text is None:
        return None, patch.problem
    formatter = formatter_of(request, survey.readable) if is_code else None
    text = patch.text if formatter is None else await formatted(request, patch.text, formatter, survey.bench)
    try:
        edit = make_edit(request, text)
    except EditRefused as error:
        return None, str(error)
    return _noted(edit, survey), ""


async def _with_tests(asked: CodeProblem, survey: Surveyed, candidate: Candidate) -> tuple[Edit | None, str]:
    """The candidate's tests as an edit of the file that tests of the target stand in; or why it is none."""
    environment = survey.bench.environment
    try:
        suite = suite_of(asked, candidate.text, environment.runner if environment else "pytest")
        formatter = formatter_of(asked.request, survey.readable)
        if formatter is not None:
            path = test_file(asked).path
            suite = await formatted_whole(asked.request, path, suite, formatter, survey.bench)
        edit = tests_edit(asked, suite)
    except EditRefused as error:
        return None, str(error)
    return _noted(edit, survey), ""


def _noted(edit: Edit, survey: Surveyed) -> Edit:
    note = survey.bench.note
    return replace(edit, flags=(*edit.flags, note)) if note else edit


def evidence_line(ruling: Ruling, candidate: Candidate) -> str:
    """The evidence on a candidate in a few words: `4 of 4 tests pass · 2 of 2 samples agree`."""
    found = [piece for piece in ruling.evidence if piece.candidate == candidate]
    words = [_words(piece) for piece in found]
    agreeing = [f"{len(ruling.group)} samples agree"] if len(ruling.group) > 1 else []
    return " · ".join([*(word for word in words if word), *agreeing])


def _words(piece: Evidence) -> str:
    if piece.status is Status.UNKNOWN or piece.source in {"syntax", "contract"}:
        return ""
    if piece.source == "diagnosis":
        return "the finding is gone" if piece.status is Status.PASS else "the finding is still there"
    if piece.source == "answer":
        return "as you said" if piece.status is Status.PASS else "not as you said"
    if piece.source == "behaviour":
        return f"unchanged on {piece.passed} of {piece.total} generated inputs"
    if piece.source == "mutants":
        return f"{piece.passed} of {piece.total} mutants killed"
    return f"{piece.passed} of {piece.total} {piece.source} pass"


def _ending(result: Result, edit: Edit | None) -> Ending:
    if edit is not None:
        return Ending.ACCEPTED if result.end is End.ACCEPTED else Ending.UNVERIFIED
    return Ending.FAILED if result.failure else Ending.NOTHING


def _said(tried: Tried, ending: Ending, problem: str) -> str:
    result = tried.result
    leading = result.leading
    if leading is None or leading.best is None:
        return str(result.failure) if result.failure else _nothing(tried)
    found = evidence_line(leading.ruling, leading.best) if leading.ruling else ""
    where = WHERE.get(leading.stage, leading.stage)
    if ending is Ending.ACCEPTED:
        return f"{found} · {where} · {_spent(tried)}"
    if ending is Ending.UNVERIFIED:
        return f"not verified: {_why(result, found)} · {where} · {_spent(tried)}. Nothing was changed."
    return f"no usable reply ({problem or 'empty'}) · {_spent(tried)}. Nothing was changed."


def _where(tried: Tried, edit: Edit | None) -> str:
    """The file that an edit is of, where it is another than the request's."""
    root = tried.problem.request.snapshot.root
    if edit is None or edit.made_for is None or root is None:
        return ""
    path = edit.uri.removeprefix(f"{root.as_uri()}/")
    return f" · {'a new file ' if edit.creates else ''}{unquote(path)}"


def _why(result: Result, found: str) -> str:
    """Why the best candidate was not accepted."""
    leading = result.leading
    ruling = leading.ruling if leading else None
    if ruling is None:
        return "it was not checked"
    if ruling.status is Status.FAIL:
        drawn = sum(len(outcome.candidates) for outcome in result.outcomes)
        none = "the only candidate fails" if drawn == 1 else f"none of {drawn} candidates passes"
        return f"{none}; {f'the best: {found}' if found else 'the report says why'}"
    if ruling.status is Status.UNKNOWN:
        return _unknown(ruling)
    ends = {End.DEADLINE: f"time ran out {_MORE_TIME}", End.STOPPED: "you asked for the best so far"}
    return f"{found}, but {ends.get(result.end, 'that is too little to be sure')}"


def _unknown(ruling: Ruling) -> str:
    details = (piece.detail for piece in ruling.evidence if piece.status is Status.UNKNOWN and piece.detail)
    return (
        next(details, "there is nothing to run: no example and no test reaches it").split("\n")[0].rstrip(".")
    )


def _spent(tried: Tried) -> str:
    return f"{money(tried.result.usage.cost_usd)} · {tried.seconds:.1f} s"

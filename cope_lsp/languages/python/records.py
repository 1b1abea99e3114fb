"""From a run's signed records to verdicts; the comparison of values happens here, outside the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from cope_lsp.languages.python import values
from cope_lsp.languages.python.likeness import exactly, likeness, traced
from cope_lsp.languages.python.runner.channel import reader
from cope_lsp.languages.running import Outcome, Verdict

if TYPE_CHECKING:
    from cope_lsp.languages.running import Example, TestCase, Work

Body: TypeAlias = dict[str, Any]

DETAIL = 2000
SHOWN = 300
NO_RECORD = "no authentic result came back"


def read(work: Work, records: bytes, nonce: str) -> tuple[Verdict, ...]:
    """One verdict for each case that was asked for; records after the first forged line are ignored."""
    bodies = _authentic(records, nonce)
    cases = {body["id"]: body for body in bodies if body["kind"] == "case"}
    broken = {body["group"]: body for body in bodies if body["kind"] == "broken"}
    files = {body["file"]: body for body in bodies if body["kind"] == "collected"}
    tampered = [body["path"] for body in bodies if body["kind"] == "tampered"]
    if tampered:
        return _all_cheated(work, f"it changed the file {tampered[0]}")
    tests_broken = broken.get("pytest") or broken.get("unittest")
    examples = (
        _example_verdict(f"example:{n}", example, cases, broken.get("examples"))
        for n, example in enumerate(work.examples)
    )
    tests = (_test_verdict(case, cases, files, tests_broken) for case in work.tests)
    calls = (_call_verdict(f"call:{n}", cases, broken.get("calls")) for n in range(len(work.calls)))
    assertions = (
        _example_verdict(f"assertion:{n}", example, cases, broken.get("assertions"))
        for n, example in enumerate(work.assertions)
    )
    return (*examples, *tests, *calls, *assertions)


def _all_cheated(work: Work, why: str) -> tuple[Verdict, ...]:
    examples = [f"example:{number}" for number in range(len(work.examples))]
    calls = [f"call:{number}" for number in range(len(work.calls))]
    assertions = [f"assertion:{number}" for number in range(len(work.assertions))]
    ids = [*examples, *(case.id for case in work.tests), *calls, *assertions]
    return tuple(Verdict(id_, Outcome.CHEATED, ran_target=True, detail=_line(why)) for id_ in ids)


def _authentic(records: bytes, nonce: str) -> list[Body]:
    receive = reader(bytes.fromhex(nonce))
    bodies: list[Body] = []
    for line in records.splitlines():
        body = receive(line)
        if body is None:
            break
        bodies.append(body)
    return bodies


def _example_verdict(id_: str, example: Example, cases: dict[str, Body], broken: Body | None) -> Verdict:
    body = cases.get(id_)
    if body is None:
        return _absent(id_, broken)
    ran = bool(body.get("ran"))
    if body.get("cheat"):
        return Verdict(id_, Outcome.CHEATED, ran, detail=_line(body["cheat"]))
    if body["outcome"] not in ("returned", "raised"):
        return Verdict(id_, Outcome(body["outcome"]), ran, detail=_bounded(body.get("detail", "")))
    right, got = _judged(example, body)
    if right:
        return Verdict(id_, Outcome.PASSED, ran, detail=got)
    detail = f"{example.call.strip()}\nexpected: {_wanted(example)}\ngot: {got}"
    brief = f"{example.call.strip()}\nexpected: {_wanted(example)}\ngot: {_got_briefly(body)}"
    return Verdict(
        id_, Outcome.FAILED, ran, value=_error(body), detail=_bounded(detail), brief=_bounded(brief)
    )


def _got_briefly(body: Body) -> str:
    """What came, without any words of the program's: a plain value, or the type of what was raised."""
    if body["outcome"] == "raised":
        return _error(body)
    try:
        return repr(values.decode(body["value"]))[:SHOWN]
    except values.Opaque:
        return "a value of another kind"


def _wanted(example: Example) -> str:
    return (
        f"{example.raises}: {example.expected}".rstrip(": ") if example.raises else example.expected.strip()
    )


def _judged(example: Example, body: Body) -> tuple[bool, str]:
    """Whether the example holds, and what came instead of (or as) its value."""
    if body["outcome"] == "raised":
        got = f"{_error(body)}: {body['message']}".rstrip(": ")
        return bool(example.raises) and _raises(example, body), _bounded(f"{got}\n{body['detail']}")
    if example.raises:
        return False, f"no exception, {_shown(body)}"
    if example.form == "doctest":
        return _doctest(example, body), _printed(body).rstrip("\n")[:SHOWN] or "nothing"
    return _same(example, body), _shown(body)


def _raises(example: Example, body: Body) -> bool:
    wanted = example.raises.rpartition(".")[2]
    names = [name.rpartition(".")[2] for name in body["raised"]]
    exact = "IGNORE_EXCEPTION_DETAIL" in example.options or not example.expected.strip()
    if example.form != "doctest":
        return wanted in names
    if wanted != names[0]:
        return False
    return exact or values.printed_alike(example.expected, body["message"] + "\n", example.options)


def _doctest(example: Example, body: Body) -> bool:
    got = _printed(body)
    if values.printed_alike(example.expected, got, example.options):
        return True
    if body["printed"]:
        return False
    try:
        return values.identical(values.decode(body["value"]), values.literal(example.expected))
    except values.Opaque:
        return False


def _same(example: Example, body: Body) -> bool:
    try:
        value = values.decode(body["value"])
        try:
            wanted = values.literal(example.expected)
        except values.Opaque:
            wanted = values.decode(body["wanted"])
    except values.Opaque:
        return body.get("same") is True and body["value"][:2] == body["wanted"][:2]
    return values.equal(value, wanted)


def _printed(body: Body) -> str:
    shown = _shown(body)
    is_none = body["value"] == ["None"]
    return f"{body['printed']}{'' if is_none else shown + chr(10)}"


def _shown(body: Body) -> str:
    """The printed form, made here where the value is plain data."""
    try:
        return repr(values.decode(body["value"]))
    except values.Opaque:
        kind, name, *rest = body["value"]
        return str(body.get("shown") or (rest[0] if kind == "other" and rest[0] else f"a {kind} {name}"))


def _error(body: Body) -> str:
    raised = body.get("raised") or [body.get("error", "")]
    return str(raised[0]).removeprefix("builtins.")


def _test_verdict(
    case: TestCase, cases: dict[str, Body], files: dict[str, Body], broken: Body | None
) -> Verdict:
    """The verdict of a test, over all its parameters: it passed if each of them did."""
    parts = [body for id_, body in cases.items() if id_ == case.id or id_.startswith(case.id + "[")]
    if not parts:
        collected = files.get(case.path)
        return _absent(case.id, collected or broken)
    ran = all(bool(part.get("ran")) for part in parts)
    trace = traced([body for part in parts for body in part.get("trace", ())])
    for part in parts:
        if part.get("cheat"):
            return Verdict(case.id, Outcome.CHEATED, ran, detail=_line(part["cheat"]))
    for part in parts:
        if part["outcome"] != Outcome.PASSED:
            any_ran = any(bool(part.get("ran")) for part in parts)
            detail = _bounded(part.get("detail", ""))
            error = _error(part)
            brief = f"{case.id}: {error or part['outcome']}"
            return Verdict(case.id, Outcome(part["outcome"]), any_ran, error, detail, brief, trace)
    if broken is not None:
        return Verdict(case.id, Outcome(broken["outcome"]), ran, detail=_bounded(broken["detail"]))
    return Verdict(case.id, Outcome.PASSED, ran, likeness=trace)


def _call_verdict(id_: str, cases: dict[str, Body], broken: Body | None) -> Verdict:
    body = cases.get(id_)
    if body is None:
        return _absent(id_, broken)
    ran = bool(body.get("ran"))
    if body.get("cheat"):
        return Verdict(id_, Outcome.CHEATED, ran, detail=_line(body["cheat"]))
    if body["outcome"] not in ("returned", "raised"):
        return Verdict(
            id_,
            Outcome(body["outcome"]),
            ran,
            value=body["outcome"],
            detail=_bounded(body.get("detail", "")),
            likeness=likeness(body),
        )
    told = f"raises {_error(body)}" if body["outcome"] == "raised" else _shown(body)
    return Verdict(
        id_,
        Outcome.PASSED,
        ran,
        value=exactly(body),
        detail=_bounded(told),
        likeness=likeness(body),
    )


def _absent(id_: str, why: Body | None) -> Verdict:
    if why is None:
        return Verdict(id_, Outcome.MISSING, detail=NO_RECORD)
    if why.get("cheat"):
        return Verdict(id_, Outcome.CHEATED, bool(why.get("ran")), detail=_line(why["cheat"]))
    return Verdict(id_, Outcome(why["outcome"]), bool(why.get("ran")), detail=_bounded(why["detail"]))


def _bounded(text: str) -> str:
    return text if len(text) <= DETAIL else f"{text[: DETAIL // 2]}\n…\n{text[-DETAIL // 2 :]}"


def _line(text: str) -> str:
    return " ".join(text.split())[:SHOWN]

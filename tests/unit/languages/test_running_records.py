"""What a run's records become: only signed ones count, and values are compared here, exact to the type."""

from __future__ import annotations

import json
import tempfile
from typing import Any

import pytest

from cope_lsp.languages.python.runner.channel import writer
from cope_lsp.languages.python.runner.encoding import encode, shown
from cope_lsp.languages.python.running import PYTHON_RUNNING
from cope_lsp.languages.running import Example, Outcome, TestCase, Work

KEY = "ab" * 32
TEST = TestCase("test_a.py::test_one", "test_a.py", "pytest")


def records(*bodies: dict[str, Any], key: str = KEY) -> bytes:
    """Signed records of a run."""
    with tempfile.TemporaryFile() as file:
        send = writer(file.fileno(), bytes.fromhex(key))
        for body in bodies:
            send(body)
        file.seek(0)
        return file.read()


def outcomes(work: Work, written: bytes) -> list[Outcome]:
    """The verdicts' outcomes."""
    return [verdict.outcome for verdict in PYTHON_RUNNING.verdicts(work, written, KEY)]


def work(*examples: Example, tests: tuple[TestCase, ...] = ()) -> Work:
    """Work with these cases."""
    return Work("a.py", "f", (1, 2), examples, tests)


def gave(value: object, printed: str = "") -> dict[str, Any]:
    """The record of an example that gave a value, as it comes out of JSON."""
    body = {"outcome": "returned", "value": encode(value), "shown": shown(value), "printed": printed}
    return {"kind": "case", "id": "example:0", "ran": True, **json.loads(json.dumps(body))}


def test_a_record_signed_with_another_key_is_no_record() -> None:
    """Who does not know the run's secret cannot make a test pass."""
    passed = {"kind": "case", "id": TEST.id, "outcome": "passed", "ran": True}
    assert outcomes(work(tests=(TEST,)), records(passed)) == [Outcome.PASSED]
    assert outcomes(work(tests=(TEST,)), records(passed, key="cd" * 32)) == [Outcome.MISSING]


def test_a_record_that_is_repeated_or_moved_is_no_record() -> None:
    """Each signature covers all records before it: replay, loss and reordering end the reading."""
    failed = {"kind": "case", "id": TEST.id, "outcome": "failed", "ran": True}
    other = {"kind": "case", "id": "test_a.py::other", "outcome": "passed", "ran": True}
    first, second = records(other, failed).splitlines(keepends=True)
    assert outcomes(work(tests=(TEST,)), first + second) == [Outcome.FAILED]
    assert outcomes(work(tests=(TEST,)), second + first) == [Outcome.MISSING]
    assert outcomes(work(tests=(TEST,)), first + first + second) == [Outcome.MISSING]


@pytest.mark.parametrize("garbage", [b"\xff\xfe\n", b"[]\n", b'{"body": 1, "mark": 2}\n', b"{\n", b"null\n"])
def test_garbage_ends_the_reading(garbage: bytes) -> None:
    """Bytes that are no record are never an error, and nothing after them counts."""
    passed = {"kind": "case", "id": TEST.id, "outcome": "passed", "ran": True}
    assert outcomes(work(tests=(TEST,)), garbage + records(passed)) == [Outcome.MISSING]


def test_a_parametrised_test_passes_only_as_a_whole() -> None:
    """One failing parameter fails the test; no parameter at all is no record."""
    one = {"kind": "case", "id": f"{TEST.id}[1]", "outcome": "passed", "ran": True}
    two = {"kind": "case", "id": f"{TEST.id}[2]", "outcome": "failed", "ran": True, "detail": "assert 1 == 2"}
    assert outcomes(work(tests=(TEST,)), records(one)) == [Outcome.PASSED]
    assert outcomes(work(tests=(TEST,)), records(one, two)) == [Outcome.FAILED]
    assert outcomes(work(tests=(TEST,)), records()) == [Outcome.MISSING]


def test_a_run_that_changed_files_is_no_proof() -> None:
    """Whatever the other records say."""
    passed = {"kind": "case", "id": TEST.id, "outcome": "passed", "ran": True}
    tampered = {"kind": "tampered", "path": "tests/test_a.py"}
    assert outcomes(work(tests=(TEST,)), records(passed, tampered)) == [Outcome.CHEATED]


RIGHT: list[tuple[str, str, object, str]] = [
    ("doctest", "4", 4, ""),
    ("doctest", "'a'", "a", ""),
    ("doctest", '"a"', "a", ""),
    ("doctest", "{'b', 'a'}", {"a", "b"}, ""),
    ("doctest", "hello", None, "hello\n"),
    ("doctest", "", None, ""),
    ("doctest", "{1: [2.0, (3,)]}", {1: [2.0, (3,)]}, ""),
    ("==", "2", 2.0, ""),
    ("==", "[1, 2]", [1, 2], ""),
    ("->", "True", True, ""),
    ("->", "{1, 2}", {2, 1}, ""),
]
WRONG: list[tuple[str, str, object, str]] = [
    ("doctest", "4", 5, ""),
    ("doctest", "4", 4.0, ""),
    ("doctest", "True", 1, ""),
    ("doctest", "4", 4, "debug\n"),
    ("doctest", "hello", None, ""),
    ("==", "[1, 2]", (1, 2), ""),
    ("->", "True", 1, ""),
    ("->", "[0, 1]", [False, True], ""),
    ("->", "'4'", 4, ""),
]


@pytest.mark.parametrize(("form", "expected", "value", "printed"), RIGHT)
def test_a_right_value_passes(form: str, expected: str, value: object, printed: str) -> None:
    """As printed for doctest, as equal for the other forms."""
    example = Example("f()", expected, form=form)
    assert outcomes(work(example), records(gave(value, printed))) == [Outcome.PASSED]


@pytest.mark.parametrize(("form", "expected", "value", "printed"), WRONG)
def test_a_wrong_value_fails(form: str, expected: str, value: object, printed: str) -> None:
    """A number is no truth value, a tuple no list; in doctest a float is no int."""
    example = Example("f()", expected, form=form)
    assert outcomes(work(example), records(gave(value, printed))) == [Outcome.FAILED]


class Sly(int):
    """An int that equals everything."""

    def __eq__(self, other: object) -> bool:
        """Yes."""
        return True

    __hash__ = int.__hash__


def test_a_subclass_is_never_the_value_it_pretends_to_be() -> None:
    """Only exact built-in types become values; the rest is known by type and printed form."""
    body = {**gave(Sly(7)), "wanted": ["int", "0x4"], "same": False}
    assert outcomes(work(Example("f()", "4", form="==")), records(body)) == [Outcome.FAILED]


def test_doctest_options_hold() -> None:
    """ELLIPSIS and NORMALIZE_WHITESPACE mean what they mean in doctest."""
    dots = Example("f()", "[0, ..., 9]", options=("ELLIPSIS",))
    spaces = Example("f()", "[0,   1]", options=("NORMALIZE_WHITESPACE",))
    assert outcomes(work(dots), records(gave(list(range(10))))) == [Outcome.PASSED]
    assert outcomes(work(spaces), records(gave([0, 1]))) == [Outcome.PASSED]


def test_an_expected_exception_is_met_by_its_type_and_message() -> None:
    """Another type or another message fails; so does returning."""
    example = Example("f()", "no", raises="ValueError")
    raised = {
        "kind": "case",
        "id": "example:0",
        "outcome": "raised",
        "raised": ["builtins.ValueError"],
        "ran": True,
    }
    assert outcomes(work(example), records({**raised, "message": "no", "detail": ""})) == [Outcome.PASSED]
    assert outcomes(work(example), records({**raised, "message": "yes", "detail": ""})) == [Outcome.FAILED]
    other = {**raised, "raised": ["builtins.KeyError"], "message": "no", "detail": ""}
    assert outcomes(work(example), records(other)) == [Outcome.FAILED]
    assert outcomes(work(example), records(gave(None))) == [Outcome.FAILED]

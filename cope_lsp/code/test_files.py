"""Where tests of a request's target stand, and the edit that puts new ones there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.code.context import own_path
from cope_lsp.code.edit import EditRefused, changes
from cope_lsp.code.problem import Edit
from cope_lsp.languages.testing import Tested
from cope_lsp.workspace.snapshot import snapshot_file

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.problem import CodeProblem, Request
    from cope_lsp.languages.testing import Testing

_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class TestFile:
    """A test file by its path relative to the root, with its text; None: it is not there yet."""

    __test__ = False

    path: str
    text: str | None


def testing_of(request: Request) -> Testing:
    """How the request's language writes tests. Raises: EditRefused where none can stand."""
    testing = request.language.testing
    if testing is None:
        raise EditRefused(
            f"Tests of {request.language.name} cannot be written yet.", fix="Ask for something else."
        )
    if request.snapshot.root is None:
        raise EditRefused(
            "This document belongs to no project, so its tests have no place.",
            fix="Save it in a folder first.",
        )
    return testing


def test_file(asked: CodeProblem) -> TestFile:
    """The file that tests of the target go to. Raises: EditRefused."""
    request = asked.request
    path = testing_of(request).place(own_path(request), asked.tests, lambda each: _is_there(request, each))
    return TestFile(path, snapshot_file(request.snapshot, path))


def suite_of(asked: CodeProblem, reply: str, runner: str) -> str:
    """The suite in a reply, for the project's test runner. Raises: EditRefused."""
    request, file = asked.request, test_file(asked)
    source = request.language.syntax.parse(request.document.text.encode())
    tested = Tested(own_path(request), source, request.target, runner, file.text or "")
    patch = testing_of(request).suite(reply, tested)
    if patch.text is None:
        raise EditRefused(f"{patch.problem[:1].upper()}{patch.problem[1:]}.")
    return patch.text


def joined(asked: CodeProblem, suite: str) -> tuple[TestFile, str]:
    """The file that a suite goes to, and its text with the suite in it. Raises: EditRefused."""
    request, file = asked.request, test_file(asked)
    if file.text is None and _is_there(request, file.path):
        file = _beside(request, file)
    merged = testing_of(request).merged(file.text or "", suite)
    return (_beside(request, file), suite) if merged.text is None else (file, merged.text)


def tests_edit(asked: CodeProblem, suite: str) -> Edit:
    """The edit that adds a suite to the project. Raises: EditRefused."""
    request = asked.request
    (file, text), root = joined(asked, suite), _root(request)
    old, place = (file.text or "").encode(), root / file.path
    if not place.resolve().is_relative_to(root.resolve()):
        raise EditRefused(f"{file.path} leads out of the project.", fix="The tests are in the report.")
    opened = request.snapshot.documents.get(file.path)
    syntax = request.language.syntax
    flags = syntax.powers(syntax.parse(old), syntax.parse(text.encode()))
    return Edit(
        opened.uri if opened else place.as_uri(),
        opened.version if opened else None,
        changes(old, text.encode()),
        text,
        flags,
        made_for=file.text or "",
        creates=file.text is None,
    )


def trial_path(file: TestFile) -> str:
    """A path in the test file's folder where nothing stands: what is tried there meets the same set-up."""
    place = PurePosixPath(file.path)
    return place.with_name(f"test_cope_trial_{place.stem.removeprefix('test_')}{place.suffix}").as_posix()


def _beside(request: Request, file: TestFile) -> TestFile:
    """A new file for tests that do not go with those of a file that is there."""
    place = PurePosixPath(file.path)
    names = [f"{place.stem}_{request.target.name}", *(f"{place.stem}_{n}" for n in range(2, _MOST_NAMES))]
    paths = [place.with_name(f"{name}{place.suffix}").as_posix() for name in names]
    return TestFile(next((path for path in paths if not _is_there(request, path)), paths[0]), None)


def _root(request: Request) -> Path:
    testing_of(request)
    assert request.snapshot.root is not None  # noqa: S101 -- the line above raises where it is
    return request.snapshot.root


def _is_there(request: Request, path: str) -> bool:
    return path in request.snapshot.documents or (_root(request) / path).exists()

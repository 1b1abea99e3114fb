"""Ruby's own tools: `ruby -c`, and tests by minitest, test-unit or RSpec, each alone where not all pass."""

from __future__ import annotations

import json
import os
import re
from functools import partial
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.test_index import reaching
from cope_lsp.languages.ruby import calls, installs
from cope_lsp.languages.ruby.grammar import GRAMMAR
from cope_lsp.languages.running import Demands, Environment, TestCase
from cope_lsp.languages.toolchain import called, commands
from cope_lsp.languages.toolchain.results import judged, passed, unbuilt
from cope_lsp.languages.toolchain.steps import Recipe, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cope_lsp.languages.grammar.test_index import Found
    from cope_lsp.languages.running import Example, Verdict, Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.languages.toolchain.results import Result

CHECK = "check:ruby -c"
DEMANDS = Demands(memory_mb=1024, processes=64, files=512)
_BARE = "--disable=all"
"""Nothing but Ruby itself is loaded to parse a file."""

_RSPEC = "rspec"
_MINITEST = "minitest"
_TEST_UNIT = "test-unit"
_PROJECTS = ("Gemfile", "Rakefile", ".rspec", "*.gemspec")
_GOOD = (
    r"(?:(?:runs|tests), \d+ assertions, 0 failures, 0 errors, 0 (?:skips|pendings, 0 omissions)\b"
    r"|examples?, 0 failures[^\S\n]*$)"
)
"""A report after its number of tests, where nothing else happened."""

_HEAD = re.compile(r"(?s)^Run options:.*?# Running:\s*")
_ANY = r"^\d+ (?:(?:runs|tests), \d+ assertions|examples?), "


def environment(root: Path, preferred: Path | None) -> Environment:  # noqa: ARG001 -- the port's signature
    """The `ruby` on PATH or that of a version manager, with the gems that are installed."""
    program = installs.ruby(root)
    if program is None:
        return Environment(Path(), (), problem="No `ruby` was found. Install Ruby, or put it on PATH.")
    tree = program.resolve().parent.parent
    return Environment(program, (tree, *installs.gems()), "minitest")


def tests_for(
    root: Path,
    target_path: str,  # noqa: ARG001 -- the port's signature
    target: Target,
    files: Mapping[str, bytes],
) -> tuple[TestCase, ...]:
    """Tests and examples that mention the target, nearest first."""
    return tuple(_case(root, each, files[each.path]) for each in reaching(GRAMMAR, target, files))


def checks(root: Path, target_path: str) -> tuple[TestCase, ...]:  # noqa: ARG001 -- the port's signature
    """`ruby -c`, which only parses: names are not looked up before a line runs."""
    return (TestCase(CHECK, target_path, "ruby -c"),)


def recipe(environment: Environment, work: Work) -> Recipe:
    """Parse the file, run each file's tests in one process, and alone those of a file where not all pass."""
    ruby = str(environment.program)
    if work.command and not _is_own(work.command):
        tests = commands.steps(work)
    else:
        tests = list(_tests(environment.program, work))
    check = Step(CHECK, (ruby, _BARE, "-c", work.path), work.build_s)
    return Recipe(
        steps=(check, *tests, *_calling(ruby, work)),
        env={
            "GEM_PATH": os.pathsep.join([*map(str, installs.gems()), ""]),
            "LANG": "C.UTF-8",
            "SEED": "1",
        },
        path=(environment.program.parent,),
        readable=environment.readable,
        demands=DEMANDS,
    )


def read(work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
    """What each test's own run says, and `ruby -c`."""
    own = commands.verdict if work.command and not _is_own(work.command) else partial(_verdict, work)
    check = seen.get(CHECK)
    broken = check is not None and check.exit != 0
    found = [unbuilt(case.id, check, work.path) if broken else own(case, seen) for case in work.tests]
    found += called.verdicts(work.calls, seen.get(called.STEP))
    found += [judged(case.id, seen.get(case.id), ok=True) for case in work.checks]
    return tuple(found)


def inputs(
    source: Source,
    target: Target,
    examples: tuple[Example, ...],  # noqa: ARG001 -- Ruby's stand in tests
    seed: int,
    texts: tuple[bytes, ...],
) -> tuple[str, ...]:
    """Calls with arguments such as the tests give."""
    return calls.calls(source, target, seed, texts)


def _case(root: Path, found: Found, text: bytes) -> TestCase:
    runner = _runner(root, found.path, text)
    return TestCase("::".join((found.path, *found.suites, found.name)), found.path, runner)


def _runner(root: Path, path: str, text: bytes) -> str:
    """What runs a file, by what it or the helper beside it mentions."""
    helpers = (root / folder / f"{folder}_helper.rb" for folder in ("spec", "test"))
    said = b"".join([text, *(helper.read_bytes() for helper in helpers if helper.is_file())])
    if path.endswith("_spec.rb") and (b"RSpec" in text or b"minitest" not in said):
        return _RSPEC
    return _TEST_UNIT if re.search(rb"test/unit|Test::Unit|test-unit", said) else _MINITEST


def _tests(ruby: Path, work: Work) -> Iterator[Step]:
    """A step for each file with several tests, and one for each test."""
    for path, cases in _by_file(work).items():
        folder = _project(work.root, path)
        if len(cases) > 1:
            argv = _argv(ruby, work, folder, cases)
            settles = _report(len(cases))
            yield Step(_all_of(path), argv, work.timeout_s, folder, CHECK, settles=settles)
        for case in cases:
            argv = _argv(ruby, work, folder, [case])
            yield Step(case.id, argv, work.timeout_s, folder, CHECK, unless=_all_of(path))


def _by_file(work: Work) -> Mapping[str, list[TestCase]]:
    found: dict[str, list[TestCase]] = {}
    for case in work.tests:
        found.setdefault(case.path, []).append(case)
    return found


def _all_of(path: str) -> str:
    return f"all of {path}"


def _argv(ruby: Path, work: Work, folder: str, cases: Sequence[TestCase]) -> tuple[str, ...]:
    """The command for tests of one file."""
    path, runner = cases[0].path, cases[0].runner
    inside = PurePosixPath(path).relative_to(folder).as_posix()
    begin = (str(ruby), *_setup(work, folder))
    if runner == _RSPEC:
        program = str(installs.beside(ruby, "rspec") or "rspec")
        named = (word for case in cases for word in ("-E", _described(case)))
        return (*begin, program, *_told(work.command), "--no-color", inside, *named)
    paths = tuple(f"-I{name}" for name in ("lib", "test", "spec", "."))
    return (*begin, *paths, *_told(work.command), inside, *_named(cases))


def _report(least: int) -> str:
    """The last report where it says that at least so many tests ran and that all passed, as a pattern."""
    enough = "|".join(map(str, range(least, 100)))
    return rf"(?m)^(?:{enough}|\d{{3,}}) {_GOOD}(?![\s\S]*{_ANY})"


def _calling(ruby: str, work: Work) -> list[Step]:
    """The calls on generated inputs, all in one process."""
    if not work.calls:
        return []
    folder = _project(work.root, work.path)
    inside = PurePosixPath(work.path).relative_to(folder).as_posix()
    program = (files("cope_lsp.languages.ruby") / "calls.rb").read_text("utf-8")
    argv = (ruby, *_setup(work, folder), "-Ilib", "-I.", "-e", program, inside)
    told = json.dumps(work.calls)
    return [Step(called.STEP, argv, work.timeout_s, folder, CHECK, stdin=told, told=called.MOST_BYTES)]


def _setup(work: Work, folder: str) -> tuple[str, ...]:
    """Bundler, where a project has settled with it which gems it uses."""
    bundled = work.root is not None and (work.root / folder / "Gemfile.lock").is_file()
    return ("-rbundler/setup",) if bundled else ()


def _project(root: Path | None, path: str) -> str:
    """The folder that the tests of a file run in: the nearest that is a project of its own."""
    for folder in PurePosixPath(path).parents if root else ():
        if root and any(next((root / folder).glob(name), None) for name in _PROJECTS):
            return folder.as_posix()
    return "."


def _named(cases: Sequence[TestCase]) -> tuple[str, ...]:
    """The names that minitest or test-unit makes of tests' classes and names, as patterns.

    A suite may be described in more words than its name; a test's own words get a number before them.
    """
    parts = [_parts(case) for case in cases]
    if cases[0].runner == _TEST_UNIT:
        suites = dict.fromkeys("::".join(suites) for *suites, _ in parts)
        names = dict.fromkeys(name for *_, name in parts)
        return f"--testcase=/(?:^|::)(?:{'|'.join(suites)})$/", f"--name=/^(?:test: )?(?:{'|'.join(names)})$/"
    between = r"(?:::(?:.*::)?|(?:::.*)?#(?:test(?:_\d+)?[_ ])?)"
    return (rf"--name=/^(?:.*::)?(?:{'|'.join(between.join(part) for part in parts)})$/",)


def _described(case: TestCase) -> str:
    """RSpec's full description of an example, as a pattern."""
    return rf"^{'.*'.join(_parts(case))}$"


def _parts(case: TestCase) -> list[str]:
    """Suites and test as patterns: what is a space in words is `_` in a method's name."""
    names = case.id.removeprefix(f"{case.path}::").split("::")
    return [
        "[_ ]".join(re.escape(word).replace("/", r"\/") for word in re.split(r"[\s_]+", name))
        for name in names
    ]


def _verdict(work: Work, case: TestCase, seen: Mapping[str, Result]) -> Verdict:
    """A test passed where the last report in its output says that something ran and nothing else happened."""
    whole, count = seen.get(_all_of(case.path)), len(_by_file(work)[case.path])
    if whole is not None and whole.exit == 0 and re.search(_report(count), whole.out):
        return passed(case.id)
    result = seen.get(case.id)
    ok = result is not None and re.search(_report(1), result.out) is not None
    return judged(case.id, result, ok=ok, detail=_HEAD.sub("", result.said) if result else "")


def _is_own(command: tuple[str, ...]) -> bool:
    """Whether a command is `ruby` or `rspec`, so that its options can be added to ours."""
    return Path(_unbundled(command)[0]).name in ("ruby", _RSPEC)


def _told(command: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in _unbundled(command)[1:] if word.startswith("-")) if command else ()


def _unbundled(command: tuple[str, ...]) -> tuple[str, ...]:
    return command[2:] if command[:2] == ("bundle", "exec") and command[2:] else command

"""Ruby's own tools: `ruby -c`, and each test run alone by minitest, test-unit or RSpec."""

from __future__ import annotations

import json
import os
import re
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.test_index import reaching
from cope_lsp.languages.ruby import calls, installs
from cope_lsp.languages.ruby.grammar import GRAMMAR
from cope_lsp.languages.running import Demands, Environment, TestCase
from cope_lsp.languages.toolchain import called, commands
from cope_lsp.languages.toolchain.results import judged, unbuilt
from cope_lsp.languages.toolchain.steps import Recipe, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.grammar.test_index import Found
    from cope_lsp.languages.running import Example, Verdict, Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.languages.toolchain.results import Result

CHECK = "check:ruby -c"
DEMANDS = Demands(memory_mb=1024, processes=64, files=512)
_RSPEC = "rspec"
_MINITEST = "minitest"
_TEST_UNIT = "test-unit"
_PROJECTS = ("Gemfile", "Rakefile", ".rspec", "*.gemspec")
_REPORTS = (
    re.compile(
        r"(?m)^[1-9]\d* (?:runs|tests), \d+ assertions, 0 failures, 0 errors, "
        r"0 (?:skips|pendings, 0 omissions)\b"
    ),
    re.compile(r"(?m)^[1-9]\d* examples?, 0 failures\s*$"),
)
_HEAD = re.compile(r"(?s)^Run options:.*?# Running:\s*")
_ANY_REPORT = re.compile(r"(?m)^\d+ (?:(?:runs|tests), \d+ assertions|examples?), .*$")


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
    """Parse the file, then run each test in a process of its own."""
    ruby = str(environment.program)
    if work.command and not _is_own(work.command):
        tests = commands.steps(work)
    else:
        tests = [_test(environment.program, work, case) for case in work.tests]
    return Recipe(
        steps=(Step(CHECK, (ruby, "-c", work.path), work.build_s), *tests, *_calling(ruby, work)),
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
    own = commands.verdict if work.command and not _is_own(work.command) else _verdict
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


def _test(ruby: Path, work: Work, case: TestCase) -> Step:
    folder = _project(work.root, case.path)
    inside = PurePosixPath(case.path).relative_to(folder).as_posix()
    setup = _setup(work, folder)
    if case.runner == _RSPEC:
        program = str(installs.beside(ruby, "rspec") or "rspec")
        argv = (
            str(ruby),
            *setup,
            program,
            *_told(work.command),
            "--no-color",
            inside,
            "-E",
            _described(case),
        )
    else:
        paths = tuple(f"-I{name}" for name in ("lib", "test", "spec", "."))
        argv = (str(ruby), *setup, *paths, *_told(work.command), inside, *_named(case))
    return Step(case.id, argv, work.timeout_s, folder=folder, needs=CHECK)


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


def _named(case: TestCase) -> tuple[str, ...]:
    """The name that minitest or test-unit makes of a test's class and name, as a pattern.

    A suite may be described in more words than its name; a test's own words get a number before them.
    """
    *suites, name = _parts(case)
    if case.runner == _TEST_UNIT:
        return f"--testcase=/(?:^|::){'::'.join(suites)}$/", f"--name=/^(?:test: )?{name}$/"
    between = r"(?:::(?:.*::)?|(?:::.*)?#(?:test(?:_\d+)?[_ ])?)"
    return (rf"--name=/^(?:.*::)?{between.join((*suites, name))}$/",)


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


def _verdict(case: TestCase, seen: Mapping[str, Result]) -> Verdict:
    """A test passed where the last report in its output says that something ran and nothing else happened."""
    result = seen.get(case.id)
    said = _ANY_REPORT.findall(result.out) if result else []
    ok = bool(said) and any(report.match(said[-1]) for report in _REPORTS)
    return judged(case.id, result, ok=ok, detail=_HEAD.sub("", result.said) if result else "")


def _is_own(command: tuple[str, ...]) -> bool:
    """Whether a command is `ruby` or `rspec`, so that its options can be added to ours."""
    return Path(_unbundled(command)[0]).name in ("ruby", _RSPEC)


def _told(command: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in _unbundled(command)[1:] if word.startswith("-")) if command else ()


def _unbundled(command: tuple[str, ...]) -> tuple[str, ...]:
    return command[2:] if command[:2] == ("bundle", "exec") and command[2:] else command

"""The port for running a language's examples and tests, and what it speaks in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


@dataclass(frozen=True, slots=True)
class Example:
    """A call and what it must give, as written in a docstring.

    `setup` are the statements that come before it in its doctest block. `expected` is source text
    of a value or, for doctests, the printed form. `raises` names an exception type instead;
    `expected` is then its message. `options` are doctest's (`ELLIPSIS`, `NORMALIZE_WHITESPACE`, …).
    """

    call: str
    expected: str
    setup: tuple[str, ...] = ()
    raises: str = ""
    form: str = "doctest"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test that can be run alone. `id` is the runner's own (pytest node id, relative to the root)."""

    __test__ = False

    id: str
    path: str
    runner: str


class Outcome(StrEnum):
    """What happened to a case in a run, before anyone says whose fault it was."""

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    TIMED_OUT = "timed out"
    CHEATED = "cheated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run said of one example, test or call.

    ERRORED: collection, fixture or set-up failed before the case itself could; MISSING: no
    authentic record came back. `ran_target`: lines of the target's body were executed. `value` is a
    call's exact behaviour, `likeness` the same made comparable between candidates: small differences of
    floats and kinds of numbers are gone; empty where it says nothing (unstable, or not run). A test's is what
    it saw the target do, and its first line what went in first. `detail` is
    for people and for local repair: assertion, values, the traceback's end. `brief` is what may leave the
    machine of a failure: the case's name, an exception's type, plain values of the target's own inputs and
    outputs.
    """

    id: str
    outcome: Outcome
    ran_target: bool = False
    value: str = ""
    detail: str = ""
    brief: str = ""
    likeness: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """The project's own interpreter or toolchain.

    The program, what it must be able to read, and what it lacks: `problem` where nothing can run, `lacking`
    what more could run with what `fix` brings.
    """

    program: Path
    readable: tuple[Path, ...]
    runner: str = ""
    problem: str = ""
    lacking: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Preload:
    """How the same command can be kept warm: `entry` prepares once what each run then forks.

    `command` starts the interpreter; `base` names what its kind of runs stands on (for Python `pytest`, or
    nothing); `modules` are imported by name, `avoided` names never, since the project may define them itself;
    `own` are folders of the project that hold the interpreter.
    """

    command: tuple[str, ...]
    entry: Path
    base: str
    modules: tuple[str, ...]
    avoided: frozenset[str]
    own: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Demands:
    """What a run needs beyond a function's call: a compiler, a virtual machine. Sizes in MiB."""

    memory_mb: int = 0
    processes: int = 0
    files: int = 0
    file_mb: int = 0
    output_kb: int = 0


@dataclass(frozen=True, slots=True)
class Foundation:
    """What a toolchain must build of its own library; nothing of any project takes part.

    Equal `name`s share one folder of builds, which lies below those of every project. `parts` are what this
    work needs of it: `making`, which sees no project but its own `layer`, leaves a file of that name in the
    folder `parts` of `$COPE_CACHE` for each. It may be ended in the middle and begun again: the tool must
    check what it finds.
    """

    name: str
    parts: frozenset[str]
    making: Invocation


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command that judges cases inside a sandbox; `layer` files are laid over the project for it.

    `cache` names the folder of kept builds that it uses, in `$COPE_CACHE`; empty: none. `foundation` is what
    should lie below it.
    """

    argv: tuple[str, ...]
    stdin: bytes
    env: Mapping[str, str]
    readable: tuple[Path, ...]
    layer: Mapping[str, bytes]
    preload: Preload | None = None
    cache: str = ""
    demands: Demands = field(default_factory=Demands)
    foundation: Foundation | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What one run must find out about one text of the target's file.

    Examples, tests, calls on generated inputs, assertions of self-made tests, checks by compilers. `path` is
    relative to the project's root; `lines` are the first and last line (from 1) of the whole definition in
    `text`, the text that runs; `texts` are equal for all of them. `timeout_s` bounds one case, `wall_s` the
    run, `build_s` what is built for it. `nonce` is a fresh secret that marks authentic records. `command` is
    the setting `tests.command`: what it gives to pytest is added to how tests are started.
    """

    path: str
    qualname: str
    lines: tuple[int, int]
    examples: tuple[Example, ...] = ()
    tests: tuple[TestCase, ...] = ()
    calls: tuple[str, ...] = ()
    timeout_s: float = 20.0
    nonce: str = ""
    wall_s: float = 60.0
    build_s: float = 180.0
    command: tuple[str, ...] = ()
    root: Path | None = None
    text: bytes = b""
    texts: tuple[bytes, ...] = ()
    assertions: tuple[Example, ...] = ()
    checks: tuple[TestCase, ...] = ()


class Running(Protocol):
    """Running a language's examples and tests; describes commands, starts nothing but our own probes."""

    def environment(self, root: Path, preferred: Path | None) -> Environment:
        """The project's own toolchain, found without executing anything of the project."""
        ...

    def tests_for(
        self, root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
    ) -> tuple[TestCase, ...]:
        """Tests that reach the target, by imports and names.

        `files` are the candidate test files' texts by path.
        """
        ...

    def checks(self, root: Path, target_path: str) -> tuple[TestCase, ...]:
        """What the project's compilers and checkers can say of a candidate; ids begin with `check:`."""
        ...

    def invoke(self, environment: Environment, work: Work) -> Invocation:
        """The command that runs `work` in a sandbox."""
        ...

    def verdicts(self, work: Work, records: bytes, nonce: str) -> tuple[Verdict, ...]:
        """What the run's records say, in the order examples, tests, calls, assertions, checks.

        Ids are `example:0`, the test's own id, `call:0`, `assertion:0`. A case without an authentic record
        is MISSING.
        """
        ...

    def inputs(
        self,
        source: Source,
        target: Target,
        examples: tuple[Example, ...],
        seed: int,
        texts: tuple[bytes, ...] = (),
    ) -> tuple[str, ...]:
        """Calls of the target on generated inputs, as source text; the same seed gives the same calls.

        `examples` may be self-made tests too: only what they call with counts. `texts` are other files
        that may call the target.
        """
        ...

    def hollow(self, text: bytes, target: Target) -> bytes:
        """The file's text with the target's body emptied, so that it can only fail."""
        ...

    def unwritten(self, text: bytes, target: Target) -> bytes:
        """The text on which a stub's cases are tried before there is a candidate."""
        ...

    def mutants(self, text: bytes, target: Target, most: int, seed: int) -> tuple[bytes, ...]:
        """At most `most` texts of the file, each with one small fault in the target's body.

        Each parses and differs in meaning from the text and the others, as far as reading can tell; the
        same seed gives the same mutants.
        """
        ...

    def reaches(self, before: bytes, after: bytes) -> tuple[str, ...]:
        """Ways into the machinery that judges (frames, garbage collector, test runner) that `after` adds."""
        ...

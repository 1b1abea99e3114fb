"""The port every language implements, and the values it speaks in. Offsets are bytes of the UTF-8 text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from tree_sitter import Tree


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of bytes."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Whether `other` lies inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Target:
    """A function or method that may be written, found in one version of a text.

    `span` covers the whole definition with decorators; `signature` from `def` (or `async def`) to
    the colon; `body` the block after it, docstring included. `indent` is the white space before
    `def`; `body_indent` that of its block. `stub`: the body does nothing yet (`...`, `pass`, `raise
    NotImplementedError`, TODO). `offerable` is False where writing a body makes no sense (Protocol,
    abstract, overload, `.pyi`).
    """

    name: str
    qualname: str
    span: Span
    signature: Span
    body: Span
    docstring: Span | None
    indent: str
    body_indent: str
    parents: tuple[str, ...]
    is_async: bool
    stub: bool
    offerable: bool
    parses: bool


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
class Instruction:
    """A `cope:` comment: its text without the marker, and the lines to remove once it is done."""

    text: str
    span: Span


class Head(StrEnum):
    """What becomes of a definition's decorators, signature and docstring when its body is written.

    FIXED: they stay word for word. FREE: the reply's are taken where it gives them, because the
    instruction asks for that.
    """

    FIXED = "fixed"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Imported:
    """A name the target uses that another file of the project may define.

    `symbol` is its name there (empty: the whole module); `paths` are where it may live, relative to
    the root, likeliest first.
    """

    name: str
    symbol: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reader of the target looks at.

    `scope` is the enclosing class or function in outline: header, fields, siblings' signatures.
    `definitions` are those of the same file that the target uses, in the file's order.
    """

    imports: str
    scope: str
    definitions: tuple[str, ...]
    imported: tuple[Imported, ...]


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
class Patch:
    """A reply turned into text: the file's new text, or why it could not be (`problem`)."""

    text: str | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """The project's own interpreter or toolchain.

    The program, what it must be able to read, and what it lacks.
    """

    program: Path
    readable: tuple[Path, ...]
    runner: str = ""
    problem: str = ""


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
class Invocation:
    """A command that judges cases inside a sandbox; `layer` files are laid over the project for it."""

    argv: tuple[str, ...]
    stdin: bytes
    env: Mapping[str, str]
    readable: tuple[Path, ...]
    layer: Mapping[str, bytes]
    preload: Preload | None = None


@dataclass(frozen=True, slots=True)
class Formatter:
    """A program of the project that formats standard input.

    `arguments` follow the project's interpreter or toolchain; `{path}` in them is the file's path.
    """

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One version of a file as bytes with its tree; `reparse` makes the next one from it incrementally."""

    text: bytes
    tree: Tree


@dataclass(frozen=True, slots=True)
class TextChange:
    """Bytes `start:old_end` of the previous text became `start:new_end` of the next."""

    start: int
    old_end: int
    new_end: int


class Syntax(Protocol):
    """Reading and rewriting a language's text."""

    def parse(self, text: bytes) -> Source:
        """Parse from nothing."""
        ...

    def reparse(self, previous: Source, text: bytes, changes: tuple[TextChange, ...]) -> Source:
        """Parse the next version, reusing the previous tree."""
        ...

    def target_at(self, source: Source, span: Span) -> Target | None:
        """The innermost definition that holds `span`."""
        ...

    def target_named(self, source: Source, qualname: str) -> Target | None:
        """The definition of that qualified name."""
        ...

    def targets(self, source: Source) -> tuple[Target, ...]:
        """All definitions, outermost first."""
        ...

    def twin(self, before: Source, target: Target, after: Source) -> Target | None:
        """The same definition in the next version, also where several share its name."""
        ...

    def instruction_at(self, source: Source, span: Span) -> Instruction | None:
        """The `cope:` comment inside or right above `span`."""
        ...

    def examples(self, source: Source, target: Target) -> tuple[Example, ...]:
        """What the target's docstring says it must do."""
        ...

    def assertions(self, text: str, target: Target) -> tuple[Example, ...]:
        """The tests of a target that a model wrote, fenced or not; what cannot be read gives nothing."""
        ...

    def with_example(self, source: Source, target: Target, call: str, shown: str) -> bytes | None:
        """The file's text with one more example in the target's documentation; None where it has no place."""
        ...

    def surroundings(self, source: Source, target: Target, path: str) -> Surroundings:
        """What a reader of the target looks at; `path` is the file's, relative to the project's root."""
        ...

    def definition(self, source: Source, name: str) -> str:
        """The definition of a name as another file sees it: signatures and docstrings. Empty: none."""
        ...

    def complete(self, source: Source, target: Target, reply: str, head: Head = Head.FIXED) -> Patch:
        """Put a model's reply into the file in place of `target`.

        Fences, prose, a repeated signature, indentation, imports; the `cope:` comment goes.
        """
        ...

    def breaches(
        self, before: Source, target: Target, after: Source, head: Head = Head.FIXED
    ) -> tuple[str, ...]:
        """How the text `after` breaks the contract.

        Syntax, changed signature, lost symbols, placeholders. Empty: none.
        """
        ...

    def editable(self, source: Source, target: Target) -> tuple[Span, ...]:
        """Where an edit of the target may touch the file.

        The target with its `cope:` comment, and the import block; ordered, without overlap.
        """
        ...

    def powers(self, before: Source, after: Source) -> tuple[str, ...]:
        """What the new text can do that the old could not: network, process, eval, … (security part 3.2)."""
        ...


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

    def invoke(self, environment: Environment, work: Work) -> Invocation:
        """The command that runs `work` in a sandbox."""
        ...

    def verdicts(self, work: Work, records: bytes, nonce: str) -> tuple[Verdict, ...]:
        """What the run's records say, in the order examples, tests, calls, assertions.

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

    def mutants(self, text: bytes, target: Target, most: int, seed: int) -> tuple[bytes, ...]:
        """At most `most` texts of the file, each with one small fault in the target's body.

        Each parses and differs in meaning from the text and the others, as far as reading can tell; the
        same seed gives the same mutants.
        """
        ...

    def reaches(self, before: bytes, after: bytes) -> tuple[str, ...]:
        """Ways into the machinery that judges (frames, garbage collector, test runner) that `after` adds."""
        ...


class Formatting(Protocol):
    """How a project's own formatter is found and held to its word."""

    def config_files(self) -> tuple[str, ...]:
        """Names of the files, in the project's root, that say which formatter it uses."""
        ...

    def formatter_for(self, configs: Mapping[str, str]) -> Formatter | None:
        """The formatter that the texts of `config_files`, by name, choose."""
        ...

    def means_same(self, before: str, after: str) -> bool:
        """Whether two texts of a definition mean the same; False where that cannot be told."""
        ...


class Documenting(Protocol):
    """How a language documents a function in its own text; what is written there never changes the code."""

    def documented(self, source: Source, target: Target, reply: str, marker: Span | None = None) -> Patch:
        """The file's text with a reply's documentation of the target; the `cope:` comment `marker` goes."""
        ...

    def same_code(self, before: Source, target: Target, after: Source) -> bool:
        """Whether `after` differs in the target's documentation alone; comments count as code."""
        ...

    def claims(self, source: Source, target: Target) -> tuple[Example, ...]:
        """What the documentation shows, strictly read: also calls shown without a result."""
        ...

    def strangers(self, source: Source, target: Target) -> tuple[str, ...]:
        """Names that the documentation describes as parameters, and that are none."""
        ...

    def reply_format(self, source: Source, target: Target) -> str:
        """What a model is told of how to answer, with examples that can be run where there can be some."""
        ...

    def models(self, source: Source, target: Target) -> tuple[str, ...]:
        """Documentation of other functions of the file, for a writer to follow in style."""
        ...

    def gives_value(self, source: Source, target: Target) -> bool:
        """Whether the target gives something back, so that an example can show what it does."""
        ...


@dataclass(frozen=True, slots=True)
class Tested:
    """What tests are written for: a target of the file at `path`, relative to the project's root.

    `runner` runs them. `existing` is the text of the file that they will stand in; empty: a new one.
    """

    __test__ = False

    path: str
    source: Source
    target: Target
    runner: str
    existing: str = ""


class Testing(Protocol):
    """Test files of a language: read from replies, taken apart, put where the project keeps its tests.

    A suite is the text of a test file that stands alone.
    """

    def is_test(self, target: Target) -> bool:
        """Whether a definition is a test itself, or prepares some."""
        ...

    def place(self, path: str, tests: tuple[TestCase, ...], exists: Callable[[str], bool]) -> str:
        """Where tests of the file at `path` stand or would stand; `tests` are those that reach the target."""
        ...

    def suite(self, text: str, tested: Tested) -> Patch:
        """The suite in a reply, its imports set right, or why there is none."""
        ...

    def split(self, suite: str) -> str:
        """The suite with each check in a test of its own."""
        ...

    def kept(self, suite: str, names: Collection[str]) -> str:
        """The suite with only those checks whose tests in `split` are named; empty where none is left."""
        ...

    def without(self, suite: str, names: Collection[str]) -> str:
        """The suite without the tests of these names; empty where none is left."""
        ...

    def tests(self, suite: str, path: str) -> tuple[TestCase, ...]:
        """The suite's tests, were it the file at `path`."""
        ...

    def merged(self, existing: str, suite: str) -> Patch:
        """A test file's text with the suite added to it, or why that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What one run must find out about one text of the target's file.

    Examples, tests, calls on generated inputs, assertions of self-made tests. `path` is relative to the
    project's root; `lines` are the first and last line (from 1) of the whole definition in the text that
    runs. `timeout_s` bounds one case, `wall_s` the run. `nonce` is a fresh secret that marks authentic
    records. `command` is the setting `tests.command`: what it gives to pytest is added to how tests are
    started.
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
    command: tuple[str, ...] = ()
    root: Path | None = None
    texts: tuple[bytes, ...] = ()
    assertions: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """One programming language: its conventions, its syntax, and how it runs.

    `declarations` are suffixes of files that only declare, where nothing is offered; `test_setup` are
    names of files that prepare the tests of their folder and of those below.
    """

    id: str
    suffixes: tuple[str, ...]
    root_markers: tuple[str, ...]
    line_comment: str
    syntax: Syntax
    running: Running
    name: str = ""
    declarations: tuple[str, ...] = ()
    test_setup: tuple[str, ...] = ()
    formatting: Formatting | None = None
    documenting: Documenting | None = None
    testing: Testing | None = None

"""Repository files become tasks."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.bench.agents.episodes import NO_ACTION, Rules, Turn, first_line, play
from cope_lsp.bench.agents.repository.actions import Action, Verb, read_action
from cope_lsp.bench.agents.repository.checks import Checks, all_pass, in_words, tests_in
from cope_lsp.bench.agents.repository.edits import Refused, edited, placed, program
from cope_lsp.bench.rows import Unreadable
from cope_lsp.cascade.problem import Kind

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from cope_lsp.bench.agents.repository.edits import Files
    from cope_lsp.bench.coding.kept import Kept
    from cope_lsp.bench.tasks import Solve
    from cope_lsp.code.workbench import Workbench

MOVES = 14
"""Most moves of an episode."""

_ROOM = 5000
_REPLY_TOKENS = 400
_SHOWN = 2400
_FOUND = 20
_TASK = (
    "A small Python repository has a failing test: {failing}\n"
    "Find the fault and correct the code so that this test passes, and so that the code does what its "
    "docstrings say. The tests stay as they are."
)
_OFFERS = (
    "search TEXT",
    "edit FILE, with a block below that line",
    "run tests",
    "finish, once the fault is corrected",
)
_REPLY_FORMAT = """\
Reply with one action and nothing else. An edit has this form:

edit FILE
<<<<<<< SEARCH
some whole lines of the file, exactly as they are
=======
the lines that take their place
>>>>>>> REPLACE

or, instead of that block, a fenced block with one whole function that takes its namesake's place."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Texts by path, the test that fails, and the tests that nobody sees."""

    id: str
    files: Files
    failing: str
    hidden: Files


@dataclass(frozen=True, slots=True)
class RepositoryTask:
    """One repository to repair; an edit lives in the episode's state and nowhere else."""

    repository: Repository
    checks: Checks
    kind: Kind = Kind.ACTION

    @property
    def id(self) -> str:
        """The repository's name."""
        return self.repository.id

    @property
    def rules(self) -> Rules:
        """What holds for the whole episode."""
        told = _TASK.format(failing=self.repository.failing)
        return Rules(told, _REPLY_FORMAT, MOVES, _REPLY_TOKENS, _ROOM)

    async def work(self, solve: Solve) -> float:
        """Have it repaired; 1.0 where the visible tests and then all with the hidden ones pass."""
        files = await play(self, self.repository.files, solve)
        shown = all_pass(await self.checks.run(files))
        return float(shown and all_pass(await self.checks.run({**files, **self.repository.hidden})))

    def view(self, state: Files) -> str:
        """The files, and which of them were changed."""
        changed = [path for path, text in state.items() if text != self.repository.files[path]]
        told = f"The files are: {', '.join(state)}."
        return f"{told}\nYou have changed: {', '.join(changed) or 'nothing'}."

    def offers(self, state: Files) -> tuple[str, ...]:
        """The five actions, whatever was done before."""
        return (*(f"{Verb.READ} {path}" for path in state), *_OFFERS)

    def meaning(self, state: Files, reply: str) -> Hashable | None:
        """What a reply would do: for an edit the program that the file becomes, or why it is refused."""
        action = read_action(reply)
        if action is None:
            return None
        if action.verb is Verb.READ:
            return action.verb, placed(state, action.argument)
        if action.verb is not Verb.EDIT:
            return action.verb, action.argument
        made = edited(state, action)
        return (action.verb, made) if isinstance(made, Refused) else (action.verb, made[0], program(made[1]))

    async def act(self, state: Files, reply: str) -> Turn[Files]:
        """Do what a reply says."""
        action = read_action(reply)
        if action is None:
            return Turn(state, first_line(reply), NO_ACTION)
        match action.verb:
            case Verb.EDIT:
                return _edit(state, action)
            case Verb.READ:
                return Turn(state, action.words, _read(state, action.argument))
            case Verb.SEARCH:
                return Turn(state, action.words, _search(state, action.argument))
            case Verb.TEST:
                return Turn(state, action.words, in_words(await self.checks.run(state)))
            case Verb.FINISH:
                return Turn(state, action.words, "", over=True)


def read_repositories(folder: Path, bench: Workbench, kept: Kept) -> tuple[RepositoryTask, ...]:
    """The repositories of a folder, one `.json` file each. Raises: OSError, Unreadable."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise Unreadable(f"{folder} holds no repository: there is no .json file.")
    checks = Checks(bench, kept)
    return tuple(RepositoryTask(_repository(path), checks) for path in paths)


def _edit(state: Files, action: Action) -> Turn[Files]:
    made = edited(state, action)
    if isinstance(made, Refused):
        return Turn(state, action.words, f"Not done. {made.why}")
    path, text = made
    changed = difflib.unified_diff(state[path].splitlines(), text.splitlines(), n=1, lineterm="")
    diff = "\n".join(list(changed)[2:])
    return Turn({**state, path: text}, action.words, _bounded(f"{path} is changed:\n{diff}"))


def _read(state: Files, path: str) -> str:
    found = placed(state, path)
    return f"Not done. {found.why}" if isinstance(found, Refused) else _bounded(state[found].rstrip("\n"))


def _search(state: Files, text: str) -> str:
    lines = [
        f"{path}:{number}: {line.strip()}"
        for path, whole in state.items()
        for number, line in enumerate(whole.splitlines(), start=1)
        if text.lower() in line.lower()
    ]
    return "\n".join(lines[:_FOUND]) or f"Nothing holds {text}."


def _bounded(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}\n(the rest is left out)"


def _repository(path: Path) -> Repository:
    try:
        row: Any = json.loads(path.read_text())
        made = Repository(row["id"], _texts(row["files"]), row["failing"], _texts(row["hidden"]))
        tests = {case.id for case in tests_in(made.files)}
    except json.JSONDecodeError as error:
        raise Unreadable(f"{path}, line {error.lineno} is no JSON: {error.msg}.") from error
    except (KeyError, TypeError, ValueError, AttributeError, SyntaxError) as error:
        raise Unreadable(f"{path} is no repository: {error!r}") from error
    if made.failing not in tests:
        raise Unreadable(f"{path} has no test {made.failing}.")
    if not tests_in(made.hidden) or made.hidden.keys() & made.files.keys():
        raise Unreadable(f"{path} needs hidden tests in files of their own.")
    return made


def _texts(files: Mapping[str, Any]) -> dict[str, str]:
    """Texts are kept as lists of lines, so that a person can read them."""
    return {path: "".join(f"{line}\n" for line in cast("list[str]", lines)) for path, lines in files.items()}

"""Which files of a project stay out of models and sandboxes.

Four lists, each of which can only add to the others: built-in denials, `.gitignore` (nested, as git reads
it), `.copeignore` (likewise) and the setting `ignore`. No list can take back what another one ignores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from cope_lsp.workspace.denials import DENIED_FILES, DENIED_NAMES, DENIED_PATHS, ENVIRONMENTS, NOISE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LARGEST_LIST = 2**18
_DENIED = re.compile("|".join(translate(glob) for glob in DENIED_NAMES))

_GIT, _COPE, _SETTING = ".gitignore", ".copeignore", "setting"

_List: TypeAlias = "tuple[tuple[bool, re.Pattern[str]], ...]"  # includes or takes back, last line first
_ALL_FOLDERS = re.compile(r"(?<=[^*/])/\*\*/\s*$")  # `a/**/`: the folders in `a/`, not `a/` itself

# A hostile list must not hang the server. Of several stars in one name, all but the last may take the
# first place that fits and keep it; a line with many `**` is nobody's and is skipped.
_STAR = re.compile(r"\[\^/\]\*((?:(?!\[\^/\]\*|\.\+).)*)(?=\[\^/\]\*)")
_MOST_DEEP_WILDCARDS = 2

_Chain: TypeAlias = "tuple[tuple[int, _List], ...]"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules of one project at one moment; lists are read when first needed and kept.

    `prefix` leads from the repository's `top` to the `root`, empty or with a slash at its end. `chains`
    holds, by list name and folder, the lists that speak for what lies in the folder, nearest first, each
    with the length of its own folder's path; `folders` whether a folder as a whole is ignored.
    """

    root: Path
    top: Path
    prefix: str
    chains: dict[tuple[str, str], _Chain] = field(default_factory=dict[tuple[str, str], _Chain])
    folders: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])


def ignore_rules(root: Path, patterns: Iterable[str] = ()) -> IgnoreRules:
    """The rules of the project at `root`, with the setting `ignore`'s patterns.

    Lists above the root count up to the repository's top.
    """
    real = root.resolve()
    top = next((folder for folder in (real, *real.parents) if (folder / ".git").exists()), real)
    below = real.relative_to(top).as_posix()
    rules = IgnoreRules(real, top, "" if below == "." else f"{below}/")
    rules.chains[_SETTING, rules.prefix] = ((len(rules.prefix), _compiled(list(patterns))),)
    return rules


def is_denied(relative: str) -> bool:
    """Whether the name alone says that a file holds secrets. Nothing lifts this."""
    folded = relative.lower()
    names = folded.split("/")
    return (
        names[-1] in DENIED_FILES
        or any(_is_denied_name(name) for name in names)
        or any(f"/{end}" in f"/{folded}" if end.endswith("/") else _ends(folded, end) for end in DENIED_PATHS)
    )


def is_noise(relative: str) -> bool:
    """Whether a path lies in a folder that tools fill."""
    return any(name in NOISE or name in ENVIRONMENTS for name in relative.lower().split("/")[:-1])


def is_git_ignored(rules: IgnoreRules, relative: str) -> bool:
    """Whether git would ignore a path; a folder's path ends in a slash."""
    return _listed(rules, _GIT, rules.prefix + relative)


def is_cope_ignored(rules: IgnoreRules, relative: str) -> bool:
    """Whether `.copeignore` or the setting `ignore` names a path; a folder's path ends in a slash."""
    path = rules.prefix + relative
    return _listed(rules, _SETTING, path) or _listed(rules, _COPE, path)


def is_ignored(rules: IgnoreRules, relative: str) -> bool:
    """Whether a path (relative to the root, with `/`) stays out of models, by any list."""
    return (
        is_denied(relative)
        or is_noise(relative)
        or is_cope_ignored(rules, relative)
        or is_git_ignored(rules, relative)
    )


@lru_cache(maxsize=8192)
def _is_denied_name(name: str) -> bool:
    return _DENIED.fullmatch(name) is not None


def _ends(path: str, end: str) -> bool:
    return path == end or path.endswith(f"/{end}")


def _listed(rules: IgnoreRules, name: str, path: str) -> bool:
    """As git decides: what lies in an ignored folder stays ignored, whatever later lists say."""
    folder = _folder_of(path)
    return (folder != "" and _is_folder_ignored(rules, name, folder)) or _matched(rules, name, folder, path)


def _is_folder_ignored(rules: IgnoreRules, name: str, folder: str) -> bool:
    key = (name, folder)
    if key not in rules.folders:
        rules.folders[key] = _listed(rules, name, folder)
    return rules.folders[key]


def _matched(rules: IgnoreRules, name: str, folder: str, path: str) -> bool:
    for start, lines in _chain(rules, name, folder):
        for include, pattern in lines:
            if _names(pattern, path[start:]):
                return include
    return False


def _names(pattern: re.Pattern[str], path: str) -> bool:
    """Whether a pattern names the path itself, not only a folder above it.

    pathspec's patterns also match what lies in a folder that they name, so that `!build/` would take back
    files in `build/` that another line ignores; git does not. Their only group holds the folder's slash.
    """
    match = pattern.match(path)
    if match is None:
        return False
    if match.lastindex is None:
        return not (path.endswith("/") and match.end() == len(path))  # `a/**` does not name `a/`
    return match.end(match.lastindex) == len(path)


def _chain(rules: IgnoreRules, name: str, folder: str) -> _Chain:
    key = (name, folder)
    if key not in rules.chains:
        lines = [*_lines(rules.top / folder / name)] if name != _SETTING else []
        if not folder and name == _GIT:
            lines = [*_lines(rules.top / ".git" / "info" / "exclude"), *lines]
        own = ((len(folder), _compiled(lines)),) if lines else ()
        rules.chains[key] = own + (_chain(rules, name, _folder_of(folder)) if folder else ())
    return rules.chains[key]


def _folder_of(path: str) -> str:
    """The folder that holds a path, empty or with a slash at its end."""
    return path[: path.rstrip("/").rfind("/") + 1]


def _compiled(lines: list[str]) -> _List:
    """The patterns, last line first; a line that is no pattern is skipped, as git does."""
    return tuple(found for line in reversed(lines) if (found := _pattern(line)) is not None)


def _pattern(line: str) -> tuple[bool, re.Pattern[str]] | None:
    try:
        regex, include = GitIgnoreSpecPattern.pattern_to_regex(_ALL_FOLDERS.sub("/**/*/", line))
        if regex is None or include is None or regex.count(".+") > _MOST_DEEP_WILDCARDS:
            return None
        anchored = regex if regex.startswith(("^", ".")) else f"^.+{regex}"
        return include, re.compile(_STAR.sub(r"(?>[^/]*?\1)", anchored))
    except (ValueError, re.error):
        return None


def _lines(path: Path) -> Iterator[str]:
    try:
        if path.is_file() and path.stat().st_size <= _LARGEST_LIST:
            yield from path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return

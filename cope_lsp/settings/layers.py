"""Layers of settings become one tree: who may set what, what was refused, and where each value came from.

From weakest to strongest: defaults; a project's approved test command; the user's file; the command
line; an administrator's policy, which bounds what has an order and fixes the rest; the editor,
which may only tighten, because the server cannot see who wrote what an editor sends.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from pydantic import BaseModel, ValidationError

from cope_lsp.settings.tightening import LOOSER, TIGHTENING
from cope_lsp.settings.tree import Cloud, Frozen, Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


class Origin(StrEnum):
    """Who set a value, from weakest to strongest."""

    DEFAULT = "default"
    PROJECT = "approved project proposal"
    USER = "user file"
    COMMAND_LINE = "command line"
    POLICY = "administrator's policy"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from; `where` is the file, empty where there is none."""

    origin: Origin
    where: str = ""

    def __str__(self) -> str:
        return f"{self.origin} {self.where}".rstrip()


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that was not taken: its dotted path, why, and what to do. Never holds the value of a text."""

    field: str
    message: str
    source: Source

    def __str__(self) -> str:
        return f"{self.field or 'settings'} ({self.source}): {self.message}"


@dataclass(frozen=True, slots=True)
class Layer:
    """Raw settings of one source, and what was already wrong when they were read."""

    source: Source
    raw: object
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The settings that hold, what was refused, and the source of every value by dotted path."""

    settings: Settings
    problems: tuple[Problem, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict[str, Source])


def parse(layers: Iterable[Layer], *, loosen_in: str = "config.toml") -> Parsed:
    """Settings of all layers; a bad field is reported by name and the rest kept. Never raises.

    `loosen_in` is the file that a refusal names as the place where the user may set the field.
    """
    state = _State(loosen_in, dict(_defaults()), dict.fromkeys(leaves(), Source(Origin.DEFAULT)))
    order = list(Origin)
    for layer in sorted(layers, key=lambda layer: order.index(layer.source.origin)):
        _add(state, layer)
    return Parsed(Settings.model_validate(_nested(state.values)), tuple(state.problems), state.sources)


@cache
def leaves() -> Mapping[str, FieldInfo]:
    """Every setting by dotted path, in the order of the tree; `large.price` is one setting."""
    return dict(_leaves(Settings, ""))


def default_of(path: str) -> Any:  # noqa: ANN401 -- settings have many types
    """The default of a setting."""
    return _defaults()[path]


@dataclass(slots=True)
class _State:
    loosen_in: str
    values: dict[str, Any]
    sources: dict[str, Source]
    problems: list[Problem] = field(default_factory=list[Problem])
    misread: bool = False


_Apply: TypeAlias = Callable[[_State, Source, str, Any], None]


def _leaves(model: type[BaseModel], prefix: str) -> Iterable[tuple[str, FieldInfo]]:
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, Frozen):
            yield from _leaves(info.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", info


@cache
def _defaults() -> Mapping[str, Any]:
    return {path: _value(Settings(), path) for path in leaves()}


def _value(tree: BaseModel, path: str) -> Any:  # noqa: ANN401
    value: Any = tree
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *branches, name = path.split(".")
        node = tree
        for branch in branches:
            node = node.setdefault(branch, {})
        node[name] = value
    return tree


def _add(state: _State, layer: Layer) -> None:
    state.problems.extend(layer.problems)
    state.misread = bool(layer.problems)
    given = _flatten(state, layer.source, "", layer.raw)
    apply = _APPLY[layer.source.origin]
    for path, raw in given.items():
        value = _validated(state, layer.source, path, raw)
        if value is not _INVALID:
            apply(state, layer.source, path, value)
    if layer.source.origin is Origin.POLICY and state.misread:
        # A bound that cannot be read must not read as no bound.
        apply(state, layer.source, "cloud", Cloud.NEVER)


def _flatten(state: _State, source: Source, prefix: str, raw: object) -> dict[str, object]:
    """Known settings of a raw table by dotted path; keys may be dotted themselves."""
    if not raw and not isinstance(raw, (str, bool, int, float)):
        return {}  # `{}`, its Lua spelling `[]`, and a null that stands for "not set"
    if not isinstance(raw, Mapping):
        state.problems.append(Problem(prefix.rstrip("."), "Must be a table of settings.", source))
        state.misread = True
        return {}
    given: dict[str, object] = {}
    for key, value in cast("Mapping[object, object]", raw).items():
        _place(state, source, f"{prefix}{key}", value, given)
    return given


def _place(state: _State, source: Source, path: str, value: object, given: dict[str, object]) -> None:
    if path in leaves():
        given[path] = _merged(given.get(path), value)
    elif any(leaf.startswith(f"{path}.") for leaf in leaves()):
        given.update(_flatten(state, source, f"{path}.", value))
    elif owner := next((leaf for leaf in leaves() if path.startswith(f"{leaf}.")), None):
        inner: object = value
        for name in reversed(path.removeprefix(f"{owner}.").split(".")):
            inner = {name: inner}
        given[owner] = _merged(given.get(owner), inner)
    else:
        near = difflib.get_close_matches(path, leaves(), 1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        state.problems.append(Problem(path, f"There is no such setting; it is ignored.{hint}", source))


def _merged(first: object, second: object) -> object:
    if isinstance(first, dict) and isinstance(second, dict):
        return {**cast("dict[str, object]", first), **cast("dict[str, object]", second)}
    return second


_INVALID = object()


def _validated(state: _State, source: Source, path: str, raw: object) -> Any:  # noqa: ANN401
    if raw is None and source.origin is Origin.EDITOR:
        return state.values[path]  # clients send null for what is not set
    current = state.values[path]
    if isinstance(current, BaseModel):
        raw = _merged(current.model_dump(exclude_unset=True), raw)
    try:
        return _value(Settings.model_validate(_nested({path: raw})), path)
    except ValidationError as error:
        return _retried(state, source, path, raw, error)


def _retried(state: _State, source: Source, path: str, raw: object, error: ValidationError) -> Any:  # noqa: ANN401
    """Report every error by name; without its unknown keys the value may still be good."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    unknown = {str(detail["loc"][-1]) for detail in details if detail["type"] == "extra_forbidden"}
    for detail in details:
        name = ".".join(str(part) for part in detail["loc"])
        message = (
            "There is no such setting; it is ignored"
            if detail["type"] == "extra_forbidden"
            else detail["msg"].removeprefix("Value error, ")
        )
        state.problems.append(Problem(name, f"{message}.", source))
    if len(unknown) == len(details) and isinstance(raw, dict):
        known = {key: value for key, value in cast("dict[str, object]", raw).items() if key not in unknown}
        return _validated(state, source, path, known)
    state.misread = True
    return _INVALID


def _set(state: _State, source: Source, path: str, value: Any) -> None:  # noqa: ANN401
    state.values[path] = value
    state.sources[path] = source


def _propose(state: _State, source: Source, path: str, value: Any) -> None:  # noqa: ANN401
    if path == "tests.command":
        _set(state, source, path, value)
    else:
        message = "A project can only propose `tests.command`; the rest is for its users to decide."
        state.problems.append(Problem(path, message, source))


def _bound(state: _State, source: Source, path: str, value: Any) -> None:  # noqa: ANN401
    current, user = state.values[path], state.sources[path]
    if user.origin is Origin.DEFAULT:
        _set(state, source, path, value)
        return
    rule = TIGHTENING.get(path)
    ways = (rule(value, current), rule(current, value)) if rule else ()
    holds = next((way for way in ways if way is not LOOSER), value)
    if holds == current != value:
        return
    if holds != current:
        message = f"The {source} decides this; your value is not used."
        state.problems.append(Problem(path, message, user))
    _set(state, source, path, holds)


def _tighten(state: _State, source: Source, path: str, value: Any) -> None:  # noqa: ANN401
    current, rule = state.values[path], TIGHTENING.get(path)
    holds = rule(current, value) if rule else LOOSER
    if current in (value, holds):
        return
    if holds is not LOOSER:
        _set(state, source, path, holds)
    elif value != default_of(path):  # a client that sends its whole settings sends defaults too
        why = "may only be tightened from" if rule else "cannot be set from"
        fix = f"Set it in {state.loosen_in} or with `--set {path}=…`"
        if state.sources[path].origin is Origin.POLICY:
            fix = f"The {state.sources[path]} decides it"
        message = f"This {why} the editor, where an opened project could have written it. {fix}."
        state.problems.append(Problem(path, message, source))


_APPLY: Mapping[Origin, _Apply] = {
    Origin.DEFAULT: _set,
    Origin.PROJECT: _propose,
    Origin.USER: _set,
    Origin.COMMAND_LINE: _set,
    Origin.POLICY: _bound,
    Origin.EDITOR: _tighten,
}

"""The targets of a configured project, as CMake's file API describes them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REPLY = ".cmake/api/v1/reply"


class Target(NamedTuple):
    """A target: its files by absolute path, and what it makes, relative to the build."""

    name: str
    id: str
    kind: str
    files: frozenset[str]
    artifact: str


def targets(build: Path, source: Path) -> list[Target]:
    """All targets of the project."""
    reply, index = build / _REPLY, configured(build)
    if not index:
        return []
    objects = json.loads((reply / index).read_text(encoding="utf-8"))["objects"]
    model = next(each["jsonFile"] for each in objects if each["kind"] == "codemodel")
    found = json.loads((reply / model).read_text(encoding="utf-8"))["configurations"][0]["targets"]
    return list(_read(reply, [each["jsonFile"] for each in found], source.absolute()))


def configured(build: Path) -> str:
    """A name for the last time that CMake configured; empty where it never did."""
    return max((path.name for path in (build / _REPLY).glob("index-*.json")), default="")


def _read(reply: Path, names: list[str], source: Path) -> Iterator[Target]:
    for name in names:
        told: dict[str, Any] = json.loads((reply / name).read_text(encoding="utf-8"))
        files = frozenset(os.path.normpath(source / each["path"]) for each in told.get("sources", ()))
        made = [each["path"] for each in told.get("artifacts", ())]
        yield Target(told["name"], told["id"], told["type"], files, made[0] if made else "")

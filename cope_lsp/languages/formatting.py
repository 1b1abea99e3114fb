"""The port for a project's own formatter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Formatter:
    """A program of the project that formats standard input.

    `arguments` follow the project's interpreter or toolchain; `{path}` in them is the file's path.
    """

    name: str
    arguments: tuple[str, ...]


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

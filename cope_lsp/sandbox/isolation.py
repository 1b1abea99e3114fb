"""The ways to isolate a run, as values: which rung, which view of the project, which protections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The rungs of the ladder, strongest first."""

    NAMESPACES = "bubblewrap"
    LANDLOCK = "landlock"
    SEATBELT = "sandbox-exec"
    NONE = "none"


class Projection(StrEnum):
    """How a project becomes a view whose writes vanish: an overlay at its real path, or a copy."""

    OVERLAY = "overlay"
    COPY = "copy"


class Protection(StrEnum):
    """What the namespaces rung holds, one by one, so that a test can take one away and see the escape."""

    ALLOW_LIST = "only listed paths are mounted, not the host's root"
    READ_ONLY = "what is mounted from the host cannot be written"
    NETWORK = "own network namespace"
    PROCESSES = "own process namespace"
    IPC = "own namespaces for System V IPC, host name and cgroups"
    NESTING = "no user namespaces inside"
    CAPABILITIES = "no capabilities, not even over the own namespaces"
    SYSCALLS = "a system call filter for what no namespace holds"
    ENVIRONMENT = "a scrubbed environment"
    DESCRIPTORS = "no descriptors but 0 to 3"
    PRIVATE_TMP = "own /tmp and /dev/shm"
    LIFELINE = "the tree dies with the server"


EVERY = frozenset(Protection)


@dataclass(frozen=True, slots=True)
class Isolation:
    """One rung, ready to run jobs. `program` is the bwrap or sandbox-exec it stands on."""

    kind: Kind
    program: str = ""
    projection: Projection = Projection.COPY
    protections: frozenset[Protection] = EVERY


UNISOLATED = Isolation(Kind.NONE)

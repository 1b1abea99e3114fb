"""The JDK's two programs as this module starts them: for short runs, with classes shared from an archive."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORT = ("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx1g")
_ARCHIVES_SINCE = 13
_COMPILER = "jdk.compiler/com.sun.tools.javac.Main"
_QUIET = ("-Xlog:disable", "-Xlog:all=off")


def major(home: str) -> int:
    """The JDK's version: 8, 17, …; 0 where it does not say."""
    try:
        said = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', Path(home, "release").read_text("utf-8"))
    except OSError:
        return 0
    return int(said[1]) if said else 0


def archives(home: str) -> bool:
    """Whether classes can be shared from an archive of ours."""
    return major(home) >= _ARCHIVES_SINCE


def javac(home: str, flags: Sequence[str] = ()) -> list[str]:
    """The compiler; `flags` are its virtual machine's."""
    if not archives(home):
        return [f"{home}/bin/javac", *(f"-J{flag}" for flag in SHORT)]
    return [f"{home}/bin/java", *SHORT, *flags, "-m", _COMPILER]


def java(home: str, flags: Sequence[str]) -> list[str]:
    """The virtual machine."""
    return [f"{home}/bin/java", *SHORT, *flags]


def archived(archive: Path) -> list[str]:
    """Flags that take classes from an archive, if there is one."""
    return [f"-XX:SharedArchiveFile={archive}", *_QUIET] if archive.is_file() else []


def archiving(archive: Path) -> list[str]:
    """Flags that write what was loaded to an archive in the end."""
    return [f"-XX:ArchiveClassesAtExit={archive}", *_QUIET]

"""Where a JDK, a build tool and what it has downloaded stand on this machine; and a project's modules."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.running import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator

MAVEN, GRADLE = "maven", "gradle"
_FILES = {
    MAVEN: ("pom.xml",),
    GRADLE: ("settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"),
}
_PROGRAMS = {MAVEN: "mvn", GRADLE: "gradle"}
_WRAPPED = {MAVEN: ".m2/wrapper/dists", GRADLE: ".gradle/wrapper/dists"}
_REPOSITORY = re.compile(r"-Dmaven\.repo\.local=(\S+)")
_SETTING = re.compile(r"<localRepository>\s*([^<]+?)\s*</localRepository>")


def environment(root: Path) -> Environment:
    """The build tool of a project, with all that it reads."""
    home = java_home()
    if home is None:
        return Environment(
            Path(), (), problem="No JDK was found. Install one (with `javac`), or set JAVA_HOME to it."
        )
    kind = tool(root)
    if not kind:
        return Environment(
            Path(), (), problem=f"{root} has no pom.xml and no build.gradle that says how its tests run."
        )
    program = _program(kind)
    if program is None:
        name = _PROGRAMS[kind]
        why = f"No `{name}` was found, and a wrapper would download one. Install it, or put it on PATH."
        return Environment(Path(), (), problem=why)
    downloaded = repository() if kind == MAVEN else gradle_caches()
    wanted = [home, *_linked(home), program.parent.parent, *_linked(program.parent.parent), downloaded]
    return Environment(program, tuple(path for path in dict.fromkeys(wanted) if path.exists()), kind)


def tool(root: Path) -> str:
    """What builds a project; empty where nothing says so."""
    return next(
        (kind for kind, names in _FILES.items() if any((root / name).is_file() for name in names)), ""
    )


def module(root: Path, path: str) -> str:
    """The folder of the module that a file belongs to, from the root."""
    names = _FILES.get(tool(root), ())
    around = PurePosixPath(path).parents
    own = (each for each in around if any((root / each / name).is_file() for name in names))
    return next(own, PurePosixPath()).as_posix()


def command(kind: str, program: Path) -> tuple[str, ...]:
    """How the tool is started: offline, without colours, and with nothing that outlives it."""
    if kind == GRADLE:
        return (str(program), "--offline", "--console=plain", "--no-daemon", "-q")
    # Settings, which may hold passwords, stay outside: what any repository of theirs has brought is taken.
    anyone = "-Daether.enhancedLocalRepository.trackingFilename=of-no-repository"
    return (str(program), "-o", "-B", "-Dstyle.color=never", f"-Dmaven.repo.local={repository()}", anyone)


def java_home() -> Path | None:
    """The JDK of JAVA_HOME, or of the `javac` on PATH, or a usual one."""
    told = os.environ.get("JAVA_HOME", "")
    found = shutil.which("javac")
    usual = [Path.home() / ".sdkman/candidates/java/current", Path("/usr/lib/jvm/default-java")]
    homes = [
        *([Path(told)] if told else []),
        *([Path(found).resolve().parent.parent] if found else []),
        *usual,
    ]
    return next((home.resolve() for home in homes if (home / "bin" / "javac").is_file()), None)


def repository() -> Path:
    """Maven's local repository: as its options say, or the user's settings, or where it always is."""
    options = " ".join(os.environ.get(name, "") for name in ("MAVEN_ARGS", "MAVEN_OPTS"))
    told = _REPOSITORY.search(options)
    if told:
        return Path(told[1])
    home = Path.home()
    try:
        setting = _SETTING.search((home / ".m2" / "settings.xml").read_text("utf-8", "replace"))
    except OSError:
        setting = None
    return Path(setting[1].replace("${user.home}", str(home))) if setting else home / ".m2" / "repository"


def gradle_caches() -> Path:
    """What Gradle has downloaded; beside it stand settings that may hold passwords."""
    return Path(os.environ.get("GRADLE_USER_HOME") or Path.home() / ".gradle") / "caches"


def _program(kind: str) -> Path | None:
    """The tool on PATH, or the newest that a wrapper has brought before."""
    found = shutil.which(_PROGRAMS[kind])
    if found:
        return Path(found).resolve()
    brought = sorted((Path.home() / _WRAPPED[kind]).glob(f"*/*/*/bin/{_PROGRAMS[kind]}"))
    return brought[-1].resolve() if brought else None


def _linked(home: Path) -> Iterator[Path]:
    """Folders of the system's settings that an installation's links lead to."""
    for folder in (
        home,
        home / "conf",
        home / "conf" / "security",
        home / "lib",
        home / "lib" / "security",
        home / "bin",
    ):
        for entry in folder.iterdir() if folder.is_dir() else ():
            if entry.is_symlink():
                real = entry.resolve()
                if real.is_relative_to("/etc") and len(real.parts) > 2:  # noqa: PLR2004 -- /etc itself is none
                    yield Path(*real.parts[:3])

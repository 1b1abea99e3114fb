"""JUnit as a module's class path has it, and our launcher for it."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent / "launcher"
PLATFORM, CLASSIC = "Platform", "Classic"
_OWN = re.compile(
    r"/(?:junit-(?:platform|jupiter|vintage)-?[\w-]*|opentest4j|apiguardian-api|jspecify)-[\w.-]+\.jar$"
)


def found(classpath: Sequence[str], repository: str) -> tuple[str, list[str]]:
    """How tests of such a class path are launched, and jars to put before it; no way: only by their own tool.

    The launcher, and an engine that the project leaves to Surefire, are taken from the local repository.
    """
    platform = _version(classpath, "junit-platform-commons")
    if platform:
        own = [path for path in classpath if _OWN.search(path)]
        wanted = {"org/junit/platform/junit-platform-launcher": platform}
        wanted["org/junit/platform/junit-platform-engine"] = platform
        jupiter = _version(classpath, "junit-jupiter-api")
        if jupiter:
            wanted["org/junit/jupiter/junit-jupiter-engine"] = jupiter
        more = [_jar(repository, name, version) for name, version in wanted.items()]
        more = [path for path in more if Path(path).name not in {Path(each).name for each in own}]
        return (PLATFORM, [*more, *own]) if all(Path(path).is_file() for path in more) else ("", [])
    return (CLASSIC, []) if _version(classpath, "junit") else ("", [])


def launcher(way: str, classpath: Sequence[str], javac: Sequence[str], folder: Path) -> str:
    """Our launcher, compiled against the project's own JUnit: its jar, or nothing where it does not fit."""
    names = [
        "Tests",
        way,
        *(["Sample"] if way == PLATFORM and _version(classpath, "junit-jupiter-api") else []),
    ]
    made = folder / "launcher"
    made.mkdir(parents=True, exist_ok=True)
    sources = [str(HERE / "copelsp" / f"{name}.java") for name in names]
    done = subprocess.run(  # noqa: S603 -- our own launcher, in the sandbox
        [*javac, "-proc:none", "-nowarn", "-d", str(made), "-cp", ":".join(classpath), *sources],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        return ""
    path = folder / "launcher.jar"
    with zipfile.ZipFile(path, "w") as jar:
        for each in sorted(made.rglob("*.class")):
            jar.write(each, each.relative_to(made).as_posix())
    return str(path)


def _version(classpath: Sequence[str], name: str) -> str:
    """The version of a jar on a class path, from its name."""
    pattern = re.compile(rf"/{re.escape(name)}-(\d[\w.-]*)\.jar$")
    return next((match[1] for path in classpath if (match := pattern.search(path))), "")


def _jar(repository: str, name: str, version: str) -> str:
    return f"{repository}/{name}/{version}/{name.rpartition('/')[2]}-{version}.jar"

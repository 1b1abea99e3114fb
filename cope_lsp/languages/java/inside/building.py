"""The step `build`: the module once by its own tool, from then on one file a candidate."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.java.inside import gradle, jdk, junit, maven, plan
from cope_lsp.languages.java.inside.plan import Broken, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable

REFUSED, UNBUILT = 1, 2
_DROPPED = frozenset(
    {"-d", "-classpath", "-cp", "--class-path", "-sourcepath", "--source-path", "-s", "-h", "-p"}
    | {"--module-path", "--module-version", "--patch-module", "--add-reads", "--module-source-path"}
)
_PATHS = ("-classpath", "-cp", "--class-path", "-p", "--module-path")
_SOURCES = ("-sourcepath", "--source-path")


def build(order: dict[str, Any], cache: Path, scratch: Path) -> int:
    """Compile the candidate; the module before it, where that has not been done."""
    if order["tool"] == "gradle":
        return gradle.build(order)
    try:
        made = _planned(order, cache)
    except Broken as broken:
        sys.stderr.write(f"{broken}\n")
        return UNBUILT
    if not made.compiles:
        done = maven.run(order, ["-q", "test-compile"])
        sys.stderr.write("" if done.returncode == 0 else maven.complaints(done.stdout + done.stderr))
        return REFUSED if done.returncode else 0
    return _compile(order, made, cache, scratch)


def folder_of(order: dict[str, Any], cache: Path) -> Path:
    """Where a module's builds are kept."""
    return cache / "java" / hashlib.sha256(order["module"].encode()).hexdigest()[:12]


def _planned(order: dict[str, Any], cache: Path) -> Plan:
    """What an earlier build found out, if all that went into it is as it was; else a new one."""
    folder = folder_of(order, cache)
    key = json.dumps([order["command"], order["java"], order["repository"]])
    old = plan.load(folder)
    same = old and old.key == key and old.target == order["path"]
    if old and same and plan.stamps(old.folders, order["path"]) == old.stamps:
        return old
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    told = maven.ask(order)
    made = _made(order, told, key, cache)
    made.save(folder)
    return made


def _made(order: dict[str, Any], told: maven.Told, key: str, cache: Path) -> Plan:
    """The plan of a build: with how to do without Maven, where our launcher fits."""
    own = os.path.normpath(Path.cwd() / order["module"])
    folders = _folders({each.basedir for each in told.compiles} | {own})
    made = Plan(key, order["path"], plan.stamps(folders, order["path"]), folders)
    mine = [each for each in told.compiles if os.path.normpath(each.basedir) == own]
    tests = next((each for each in mine if each.goal == "testCompile"), None)
    if tests is None:
        return made
    kept = _Kept(folder_of(order, cache), cache)
    classpath = [kept.path(each) for each in tests.of(*_PATHS)]
    way, jars = junit.found(classpath, order["repository"])
    launcher = _launcher(order, way, [*jars, *_here(classpath, cache)], cache)
    if not launcher:
        return made
    config = next((each for each in told.surefire if os.path.normpath(each.get("basedir", "")) == own), None)
    settings = config or {}
    return replace(
        made,
        compiles=[_compiled(order, each, kept) for each in mine],
        classpath=classpath,
        way=way,
        shared=[kept.named(launcher), *jars],
        flags=_flags(settings, own),
        env=maven.mapping(settings.get("environmentVariables", "")),
        working=os.path.relpath(settings.get("workingDirectory") or own),
    )


def _launcher(order: dict[str, Any], way: str, classpath: list[str], cache: Path) -> str:
    return junit.launcher(way, classpath, jdk.javac(order["java"]), folder_of(order, cache)) if way else ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Folders of classes, copied from where the tool made them to where builds are kept."""

    folder: Path
    cache: Path
    copies: dict[str, str] = field(default_factory=dict[str, str])

    def path(self, entry: str) -> str:
        """An entry of a class path, or its copy."""
        if not Path(entry).is_relative_to(Path.cwd()):
            return entry
        if entry not in self.copies:
            copy = self.folder / "classes" / f"{len(self.copies)}{Path(entry).suffix}"
            copy.parent.mkdir(exist_ok=True)
            if Path(entry).is_dir():
                shutil.copytree(entry, copy)
            elif Path(entry).is_file():
                shutil.copyfile(entry, copy)
            self.copies[entry] = self.named(str(copy))
        return self.copies[entry]

    def named(self, path: str) -> str:
        """A path as a plan has it."""
        return path.replace(str(self.cache), plan.CACHE, 1)


def _folders(modules: Iterable[str]) -> list[str]:
    """Modules that went into a build, from the root, with the build files of those around them."""
    found: dict[str, None] = {}
    for module in sorted(modules):
        name = Path(os.path.relpath(module))
        if ".." not in name.parts:
            found |= {str(name): None, **{str(each / "pom.xml"): None for each in name.parents}}
    return [*found, ".mvn/maven.config", ".mvn/jvm.config", ".mvn/extensions.xml"]


def _compiled(order: dict[str, Any], each: maven.Compile, kept: _Kept) -> dict[str, Any]:
    """How to compile one file as a run of javac did; `--release` of the JDK's own version only costs time."""
    own = str(jdk.major(order["java"]))
    options = [
        part
        for option in each.options
        if option[0] not in _DROPPED and option != ["--release", own] and not option[0].startswith("-J")
        for part in option
    ]
    sources = [os.path.relpath(path) for path in each.of(*_SOURCES)]
    return {
        "sources": sources,
        "options": options,
        "classpath": [kept.path(path) for path in each.of(*_PATHS)],
    }


def _flags(config: dict[str, str], module: str) -> list[str]:
    """What Surefire gives to the virtual machine of the tests; coverage agents are left out."""
    given = [word for word in config.get("argLine", "").split() if "${" not in word and "@{" not in word]
    kept = [word for word in given if not (word.startswith("-javaagent:") and "jacoco" in word)]
    defined = maven.mapping(config.get("systemPropertyVariables", ""))
    asserting = ["-ea"] if config.get("enableAssertions", "true") == "true" else []
    properties = [f"-D{name}={value}" for name, value in {"basedir": module, **defined}.items()]
    return [*asserting, *kept, *properties]


def _here(paths: Iterable[str], cache: Path) -> list[str]:
    return [plan.in_cache(path, cache) for path in paths]


def _compile(order: dict[str, Any], made: Plan, cache: Path, scratch: Path) -> int:
    """Compile the target's own file against the classes of all others."""
    for each in made.compiles:
        if any(Path(order["path"]).is_relative_to(source) for source in each["sources"]):
            break
    else:
        sys.stderr.write(f"{order['path']} is in none of the module's source folders.\n")
        return UNBUILT
    out = scratch / "classes"
    out.mkdir(parents=True, exist_ok=True)
    archive = folder_of(order, cache) / "javac.jsa"
    flags = jdk.archived(archive) if archive.is_file() else jdk.archiving(archive)
    done = subprocess.run(  # noqa: S603 -- the compiler, in the sandbox
        [
            *jdk.javac(order["java"], flags),
            *each["options"],
            *("-implicit:none", "-d", str(out), "-s", str(out), "-sourcepath", ""),
            *("-cp", ":".join([*_here(each["classpath"], cache)])),
            order["path"],
        ],
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return REFUSED if done.returncode else 0

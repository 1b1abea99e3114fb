"""What is particular to Java: replies, conventions, names of tests, places of tools, logs and reports."""

from __future__ import annotations

import base64
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.java import places, tools
from cope_lsp.languages.java.inside import junit, maven, plan, reports
from cope_lsp.languages.java.language import JAVA
from cope_lsp.languages.running import Environment, Outcome, TestCase, Work
from cope_lsp.languages.toolchain.results import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASS = """package a;

import java.util.List;

class A {
  private final int x;

  A(int x) { this.x = x; }

  /** Adds them. */
  @Deprecated
  int sum(List<Integer> xs) {
    throw new UnsupportedOperationException();
  }

  int other() { return x; }
}
"""
LOOP = "int total = 0;\nfor (int each : xs) {\n    total += each;\n}\nreturn total;"
TABS = "\t\t"
HEAD = "int sum(List<Integer> xs) {"


def _completed(reply: str, text: str = CLASS, name: str = "A.sum") -> str:
    source = JAVA.syntax.parse(text.encode())
    target = JAVA.syntax.target_named(source, name)
    assert target is not None
    patch = JAVA.syntax.complete(source, target, reply)
    assert patch.text is not None, patch.problem
    assert not JAVA.syntax.breaches(source, target, JAVA.syntax.parse(patch.text.encode()))
    return patch.text


def _indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "reply",
    [
        f"```java\n{HEAD}\n{_indented(LOOP, '    ')}}}\n```",
        f"```java\n{LOOP}\n```",
        f"So:\n```java\nclass A {{\n    @Deprecated\n    {HEAD}\n{_indented(LOOP, ' ' * 8)}    }}\n}}\n```",
        f"```java\nimport java.util.List;\n\nclass A {{\n\t{HEAD}\n{_indented(LOOP, TABS)}\t}}\n}}\n```",
        f"{HEAD}\r\n" + _indented(LOOP, "    ").replace("\n", "\r\n") + "}",
    ],
    ids=["a bare method", "a body", "a whole class", "another unit, with imports", "no fence, CRLF"],
)
def test_a_reply_in_any_shape_becomes_the_same_text(reply: str) -> None:
    """Bare method, body alone, whole class, tabs, CRLF: the file's own layout comes of each."""
    stub = "    throw new UnsupportedOperationException();\n"
    wanted = CLASS.replace(stub, _indented(LOOP.replace("    ", "  "), "    "))
    assert _completed(reply) == wanted


def test_imports_and_helpers_come_along() -> None:
    """What the reply's method needs beside it and above the file is put there, and nothing else."""
    reply = """```java
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.Map;

class A {
    int sum(List<Integer> xs) {
        IntBinaryOperator add = A::add;
        return xs.stream().mapToInt(Integer::intValue).reduce(0, add);
    }

    private static int add(int a, int b) { return a + b; }

    int unneeded() { return 1; }
}
```"""
    text = _completed(reply)
    assert "import java.util.List;\nimport java.util.function.IntBinaryOperator;\n\nclass" in text
    assert "  private static int add(int a, int b) { return a + b; }\n" in text
    assert "Map" not in text
    assert "unneeded" not in text


def test_a_file_with_crlf_keeps_it() -> None:
    """No line ends otherwise after the edit."""
    text = _completed(f"```java\n{LOOP}\n```", CLASS.replace("\n", "\r\n"))
    assert text.count("\n") == text.count("\r\n")


def test_other_parameters_are_refused() -> None:
    """The user's head stands."""
    source = JAVA.syntax.parse(CLASS.encode())
    target = JAVA.syntax.target_named(source, "A.sum")
    assert target is not None
    patch = JAVA.syntax.complete(
        source, target, "```java\nint sum(List<Integer> a, int b) { return b; }\n```"
    )
    assert patch.text is None
    assert "parameters" in patch.problem


def test_an_emptied_constructor_still_calls_the_other() -> None:
    """Without `super(…)` the emptied text would not compile, and nothing could be proved."""
    text = b"class A extends B {\n  A(int x) {\n    // first\n    super(x);\n    y = x;\n  }\n}\n"
    target = JAVA.syntax.target_named(JAVA.syntax.parse(text), "A.A")
    assert target is not None
    hollow = JAVA.running.hollow(text, target).decode()
    assert "{ super(x); System.err.println(" in hollow
    assert "y = x" not in hollow


@pytest.mark.parametrize(
    "code",
    [
        "System.exit(0);",
        "System . exit(0);",
        "Runtime.getRuntime().halt(0);",
        'Class.forName("x");',
        "A.class.getDeclaredField(n).setAccessible(true);",
        "System.setOut(null);",
        "new java.io.FileOutputStream(java.io.FileDescriptor.out);",
        "Thread.currentThread().getStackTrace();",
        "Syst\\u0065m.e\\u0078it(0);",
        "org.junit.jupiter.api.Assertions.fail();",
    ],
)
def test_what_leads_into_the_machinery_that_judges_is_seen(code: str) -> None:
    """Ending the process, forging its report, looking at who calls, hiding any of it in escapes."""
    before = b"class A { int f() { return 1; } }"
    after = f"class A {{ int f() {{ {code} return 1; }} }}".encode()
    assert JAVA.running.reaches(before, after)
    assert not JAVA.running.reaches(before, before.replace(b"return 1", b"return Math.max(1, 2)"))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("new java.net.Socket();", "network"),
        ('new ProcessBuilder("x").start();', "process"),
        ('Files.readString(Path.of("x"));', "files"),
        ('System.getenv("X");', "environment"),
        ("Class.forName(x);", "eval"),
        ("System.loadLibrary(x);", "native"),
    ],
)
def test_new_powers_are_named(code: str, kind: str) -> None:
    """Network, processes, files, environment, code from text, native code."""
    before = JAVA.syntax.parse(b"class A { int f() { return 1; } }")
    after = JAVA.syntax.parse(f"class A {{ int f() {{ {code} return 1; }} }}".encode())
    assert any(each.startswith(f"{kind}: ") for each in JAVA.syntax.powers(before, after))


def test_tests_go_by_class_and_method(tmp_path: Path) -> None:
    """Nested classes by `$`; helpers are followed; another module's tests are left out."""
    test = b"""package a;
class ATest {
    private int made() { return new A(1).sum(null); }
    @org.junit.jupiter.api.Test void direct() { new A(1).sum(null); }
    @Nested class Deep { @RepeatedTest(2) void through() { made(); } }
    @Test void apart() { new A(1).other(); }
    void none() { new A(1).sum(null); }
}
"""
    for module in ("app", "lib"):
        (tmp_path / module / "src").mkdir(parents=True)
        (tmp_path / module / "pom.xml").write_text("<project/>")
    (tmp_path / "pom.xml").write_text("<project/>")
    (tmp_path / "app/src/A.java").write_text(CLASS)
    target = JAVA.syntax.target_named(JAVA.syntax.parse(CLASS.encode()), "A.sum")
    assert target is not None
    files = {"app/src/ATest.java": test, "lib/src/ATest.java": test}
    found = JAVA.running.tests_for(tmp_path, "app/src/A.java", target, files)
    assert [each.id for each in found] == ["a.ATest#direct", "a.ATest$Deep#through"]


def test_the_settings_say_where_the_repository_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options first, then `settings.xml`, then the usual place."""
    for name in ("MAVEN_ARGS", "MAVEN_OPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert places.repository() == tmp_path / ".m2" / "repository"
    (tmp_path / ".m2").mkdir()
    setting = "<settings><localRepository>${user.home}/jars</localRepository></settings>"
    (tmp_path / ".m2" / "settings.xml").write_text(setting)
    assert places.repository() == tmp_path / "jars"
    monkeypatch.setenv("MAVEN_OPTS", "-Xmx1g -Dmaven.repo.local=/elsewhere")
    assert places.repository() == Path("/elsewhere")


@pytest.mark.skipif(shutil.which("javac") is None, reason="needs a JDK")
def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No build file, no build tool: each with what to do."""
    assert "no pom.xml" in places.environment(tmp_path).problem
    (tmp_path / "build.gradle").write_text("")
    monkeypatch.setenv("JAVA_HOME", str(places.java_home()))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "No `gradle` was found" in places.environment(tmp_path).problem


def _work(root: Path, **changes: object) -> Work:
    tests = (
        TestCase("a.ATest#f", "src/ATest.java", "JUnit"),
        TestCase("a.ATest$B#g", "src/ATest.java", "JUnit"),
    )
    work = Work(path="app/src/A.java", qualname="A.f", lines=(1, 1), tests=tests, nonce="secret", root=root)
    return replace(work, checks=(TestCase(tools.JAVAC, "app/src/A.java", "javac"),), **changes)  # type: ignore[arg-type]


def test_gradle_runs_the_tests_of_the_module_alone(tmp_path: Path) -> None:
    """By an installed `gradle`, offline, with the module's path; the wrapper is never started."""
    (tmp_path / "app").mkdir()
    (tmp_path / "settings.gradle").write_text("include 'app'")
    (tmp_path / "app" / "build.gradle").write_text("")
    recipe = tools.recipe(Environment(Path("/opt/gradle/bin/gradle"), (), "gradle"), _work(tmp_path))
    build, tests = recipe.steps
    assert build.id == tools.BUILD
    assert tests.needs == tools.BUILD
    assert '"command": ["/opt/gradle/bin/gradle", "--offline"' in tests.stdin
    assert '"module": "app"' in tests.stdin
    assert '"class": "a.ATest$B", "method": "g"' in tests.stdin


def test_a_command_of_the_user_overrides_it(tmp_path: Path) -> None:
    """Another program is run once a test; Maven's own options are added to ours."""
    (tmp_path / "pom.xml").write_text("<project/>")
    environment = Environment(Path("/usr/bin/mvn"), (), "maven")
    own = tools.recipe(environment, _work(tmp_path, command=("./check", "-v")))
    assert [step.argv for step in own.steps[1:]] == [
        ("./check", "-v", "a.ATest#f"),
        ("./check", "-v", "a.ATest$B#g"),
    ]
    more = tools.recipe(environment, _work(tmp_path, command=("mvn", "-Pslow", "test")))
    assert '"-Pslow"]' in more.steps[0].stdin


def _read(work: Work, said: str, exits: Mapping[str, int] | None = None) -> list[Outcome]:
    seen = {
        name: Result(
            name,
            (exits or {}).get(name, 0),
            said if name == tools.TESTS else "",
            "error: x",
            timed_out=False,
            seconds=1.0,
        )
        for name in (tools.BUILD, tools.TESTS)
    }
    return [verdict.outcome for verdict in tools.read(work, seen)]


def test_only_the_code_of_a_test_says_that_it_passed(tmp_path: Path) -> None:
    """A candidate that prints the line without knowing the code, or another test's, has not passed."""
    work = _work(tmp_path)
    first, second = (tools.code(work, number) for number in range(2))
    detail = base64.b64encode(b"expected 1").decode()
    passed, failed = Outcome.PASSED, Outcome.FAILED
    assert _read(work, f"ok 0 {first}\nok 1 {second}") == [passed, passed, passed]
    assert _read(work, f"ok 0 {second}\nfail 1 {detail}") == [Outcome.MISSING, failed, passed]
    assert _read(work, "ok 0 forged\ngone 0 0\nlate 1") == [failed, Outcome.TIMED_OUT, passed]


def test_the_compiler_and_the_module_are_told_apart(tmp_path: Path) -> None:
    """A candidate that does not compile fails the check; a module that was not built says nothing of it."""
    work = _work(tmp_path)
    assert _read(work, "", {tools.BUILD: 1})[-1] is Outcome.FAILED
    assert _read(work, "", {tools.BUILD: tools.UNBUILT}) == [Outcome.ERRORED] * 3


LOG = """[INFO] Scanning
[DEBUG] Configuring mojo 'org.apache.maven.plugins:maven-compiler-plugin:3.11.0:compile' with …
[DEBUG]   (f) basedir = /my p/app
[DEBUG] Command line options:
[DEBUG] -d /my p/app/t -classpath /my p/app/t:/r/x.jar: -sourcepath /my p/app/src: -g -Xlint:all
[DEBUG] Configuring mojo 'org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test' with …
[DEBUG]   (s) argLine = -Xss2m
[DEBUG]   (s) basedir = /my p/app
[DEBUG]   (s) systemPropertyVariables = {who=me you, b=2}
"""


def test_mavens_log_says_how_it_compiles() -> None:
    """Options with their values, also with spaces in paths, and what Surefire gives to the tests."""
    told = maven.read(LOG)
    (compiled,) = told.compiles
    assert (compiled.goal, compiled.basedir) == ("compile", "/my p/app")
    assert compiled.of("-classpath") == ["/my p/app/t", "/r/x.jar"]
    assert compiled.options[-2:] == [["-g"], ["-Xlint:all"]]
    assert maven.mapping(told.surefire[0]["systemPropertyVariables"]) == {"who": "me you", "b": "2"}


def test_maven_says_what_is_missing_in_few_words() -> None:
    """The complaint without its advice."""
    log = "[INFO] x\n[ERROR] Could not find a:b:1 in offline mode -> [Help 1]\n[ERROR] \n[ERROR] [Help 1] http://x\n"
    assert maven.complaints(log) == "Could not find a:b:1 in offline mode"


def test_reports_in_xml_are_read_by_class_and_method(tmp_path: Path) -> None:
    """All runs of a test with parameters together; a broken file says nothing."""
    (tmp_path / "TEST-a.xml").write_text(
        '<testsuite><testcase classname="a.T" name="f"/><testcase classname="a.T" name="g(int)[1]"/>'
        '<testcase classname="a.T" name="g(int)[2]">'
        "<failure>expected 1</failure></testcase></testsuite>"
    )
    (tmp_path / "TEST-b.xml").write_text("<testsuite><testcase")
    assert list(reports.read(tmp_path)) == [("a.T", "f", ""), ("a.T", "g", "expected 1\n")]


def test_the_launcher_fits_the_projects_junit(tmp_path: Path) -> None:
    """JUnit 5 where its launcher was downloaded, JUnit 4 by itself, else the build tool."""
    jar = "/r/org/junit/platform/junit-platform-commons/1.10.2/junit-platform-commons-1.10.2.jar"
    assert junit.found([jar], str(tmp_path)) == ("", [])
    for name in ("launcher", "engine"):
        folder = tmp_path / f"org/junit/platform/junit-platform-{name}/1.10.2"
        folder.mkdir(parents=True)
        (folder / f"junit-platform-{name}-1.10.2.jar").touch()
    way, jars = junit.found([jar], str(tmp_path))
    assert way == junit.PLATFORM
    assert [Path(each).name for each in jars][-1] == Path(jar).name
    assert junit.found(["/r/junit/junit/4.13.2/junit-4.13.2.jar"], str(tmp_path)) == (junit.CLASSIC, [])
    assert junit.found(["/r/testng/testng-7.jar"], str(tmp_path)) == ("", [])


def test_what_went_into_a_build_is_seen_to_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any file of a module but the candidate's own and what is built."""
    monkeypatch.chdir(tmp_path)
    for name in ("pom.xml", "src/A.java", "src/B.java", "target/A.class"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(name)
    before = plan.stamps(["."], "src/A.java")
    assert set(before) == {"pom.xml", "src/B.java"}
    Path("src/A.java").write_text("changed")
    assert plan.stamps(["."], "src/A.java") == before
    Path("src/B.java").write_text("changed")
    assert plan.stamps(["."], "src/A.java") != before

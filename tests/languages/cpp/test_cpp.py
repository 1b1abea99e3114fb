"""What is particular to C++'s text: replies in all shapes, includes, emptied bodies, tests' names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.cpp import tools
from cope_lsp.languages.cpp.headers import bound
from cope_lsp.languages.cpp.language import CPP
from cope_lsp.languages.running import Environment, TestCase, Work

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target

HEADER = """#pragma once

#include <string>

namespace shop {

class Basket {
public:
    int total(int discount) const {
        // TODO
        return 0;
    }

    int total() const { return 1; }

private:
    int sum_ = 0;
};

}  // namespace shop
"""
OWN_CLASS = """```cpp
class Basket {
public:
    int total() const { return 1; }
    int total(int discount) const {
        return sum_ - discount;
    }
};
```"""
WANTED = HEADER.replace("// TODO\n        return 0;", "return sum_ - discount;")


def target(text: str, qualname: str) -> Target:
    """The definition of that name."""
    found = CPP.syntax.target_named(CPP.syntax.parse(text.encode()), qualname)
    assert found is not None
    return found


def completed(text: str, qualname: str, reply: str) -> str | None:
    """The file's text after a reply; None where it cannot be used."""
    source = CPP.syntax.parse(text.encode())
    found = CPP.syntax.target_named(source, qualname)
    assert found is not None
    return CPP.syntax.complete(source, found, reply).text


@pytest.mark.parametrize(
    "reply",
    [
        "```cpp\nint total(int discount) const {\n    return sum_ - discount;\n}\n```",
        "```cpp\nint Basket::total(int discount) const {\n  return sum_ - discount;\n}\n```",
        "```\nint shop::Basket::total(int discount) const\n{\n\treturn sum_ - discount;\n}\n```",
        "```cpp\nreturn sum_ - discount;\n```",
        "Here it is:\n```c++\n{\n    return sum_ - discount;\n}\n```\nThat is all.",
        "int total(int discount) const { \n  return sum_ - discount;\n}",
        "```cpp\r\nint total(int discount) const {\r\n    return sum_ - discount;\r\n}\r\n```",
        f"```cpp\n{WANTED}```",
        OWN_CLASS,
    ],
)
def test_a_reply_in_any_shape_is_put_in_place(reply: str) -> None:
    """A method, its class, its file, a body: the file gets the body, and of overloads the right one."""
    text = completed(HEADER, "shop.Basket.total", reply)
    assert text is not None
    assert "".join(text.split()) == "".join(WANTED.split())
    assert "        return sum_ - discount;" in text


def test_windows_lines_stay() -> None:
    """A reply with plain line ends becomes lines like the file's."""
    text = "int f(int x) {\r\n    // TODO\r\n    return 0;\r\n}\r\n"
    assert completed(text, "f", "```\nint f(int x) {\n  return x;\n}\n```") == (
        "int f(int x) {\r\n    return x;\r\n}\r\n"
    )


def test_a_helper_that_the_reply_needs_comes_along() -> None:
    """What the reply puts beside the target is put above it in the file: C++ reads from the top."""
    helper = "template <typename T>\nT twice(T x) { return 2 * x; }"
    reply = f"```\n{helper}\n\nint f(int x) {{ return twice(x); }}\n```"
    text = completed("// Doubles.\nint f(int x) { return 0; /* TODO */ }\n", "f", reply)
    assert text == f"{helper}\n\n// Doubles.\nint f(int x) {{ return twice(x); }}\n"


def test_a_helper_outside_a_class_stands_above_it() -> None:
    """In the namespace that holds the class."""
    bill = "struct Bill {\n  int total(int x) {\n    // TODO\n  }\n};\n"
    done = bill.replace("// TODO", "return twice(x);")
    reply = f"```\nint twice(int x) {{ return 2 * x; }}\n\n{done}```"
    text = completed(f"namespace shop {{\n{bill}}}\n", "shop.Bill.total", reply)
    assert text is not None
    assert text.index("int twice") < text.index("struct Bill")
    assert text.index("namespace shop") < text.index("int twice")


@pytest.mark.parametrize(
    ("reply", "lines"),
    [
        (
            "#include <algorithm>\n#include <iostream>\nint f(int a) { return std::max(a, 0); }",
            ["<algorithm>"],
        ),
        ("#include <math.h>\nint f(int a) { return sqrt(a); }", ["<math.h>"]),
        (
            '#include "other.hpp"\n#include <strange/thing>\nint f(int a) { return thing(a); }',
            ["<strange/thing>"],
        ),
        ('#include "basket.hpp"\nint f(int a) { return Basket().size() + a; }', ['"basket.hpp"']),
    ],
)
def test_only_includes_that_are_used_come_along(reply: str, lines: list[str]) -> None:
    """A standard header where one of its names is used, the project's where something is called like it."""
    before = "#pragma once\n\nint f(int a) { /* TODO */ return 0; }\n"
    text = completed(before, "f", f"```cpp\n{reply}\n```")
    assert text is not None
    assert [line.removeprefix("#include ") for line in text.splitlines() if "#include" in line] == lines
    assert text.startswith("#pragma once\n")


def test_an_include_that_the_file_has_by_another_path_is_left_out() -> None:
    """A model names the header as it likes; the header itself is not included in itself."""
    reply = '```\n#include "basket.hpp"\nint Basket::total() const { return 1; }\n```'
    inside = '#include "shop/basket.hpp"\n\nint Basket::total() const { return 1; }\n'
    assert completed(inside.replace("return 1;", ""), "Basket.total", reply) == inside
    own = "struct Basket {\n    int total() const {}\n};\n"
    assert completed(own, "Basket.total", reply) == own.replace("{}", "{ return 1; }")


def test_an_include_goes_after_those_of_the_guard_and_not_into_a_branch() -> None:
    """What a branch of the preprocessor includes is no place for more."""
    before = "#ifndef A_H\n#define A_H\n#include <string>\n#ifdef _WIN32\n#include <windows.h>\n#endif\n"
    text = completed(
        f"{before}int f(int a) {{ return 0; /* TODO */ }}\n#endif\n",
        "f",
        "```\n#include <vector>\nint f(int a) { return std::vector<int>(a).size(); }\n```",
    )
    assert text is not None
    assert "#include <string>\n#include <vector>\n#ifdef _WIN32\n" in text


def test_headers_of_c_are_known_by_either_name() -> None:
    """`<string.h>` and `<cstring>` bring the same."""
    assert bound("#include <string.h>") == bound("#include <cstring>")
    assert "memcpy" in bound("#include <cstring>")


SHAPES = """
int plain(int a, int b) { return a + b; }
constexpr int early(int a) { return a; }
static_assert(early(2) == 2, "");
namespace n { template <class T> constexpr T generic(T a) noexcept { return a; } }
struct S { int x; S(int y) : x(y) { x += 1; } ~S() { x = 0; } operator bool() const { return x != 0; } };
auto twice = [](int x) { return 2 * x; };
auto deduced(int a) { return a; }
void nothing(int a) { (void)a; }
[[noreturn]] void never() { throw 1; }
static int alone(int a) { return a; }
int main() {
    nothing(alone(1));
    if (plain(1, 2) < 0) never();
    return n::generic(1) + twice(3) + deduced(2) + S(1).x + (S(2) ? 1 : 0);
}
"""
NAMES = [
    "plain",
    "early",
    "n.generic",
    "S.S",
    "S.~S",
    "S.bool",
    "twice",
    "deduced",
    "nothing",
    "never",
    "alone",
]


def test_an_emptied_function_of_any_kind_compiles_and_says_so(tmp_path: Path) -> None:
    """No include is needed, no warning is new; each one that runs ends the program with the token."""
    compiler = shutil.which("c++")
    assert compiler
    runs = {"plain", "n.generic", "S.S", "twice", "nothing"}
    for name in NAMES:
        file = tmp_path / "a.cpp"
        file.write_bytes(CPP.running.hollow(SHAPES.encode(), target(SHAPES, name)))
        flags = ["-std=c++14", "-Wall", "-Wextra", "-Wshadow", "-Wpedantic", "-Werror"]
        argv = [compiler, *flags, str(file), "-o", str(tmp_path / "a")]
        kind = argv if name in runs else [*argv, "-fsyntax-only"]
        done = subprocess.run(kind, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{name}: {done.stderr}"
        if name in runs:
            ran = subprocess.run([tmp_path / "a"], capture_output=True, text=True, check=False)
            assert ran.returncode < 0
            assert "cope: not written" in ran.stderr


def test_tests_are_found_by_what_they_mention() -> None:
    """By the target, a helper, the fixture; an operator by its type. Ids are what the runners know."""
    text = b"""
class Filled : public ::testing::Test { protected: void SetUp() override { basket.add(1); } Basket basket; };
static int total_of(int n) { Basket basket; return basket.total(); }
TEST(Basket, Total) { EXPECT_EQ(Basket().total(), 0); }
TEST_F(Filled, Total) { EXPECT_EQ(basket.total(), 1); }
TEST_P(Many, Helped) { EXPECT_EQ(total_of(1), 1); }
TEST(Basket, Size) { EXPECT_EQ(Basket().size(), 0); }
TEST_CASE("the total of nothing", "[basket]") { CHECK(Basket().total() == 0); }
TEST(Other, Thing) { EXPECT_TRUE(true); }
int main() { return RUN_ALL_TESTS(); }
"""

    def ids(code: str, qualname: str) -> list[str]:
        found = CPP.running.tests_for(
            Path(), "src/basket.cpp", target(code, qualname), {"t/basket_test.cpp": text}
        )
        return sorted(f"{each.id.removeprefix('t/basket_test.cpp::')} {each.runner}" for each in found)

    assert ids("int Basket::total() const { }", "Basket.total") == [
        "Basket.Total GoogleTest",
        "Filled.Total GoogleTest",
        "Many.Helped GoogleTest",
        "the total of nothing CTest",
    ]
    assert "Basket.Size GoogleTest" in ids("bool Basket::operator==(int x) { }", "Basket.operator==")


def test_a_users_builder_learns_the_test_by_googletests_variable() -> None:
    """`make test` takes no name of a test; another command gets the id after it."""
    case = TestCase("t/a_test.cpp::Suite.Name", "t/a_test.cpp", "GoogleTest")
    there = Environment(Path("/usr/bin/cmake"), ())

    def step(*command: str) -> tuple[tuple[str, ...], str]:
        made = tools.recipe(there, Work("a.cpp", "f", (1, 1), tests=(case,), command=command)).steps[-1]
        return made.argv, made.env.get("GTEST_FILTER", "")

    assert step("make", "test")[0] == ("make", "test")
    assert step("make", "test")[1].startswith("Suite.Name:")
    assert step("./run") == (("./run", case.id), "")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ('std::system("ls");', "process"),
        ('std::ofstream out("a");', "files"),
        ("::connect(s, &a, n);", "network"),
        ('std::getenv("HOME");', "environment"),
        ('dlopen("a.so", 1);', "eval"),
        ('asm("nop");', "native"),
    ],
)
def test_what_new_code_can_do_is_named(code: str, kind: str) -> None:
    """Of plain code nothing is."""
    before, after, plain = (
        CPP.syntax.parse(f"void f() {{ {each} }}".encode())
        for each in ("", code, "auto g = std::bind(h, 1); v.connect(1);")
    )
    assert [each.partition(":")[0] for each in CPP.syntax.powers(before, after)] == [kind]
    assert CPP.syntax.powers(before, plain) == ()


@pytest.mark.parametrize(
    "code",
    [
        "std::exit(0);",
        "_exit(0);",
        "auto end = &quick_exit;",
        "raise(9);",
        'execl("/bin/true", "true", nullptr);',
        "::testing::UnitTest::GetInstance();",
        "#define EXPECT_EQ(a, b)\n",
        'asm("syscall");',
        "ex\\\nit(0);",
        "[[gnu::constructor]] void g();",
    ],
)
def test_what_ends_the_process_or_forges_its_report_is_seen(code: str) -> None:
    """Such code is not believed; what is only called alike is no such code."""
    before = b"int f() { return 0; }\n"
    assert CPP.running.reaches(before, f"int f() {{\n{code}\nreturn 0; }}\n".encode())
    for harmless in ("/* exit(0) */", "auto other = shape->clone();", "maze.exit = 3;", "int signal = 1;"):
        assert not CPP.running.reaches(before, f"int f() {{ {harmless} return 1; }}\n".encode())

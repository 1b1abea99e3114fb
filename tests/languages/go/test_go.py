"""What is particular to Go when its text is read and rewritten: imports, scopes, flags, calls on inputs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from cope_lsp.code.context import Budget, Material, build_problem
from cope_lsp.languages.go.flags import Flags, flags_of
from cope_lsp.languages.go.language import GO
from cope_lsp.languages.go.packages import Package, is_apart, package_of
from cope_lsp.languages.go.reports import lacking
from tests.support.toolchains import Shop, ask

if TYPE_CHECKING:
    from pathlib import Path

STUB = """package shop

import (
	"fmt"
	"strings"
)

// Join puts words together.
func Join(words []string, by string) string {
	panic("not implemented")
}

func show(n int) { fmt.Println(n) }
"""


def completed(reply: str, code: str = STUB, name: str = "Join") -> str:
    """The file with a reply in it."""
    source = GO.syntax.parse(code.encode())
    target = GO.syntax.target_named(source, name)
    assert target is not None
    patch = GO.syntax.complete(source, target, reply)
    assert patch.text is not None, patch.problem
    assert not GO.syntax.breaches(source, target, GO.syntax.parse(patch.text.encode()))
    return patch.text


def fenced(code: str) -> str:
    """Code as a model gives it."""
    return f"```go\n{textwrap.dedent(code).strip()}\n```"


def calls(code: str, name: str, *texts: str, seed: int = 0) -> tuple[str, ...]:
    """Calls of a function on generated inputs."""
    source = GO.syntax.parse(code.encode())
    target = GO.syntax.target_named(source, name)
    assert target is not None
    return GO.running.inputs(source, target, (), seed, tuple(text.encode() for text in texts))


WHOLE = "func Join(words []string, by string) string {\n\treturn strings.Join(words, by)\n}"


@pytest.mark.parametrize(
    "reply",
    [
        fenced(WHOLE),
        WHOLE,
        fenced(f'package shop\n\nimport "strings"\n\n{WHOLE}'),
        fenced("return strings.Join(words, by)"),
        fenced("{\n\treturn strings.Join(words, by)\n}"),
        fenced(WHOLE.replace("\t", "    ")),
        f"Here it is:\n\n{fenced(WHOLE)}\n\nIt joins them.",
        fenced(f"// Join puts words together.\n{WHOLE}"),
        fenced(f'{WHOLE}\n\nfunc main() {{\n\tfmt.Println(Join(nil, ""))\n}}'),
        fenced(WHOLE).replace("\n", "\r\n"),
    ],
    ids=["fenced", "bare", "whole file", "body", "body in braces", "spaces", "prose", "doc", "usage", "CRLF"],
)
def test_every_shape_of_a_reply_gives_the_same_file(reply: str) -> None:
    """The body alone changes."""
    assert completed(reply) == STUB.replace('panic("not implemented")', "return strings.Join(words, by)")


def test_an_import_that_nothing_uses_any_more_goes() -> None:
    """Go does not compile it; one that is used stays."""
    text = completed(fenced("func Join(words []string, by string) string {\n\treturn by\n}"))
    assert '"strings"' not in text
    assert '"fmt"' in text


def test_a_forgotten_import_of_the_standard_library_is_added() -> None:
    """In order into the block, and never for a name that the file declares itself."""
    body = "slices.Sort(words)\n\tby += strconv.Itoa(len(words))\n\treturn strings.Join(words, by)"
    text = completed(fenced(f"func Join(words []string, by string) string {{\n\t{body}\n}}"))
    assert text.count('"slices"') == text.count('"strconv"') == 1
    own = STUB + "\nvar sort = struct{ Most int }{3}\n"
    assert '"sort"' not in completed(fenced("return strings.Repeat(by, sort.Most)"), own)


def test_helpers_and_imports_of_a_reply_come_along() -> None:
    """A helper that the new body uses stands beside it, one that it does not use is left out."""
    own = "func Join(words []string, by string) string {\n\treturn strings.Join(mapped(words), by)\n}"
    helper = (
        "func mapped(words []string) []string {\n\treturn strings.FieldsFunc(words[0], unicode.IsSpace)\n}"
    )
    reply = f'import "unicode"\n\n{own}\n\n{helper}\n\nfunc unused() {{}}'
    text = completed(fenced(reply))
    assert "func mapped" in text
    assert '"unicode"' in text
    assert "unused" not in text


@pytest.mark.parametrize(
    "line", ['import "strings"', 'import (\n\t"os"\n\tstr "strings"\n)', 'import . "strings"']
)
def test_a_hollow_body_leaves_no_unused_import(line: str) -> None:
    """What only the old body used goes; what is imported for its effects stays."""
    body = "func F(s string) string {\n\treturn strings.ToUpper(s)\n}\n"
    code = f'package p\n\n{line}\n\nimport _ "embed"\n\n{body}'
    source = GO.syntax.parse(code.encode())
    target = GO.syntax.target_named(source, "F")
    assert target is not None
    text = GO.running.hollow(code.encode(), target).decode()
    assert 'import _ "embed"' in text
    assert ('"strings"' in text) == ("." in line)
    assert "import (\n)" not in text


def test_a_package_whose_name_can_only_be_guessed_is_left_alone() -> None:
    """The module `go-cmp` holds a package with another name than its path's end."""
    code = (
        'package p\n\nimport "example.com/go-text"\n\nfunc F() string { return "" }\n\nvar x = text.New()\n'
    )
    assert "go-text" in completed(fenced('return "a"'), code, "F")


def test_an_example_without_output_is_no_test(tmp_path: Path) -> None:
    """Go compiles it and never runs it."""
    source = GO.syntax.parse(STUB.encode())
    target = GO.syntax.target_named(source, "Join")
    assert target is not None
    shown = 'func ExampleJoin() {\n\tfmt.Println(Join(nil, ""))\n\t// Output:\n}\n'
    unshown = 'func ExampleJoin_b() {\n\tJoin(nil, "")\n}\n'
    files = {"shop/a_test.go": f"package shop\n{shown}{unshown}".encode()}
    found = GO.running.tests_for(tmp_path, "shop/shop.go", target, files)
    assert [case.id for case in found] == ["shop/a_test.go::ExampleJoin"]


def test_the_model_sees_what_other_files_of_the_package_define(tmp_path: Path) -> None:
    """A type of the folder's other file, and a function of an imported package of the project."""
    pieces = {
        "go.mod": "module example.com/x\n",
        "shop/item.go": "package shop\n\n// Item is a line.\ntype Item struct{ Price int }\n\ntype Other int",
        "money/money.go": "package money\n\n// Round rounds.\nfunc Round(n int) int {\n\treturn n\n}\n",
        "shop/sum.go": 'package shop\n\nimport "example.com/x/money"\n\n// Sum adds up; see money.Round.\n'
        "func Sum(items []Item) int {\n\t_ = money.Round(1)\n\treturn 0\n}\n",
    }
    for path, text in pieces.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    request = ask(Shop(GO, tmp_path, tmp_path / "builds"), "shop/sum.go", "Sum").request
    hidden = {path: text for path, text in pieces.items() if path != "go.mod"}
    stated = build_problem(request, Material(hidden.get), Budget()).problem.statement
    assert "// shop/item.go\n// Item is a line.\ntype Item struct{ Price int }" in stated
    assert "// money/money.go\n// Round rounds.\nfunc Round(n int) int { … }" in stated
    assert "Other" not in stated
    hidden.pop("shop/item.go")
    assert "is a line" not in build_problem(request, Material(hidden.get), Budget()).problem.statement


def test_a_file_belongs_to_the_nearest_module_and_its_workspace(tmp_path: Path) -> None:
    """`go` runs where the module is; a module that the workspace does not name stands by itself."""
    for path in ("a/go.mod", "b/go.mod", "go.work"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("go 1.21\n\nuse (\n\t./a // the first\n)\n")
    inner = package_of(tmp_path, "a/x/y/f.go")
    assert inner == Package("a/x/y", "a")
    assert inner.pattern == "./x/y"
    assert not is_apart(tmp_path, inner)
    assert is_apart(tmp_path, package_of(tmp_path, "b/f.go"))
    assert package_of(tmp_path, "f.go") == Package(".", ".")


def test_flags_of_the_users_command_go_where_they_belong() -> None:
    """Tags into build and check, counts into the run; which tests and packages is ours to say."""
    command = ("go", "test", "-v", "-tags", "slow,x", "-short", "-race", "-run=Foo", "-count", "2", "./...")
    assert flags_of(command) == Flags(
        ("-tags=slow,x", "-ldflags=-s -w"), ("-tags=slow,x",), ("-test.short", "-test.count=2")
    )
    assert flags_of(("go", "test", "-ldflags=-X a.b=c")).build == ("-ldflags=-X a.b=c",)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            "a.go:3:8: no required module provides package github.com/a/b; to add it:\n\tgo get x",
            "github.com/a/b is not in go.mod; run `go get github.com/a/b`",
        ),
        (
            "go: github.com/a/b@v1.2.3: module lookup disabled by GOPROXY=off",
            "github.com/a/b@v1.2.3 is not on this machine",
        ),
        ("go: go.mod requires go >= 1.99 (running go 1.26)", "the project asks for Go 1.99"),
        ("a.go:3:8: undefined: x", ""),
    ],
)
def test_what_is_lacking_is_told_from_what_is_wrong(said: str, wanted: str) -> None:
    """A module that is not there is no fault of a candidate."""
    assert lacking(said).partition("; run")[0] == wanted.partition("; run")[0] or wanted in lacking(said)


@pytest.mark.parametrize(
    ("kinds", "part"),
    [
        ("n int", "(0)"),
        ("n uint8", "(0)"),
        ("x float64", "."),
        ("s string", '("'),
        ("ok bool", "(true)"),
        ("xs []int", "[]int{"),
        ("xs ...string", "}...)"),
        ("m map[string]int", "map[string]int{"),
        ("b []byte", '[]byte("'),
        ("r rune", "('"),
        ("p Point", "Point{X: "),
        ("ps []*Point", "[]*Point{&Point{"),
        ("v any", "("),
        ("grid [][]int", "[][]int{[]int{"),
        ("t Celsius", "."),
    ],
)
def test_calls_are_made_for_every_kind_of_parameter(kinds: str, part: str) -> None:
    """Many, none twice, the same for the same seed."""
    types = "type Point struct { X, Y int }\ntype Celsius float64\n"
    code = f"package p\n\n{types}\nfunc F({kinds}) int {{ return 0 }}\n"
    made = calls(code, "F")
    assert made == calls(code, "F")
    assert len(set(made)) == len(made)
    assert any(part in call for call in made)
    assert not any("-" in call for call in made if kinds == "n uint8")


@pytest.mark.parametrize(
    "kinds", ["f func(int) int", "c chan int", "r io.Reader", "t *testing.T", "x Unknown"]
)
def test_no_calls_are_made_where_a_value_cannot_be_written_down(kinds: str) -> None:
    """Functions, channels, interfaces, types of elsewhere."""
    assert calls(f"package p\n\nfunc F(n int, {kinds}) int {{ return 0 }}\n", "F") == ()


def test_type_parameters_get_a_plain_type() -> None:
    """Such as the constraint allows."""
    assert calls("package p\nfunc F[T any](xs []T) T { return xs[0] }\n", "F")[0].startswith("F[int]([]int{")
    text = calls("package p\nfunc F[S ~string | ~[]byte](s S) int { return 0 }\n", "F")
    assert text[0].startswith('F[string]("')


TABLE = """package shop_test

func TestJoin(t *testing.T) {
	sep := "+"
	type row struct {
		name string
		args args
		want string
	}
	tests := []row{
		{"none", args{nil, ""}, ""},
		{name: "two", args: args{words: []string{"left", `right`}, by: sep}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := shop.Join(tt.args.words, tt.args.by); got != tt.want {
				t.Error(got)
			}
		})
	}
	for name, words := range map[string][]string{"x": {"only"}} {
		shop.Join(words, name)
	}
	shop.Join([]string{"plain"}, "-")
}
"""


def test_the_rows_of_a_table_test_are_calls() -> None:
    """Fields by name or position, variables, constants; what cannot be known is left out."""
    made = calls(STUB, "Join", TABLE)
    assert 'Join([]string{"left", "right"}, "+")' in made
    assert 'Join([]string{"plain"}, "-")' in made
    assert not any('"only"' in call for call in made[:3])


def test_a_method_is_called_on_an_object_that_its_own_maker_makes() -> None:
    """`New…` of the file where there is one; a struct of plain fields else; nothing that holds maps."""
    code = "package p\n\ntype S struct { %s }\n%s\nfunc (s *S) Add(n int) int { return n }\n"
    assert calls(code % ("m map[int]int", "func NewS(size int) *S { return nil }"), "S.Add")[0].startswith(
        "NewS("
    )
    assert calls(code % ("n int", ""), "S.Add")[0].startswith("(&S{n: ")
    assert calls(code % ("m map[int]int", ""), "S.Add") == ()


@pytest.mark.parametrize(
    "code",
    [
        "os.Exit(0)",
        "runtime.Goexit()",
        "syscall.Exit(0)",
        "os.Stdout = nil",
        'import "syscall"',
        "testing.Init()",
    ],
)
def test_what_ends_the_process_or_forges_its_report_is_seen(code: str) -> None:
    """Printing to standard output is not among it."""
    plain = b"package p\nfunc F() { fmt.Fprintln(os.Stdout) }\n"
    assert GO.running.reaches(b"package p\n", plain) == ()
    assert GO.running.reaches(plain, f"package p\nfunc F() {{ {code} }}\n".encode())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ('net.Dial("tcp", "x")', "network"),
        ('exec.Command("ls")', "process"),
        ('os.WriteFile("a", nil, 0)', "files"),
        ('os.Getenv("HOME")', "environment"),
        ("unsafe.Pointer(nil)", "native"),
    ],
)
def test_new_powers_are_named(code: str, kind: str) -> None:
    """What the old text could not do."""
    before = GO.syntax.parse(b"package p\nfunc F() { }\n")
    after = GO.syntax.parse(f"package p\nfunc F() {{ {code} }}\n".encode())
    assert any(power.startswith(f"{kind}: ") for power in GO.syntax.powers(before, after))

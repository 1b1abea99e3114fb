"""Candidates in Go, judged in the sandbox by Go's own tools: modules, tests of all kinds, forged reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.clusters import clusters
from cope_lsp.code.evidence import cases_of
from cope_lsp.code.judge import code_judge
from cope_lsp.languages.go.language import GO
from tests.support.toolchains import Shop, ask, findings, judge_of

if TYPE_CHECKING:
    from cope_lsp.code.findings import Findings

pytestmark = [pytest.mark.heavy]

FILES = {
    "go.work": "go 1.21\n\nuse ./app\nuse ./lib\n",
    "lib/go.mod": "module example.com/lib\n\ngo 1.21\n",
    "lib/lib.go": "package lib\n\nfunc Twice(n int) int { return 2 * n }\n",
    "app/go.mod": "module example.com/app\n\ngo 1.21\n",
    "app/double/double.go": """package double

import (
	"errors"

	"example.com/lib"
)

// Four gives four times n.
func Four(n int) int {
	panic("not implemented")
}
""",
    "app/double/double_test.go": """package double_test

import (
	"testing"

	"example.com/app/double"
)

func TestFour(t *testing.T) {
	if got := double.Four(3); got != 12 {
		t.Fatalf("Four(3) = %d", got)
	}
}
""",
    "app/double/slow_test.go": """//go:build slow

package double

import "testing"

func TestFourSlowly(t *testing.T) {
	if got := Four(-2); got != -8 {
		t.Fatalf("Four(-2) = %d", got)
	}
}
""",
    "app/set/set.go": """package set

import "sort"

// Set holds each value once.
type Set[T comparable] struct {
	held []T
}

// Add puts a value in; it says whether that is new.
func (s *Set[T]) Add(value T) bool {
	panic("not implemented")
}

// Largest gives the n largest numbers, the largest first.
func Largest(numbers []float64, n int) ([]float64, error) {
	panic("not implemented")
}

var _ = sort.Ints
""",
    "app/set/set_test.go": """package set

import (
	"fmt"
	"testing"
)

func TestAdd(t *testing.T) {
	for _, test := range []struct {
		name  string
		again bool
	}{{"new", false}, {"again", true}} {
		t.Run(test.name, func(t *testing.T) {
			s := &Set[int]{}
			if test.again {
				s.Add(1)
			}
			if s.Add(1) == test.again {
				t.Errorf("wrong for %s", test.name)
			}
		})
	}
}

func ExampleLargest() {
	found, err := Largest([]float64{1.5, 3, 2}, 2)
	fmt.Println(found, err)
	// Output: [3 2] <nil>
}
""",
    "loose/first.go": """package pick

func First[T any](xs []T) (T, bool) {
	panic("not implemented")
}
""",
    "loose/first_test.go": """package pick

import "testing"

func TestFirst(t *testing.T) {
	if got, ok := First([]int{3, 4}); got != 3 || !ok {
		t.Error(got)
	}
}
""",
    "app/far/far.go": """package far

import "example.net/nowhere/far"

func Away() int { panic("not implemented") }

var _ = far.Off
""",
    "app/far/far_test.go": """package far

import "testing"

func TestAway(t *testing.T) { Away() }
""",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A workspace of two modules; its builds are kept from test to test."""
    root = tmp_path_factory.mktemp("workspace")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Shop(GO, root, tmp_path_factory.mktemp("builds"))


async def judged(shop: Shop, path: str, name: str, *bodies: str) -> list[Findings]:
    """What is found out of several bodies."""
    judge = judge_of(shop, ask(shop, path, name))
    return [await findings(judge, body) for body in bodies]


def told(found: Findings) -> str:
    """All that its evidence says in words."""
    return "\n".join(piece.detail for piece in found.evidence)


async def test_a_module_of_a_workspace_is_judged_from_its_own_folder(shop: Shop) -> None:
    """Its test stands in a package of its own and goes through another module; unused imports do no harm.

    A test that a build tag leaves out says so, and nothing else.
    """
    right, wrong = await judged(
        shop, "app/double/double.go", "Four", "return lib.Twice(lib.Twice(n))", "return lib.Twice(n)"
    )
    assert right.status is Status.PASS
    assert right.proofs == 1
    assert wrong.status is Status.FAIL
    assert "Four(3) = 6" in told(wrong)
    assert "build tags leave app/double/slow_test.go out" in told(right)


async def test_tags_of_the_users_command_build_more_tests(shop: Shop) -> None:
    """`tests.command` is `go test -tags=slow`."""
    asked = ask(shop, "app/double/double.go", "Four")
    plain = judge_of(shop, asked)
    bench = replace(plain.bench, command=("go", "test", "-tags=slow", "./..."))
    (found,) = [await findings(code_judge(asked, bench), "return 4 * n")]
    assert found.proofs == 2


async def test_a_failing_subtest_is_named(shop: Shop) -> None:
    """A method of a generic type, a table of subtests."""
    right, wrong = await judged(
        shop,
        "app/set/set.go",
        "Set.Add",
        "for _, each := range s.held {\n\tif each == value {\n\t\treturn false\n\t}\n}\n"
        "s.held = append(s.held, value)\nreturn true",
        "s.held = append(s.held, value)\nreturn true",
    )
    assert right.status is Status.PASS
    assert wrong.status is Status.FAIL
    assert "TestAdd/again" in wrong.failures[0].brief
    assert "TestAdd/new" not in told(wrong)


LARGEST = """
    if n < 0 {
        return nil, errors.New("%s")
    }
    sorted := append([]float64{}, numbers...)
    sort.Sort(sort.Reverse(sort.Float64Slice(sorted)))
    return sorted[:min(n, len(sorted))], nil
"""
SAME = """
    if n < 0 {
        return nil, fmt.Errorf("cannot take %d", n)
    }
    sorted := slices.Clone(numbers)
    slices.Sort(sorted)
    slices.Reverse(sorted)
    if n > len(sorted) {
        n = len(sorted)
    }
    return sorted[:n:n], nil
"""
OTHER = LARGEST.replace("min(n, len(sorted))", "n")


async def test_candidates_that_behave_alike_are_one_cluster(shop: Shop) -> None:
    """Other words of an error and another way to the same do not matter; a panic beyond the end does."""
    found = await judged(
        shop, "app/set/set.go", "Largest", LARGEST % "fewer than none", SAME, OTHER % "fewer than none"
    )
    assert [each.status for each in found] == [Status.PASS] * 3, [told(each) for each in found]
    first, same, other = found
    assert len(first.calls) > 20
    assert first.calls == same.calls
    assert "panics" in other.calls
    assert "panics" not in first.calls
    assert [len(group) for group in clusters(found)] == [2, 1]


@pytest.mark.parametrize(
    "body",
    [
        'println("--- PASS: TestFour (0.00s)")\nprint("PASS\\n")\nos.Exit(0)\nreturn 0',
        'fmt.Println("\\x16--- PASS: TestFour (0.00s)\\nPASS")\nsyscall.Exit(0)\nreturn 0',
        'fmt.Println("--- PASS: TestFour (0.00s)")\nruntime.Goexit()\nreturn 0',
        'defer func() { recover() }()\nfmt.Println("--- PASS: TestFour (0.00s)")\nos.Exit(0)\nreturn 12',
    ],
    ids=["exit", "system call", "end of the goroutine", "recovered exit"],
)
async def test_a_forged_report_does_not_count(shop: Shop, body: str) -> None:
    """Whatever is printed, the test must have passed and its process ended well, by itself."""
    names = [name for name in ("fmt", "os", "runtime", "syscall") if f"{name}." in body]
    imports = "".join(f'import "{name}"\n' for name in names)
    (found,) = await judged(
        shop, "app/double/double.go", "Four", f"{imports}\nfunc Four(n int) int {{\n{body}\n}}"
    )
    assert found.status is not Status.PASS
    assert found.proofs == 0


async def test_a_module_that_is_not_there_makes_the_evidence_unknown(shop: Shop) -> None:
    """With the reason and what to do."""
    (found,) = await judged(shop, "app/far/far.go", "Away", "return far.Off + 1")
    assert found.status is Status.UNKNOWN
    assert "example.net/nowhere/far is not in go.mod; run `go get example.net/nowhere/far`" in told(found)


async def test_a_file_without_a_module_is_judged_all_the_same(shop: Shop) -> None:
    """It is taken for a module of its own, in the language of the Go that is installed."""
    asked = ask(shop, "loose/first.go", "First")
    body = "var none T\nif len(xs) == 0 {\n\treturn none, false\n}\nreturn xs[0], true"
    (found,) = await judged(shop, "loose/first.go", "First", body)
    assert found.status is Status.PASS, told(found)
    assert any(call.startswith("First[int](") for call in cases_of(asked).calls)
    assert any(found.calls)

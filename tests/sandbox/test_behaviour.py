"""What a call did, as the real sandbox saw it: effects, what varies, what hangs, what tests made it do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.code.baseline import baseline
from cope_lsp.code.evidence import Case, gather, read
from cope_lsp.code.workbench import Cases
from cope_lsp.languages.running import Example
from tests.support.judging import asked, bench, reply, written

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings

STUB = "import random\n\ndef f(words):\n    ...\n"
CALLS = ("f(list('fbadce'))", "f(list('igjhkl'))")


async def behaviour(root: Path, body: str, *assertions: Example) -> Findings:
    """What a body for `f` does on the calls, and which assertions hold."""
    request = asked(written(root, {"m.py": STUB}), "m.py", "f")
    workbench = bench(request)
    cases = Cases(calls=CALLS, assertions=assertions)
    case = Case(request, workbench, cases, await baseline(request, workbench, cases))
    return await gather(case, read(request, reply(f"def f(words):\n    {body}")))


FIRST, SECOND = "['a', 'b', 'c', 'd', 'e', 'f']", "['g', 'h', 'i', 'j', 'k', 'l']"

DONE = {
    "return sorted(words)": (FIRST, SECOND),
    "return list(set(words))": (f"unordered {FIRST}", f"unordered {SECOND}"),
    "return ''.join(set(words))": ("", ""),
    "return random.random()": ("", ""),
    "return (word for word in words if word > 'e')": (
        "builtins.generator  ['f']",
        "builtins.generator  ['i', 'g', 'j', 'h', 'k', 'l']",
    ),
    "words.sort()": (f"None; leaves [[{FIRST}], {{}}]", f"None; leaves [[{SECOND}], {{}}]"),
    "print(len(words))": ("None; prints '6\\n'", "None; prints '6\\n'"),
    "return {word: 0.1 + 0.2 for word in words[:2]}": ("{'b': 0.3, 'f': 0.3}", "{'g': 0.3, 'i': 0.3}"),
    "raise KeyError(words)": ("raises KeyError", "raises KeyError"),
}


@pytest.mark.parametrize("body", DONE)
async def test_behaviour_is_told_call_by_call(tmp_path: Path, body: str) -> None:
    """What varies from run to run says nothing, or only what does not vary of it."""
    assert (await behaviour(tmp_path, body)).calls == DONE[body]


async def test_a_file_that_a_call_writes_is_behaviour(tmp_path: Path) -> None:
    """Its content counts; reading is none."""
    writes, other, reads = [
        (await behaviour(tmp_path, body)).calls[0]
        for body in (
            "open('out', 'w').write(words[0])",
            "open('out', 'w').write(words[1])",
            "open('m.py').read()",
        )
    ]
    assert writes.startswith("None; writes [('out', '")
    assert len({writes, other, reads}) == 3
    assert reads == "None"


async def test_a_hanging_candidate_costs_little_and_says_where_it_hung(tmp_path: Path) -> None:
    """The other calls are still told."""
    found = await behaviour(tmp_path, "while words[0] == 'f':\n        pass\n    return 1")
    assert found.calls == ("runs out of time", "1")


async def test_self_made_tests_hold_or_not_and_never_veto(tmp_path: Path) -> None:
    """One that cannot be told says neither."""
    holds, fails = (Example("f(['b'])", wanted, form="==") for wanted in ("['b']", "['c']"))
    empty = Example("f(['b']) is None or 1", "1", form="==")
    found = await behaviour(tmp_path, "return sorted(words)", holds, fails, empty)
    assert found.assertions == (True, False, True)
    assert found.failures == ()


COUNTER = """
class Counter:
    def __init__(self):
        self.total = 0

    def add(self, number):
        ...
"""
TESTS = {
    "pytest": """
from counter import Counter

def test_sum():
    counter = Counter()
    counter.add(1)
    assert counter.add(2)
""",
    "unittest": """
import unittest
from counter import Counter

class TestCounter(unittest.TestCase):
    def test_sum(self):
        counter = Counter()
        counter.add(1)
        self.assertTrue(counter.add(2))
""",
}


@pytest.mark.parametrize("runner", TESTS)
async def test_a_method_is_told_by_what_tests_made_it_do(tmp_path: Path, runner: str) -> None:
    """Arguments, result and the object afterwards, call after call."""
    request = asked(
        written(tmp_path, {"counter.py": COUNTER, "test_counter.py": TESTS[runner]}),
        "counter.py",
        "Counter.add",
    )
    workbench = bench(request)
    cases = Cases(tests=request.tests)
    case = Case(request, workbench, cases, await baseline(request, workbench, cases))
    bodies = ("self.total += number\n        return self.total", "self.total = number\n        return number")
    right, other = [
        await gather(case, read(request, reply(f"    def add(self, number):\n        {body}")))
        for body in bodies
    ]
    assert right.traces == ("[1]\n1; makes it {'total': 1}\n[2]\n3; makes it {'total': 3}",)
    assert other.traces == ("[1]\n1; makes it {'total': 1}\n[2]\n2; makes it {'total': 2}",)

"""Mathematical answers: read from files, found in replies, compared as mathematics, put to the vote."""

from __future__ import annotations

import gzip
import json
import math
import threading
from fractions import Fraction
from importlib import import_module
from itertools import permutations, product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench import strategies
from cope_lsp.bench.answers.equality import is_small, same
from cope_lsp.bench.answers.judging import Answers
from cope_lsp.bench.answers.replies import final_answer, stated_answer
from cope_lsp.bench.answers.tasks import REPLY_FORMAT, AnswerTask, read_answers
from cope_lsp.bench.attempts import attempt
from cope_lsp.bench.ours import OURS
from cope_lsp.bench.rows import Unreadable
from cope_lsp.cascade.problem import Candidate, Completion
from tests.support.bench_pair import scripted_pair
from tests.support.scripted import ScriptedModel

if TYPE_CHECKING:
    from cope_lsp.bench.attempts import Attempt
    from tests.support.scripted import Call, Reply

SET = Path(strategies.__file__).parent / "sets" / "answers.jsonl"
BY_NAME = {strategy.name: strategy for strategy in (*strategies.BASE, *strategies.PAPERS, *OURS)}
TASK = AnswerTask("t/half", "What is one half of one?", "0.5")
HALVES = (
    r"\boxed{\frac12}",
    r"\boxed{0.5}",
    "So the answer is 1/2.",
    r"\boxed{\dfrac{1}{2}}",
    "#### 0.50",
    r"\boxed{\frac{2}{4}}",
    r"\boxed{$\tfrac 12$}",
    r"\boxed{\text{.5}}",
)
sympy = import_module("sympy")  # it has no types


def lines(path: Path, *rows: object) -> Path:
    """A file of JSON lines, compressed if its name says so."""
    data = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def small(*solutions: Reply) -> ScriptedModel:
    """A small model that writes these solutions in turn, and a goal where it is asked for one."""
    left = list(solutions)

    def reply(call: Call) -> Reply:
        if "State the goal" in call.text:
            return "Find one half."
        return left.pop(0) if len(left) > 1 else left[0]

    return ScriptedModel("small", reply)


def large(*replies: str) -> ScriptedModel:
    """A large model that says this in turn."""
    return ScriptedModel("large", replies or (r"\boxed{0.5}",))


async def tried(
    name: str, drafts: ScriptedModel, last: ScriptedModel | None = None, *, task: AnswerTask = TASK
) -> Attempt:
    """What a strategy of the catalogue comes to."""
    return await attempt(task, BY_NAME[name], scripted_pair(drafts, last or large()), {})


def test_public_forms_are_read(tmp_path: Path) -> None:
    """GSM8K, MATH, MATH-500, AIME and our own form give a statement and the bare answer."""
    path = lines(
        tmp_path / "mixed.jsonl.gz",
        {"question": "How many?", "answer": "He has 6 * 7 = <<6*7=42>>42.\n#### 1,042"},
        {
            "problem": "Half?",
            "solution": r"First \boxed{1}, then $\boxed{\frac{1}{\sqrt{4}}}$.",
            "level": "1",
        },
        {
            "problem": "Q",
            "solution": r"\boxed{7}",
            "answer": r"\frac{1}{2}",
            "unique_id": "test/algebra/1.json",
        },
        {"ID": "2024-I-1", "Problem": "Aya walks.", "Answer": 204},
        {"id": 60, "problem": "Every morning", "answer": "204", "solution": "long"},
        {"id": "ours/1", "problem": "P", "answer": "x^2+1"},
    )
    found = [(task.id, task.answer) for task in read_answers(path)]
    assert found == [
        ("mixed/1", "1,042"),
        ("mixed/2", r"\frac{1}{\sqrt{4}}"),
        ("test/algebra/1.json", r"\frac{1}{2}"),
        ("2024-I-1", "204"),
        ("mixed/60", "204"),
        ("ours/1", "x^2+1"),
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (({"problem": "P", "answer": "1"}, {"answer": "2"}), r"line 2 has no problem: .*`question`"),
        (({"problem": "P", "solution": "no box"},), r"line 1 has no answer: .*`answer`"),
        (({"id": "a", "problem": "P", "answer": 1},) * 2, r"line 2 has the name 'a' of an earlier line"),
        ((["P", "1"],), r"line 1 is no JSON object"),
    ],
)
def test_what_is_no_problem_is_named_by_file_and_line(
    tmp_path: Path, rows: tuple[object, ...], said: str
) -> None:
    """A person finds the place and reads what is missing."""
    with pytest.raises(Unreadable, match=rf"broken\.jsonl, {said}"):
        read_answers(lines(tmp_path / "broken.jsonl", *rows))


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (r"It is \boxed{1}, no, \boxed{\frac{1}{2}} in \boxed{}.", r"\frac{1}{2}"),
        (r"Sets: \boxed{\{1, 2\}}", r"\{1, 2\}"),
        ("Work.\n#### 1,234 \n", "1,234"),
        ("The final answer is: $x^2 + 1$. I hope so.", "x^2 + 1"),
        ("**Answer:** 12.5", "12.5"),
        ("The answer is that there are 12 apples left. Good.", "12"),
        ("So 3 + 4 = -7, we get -7.", "-7"),
        ("From 10-4 we get 6 apples", "6"),
        ("That costs $1,234.50.", "1,234.50"),
        ("<think>It may be \\boxed{3}.</think>It is 4", "4"),
        ("I do not know.", None),
    ],
)
def test_the_final_answer_of_a_reply_is_found(reply: str, answer: str | None) -> None:
    """A box goes before a declaration, and that before the last number."""
    assert final_answer(reply) == answer


def test_a_number_in_passing_is_not_stated() -> None:
    """Only what is marked as the answer counts as stated."""
    assert stated_answer("First 3, then 4") is None
    assert stated_answer(r"An open \boxed{3") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.5", r"\frac12"),
        ("1/2", r"\dfrac{2}{4}"),
        ("-3/4", r"-\frac{3}{4}"),
        ("1,234", "1234.0"),
        ("80", r"80 \text{ litres}"),
        ("66", r"\$66"),
        ("20", r"20\%"),
        ("0.2", r"20\%"),
        ("1/3", "0.333333"),
        (r"\frac{\sqrt{2}}{2}", r"\frac{1}{\sqrt 2}"),
        (r"\frac{\sqrt{6}+\sqrt{2}}{4}", r"\frac{\sqrt{2}(\sqrt{3}+1)}{4}"),
        ("x^2+1", "1 + x**2"),
        ("(x+1)(x-1)", "x^2 - 1"),
        ("(2x+1)e^{2x}", r"e^{2x} + 2xe^{2x}"),
        ("11", "x = 11"),
        (r"\{1, 2\}", "{2,1}"),
        ("75", r"75^\circ"),
        (r"\text{Tuesday}", "tuesday."),
        ("2^{1000}", r"4 \cdot 2^{998}"),
    ],
)
def test_equal_mathematics_is_the_same_answer(one: str, other: str) -> None:
    """Notation, units, currency and order do not tell answers apart."""
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4", "5"),
        ("1/3", "0.33"),
        (r"\sqrt{2}", "1.41"),
        ("x^2+1", "x^2-1"),
        ("2x", "2y"),
        ("5", ""),
        ("1", "{"),
    ],
)
def test_different_mathematics_is_another_answer(one: str, other: str) -> None:
    """What is only near, or cannot be read, is not equal."""
    assert not same(one, other)


@pytest.mark.parametrize(
    "monster",
    [
        "9^{9^{9}}",
        "2^{999999999}",
        "((2^{999})^{999})^{999}",
        "100000000!",
        "((5!)!)!",
        r"\binom{99999999}{5000000}",
        r"\sum_{n=1}^{99999999} \frac{1}{n}",
        r"\int e^{x^2} dx",
        "(a+b+c+d)^{500}",
        "9" * 5000,
    ],
)
def test_what_may_never_end_is_compared_as_text(monster: str) -> None:
    """A model's slip does not hold the run up, and still agrees with itself."""
    assert same(monster, f" {monster} ")
    assert not same(monster, "7")
    assert not same("x", monster)
    assert len(monster) > 200 or not is_small(monster)


def test_answers_are_compared_beside_the_main_thread() -> None:
    """No comparison needs a signal."""
    found: list[bool] = []
    worker = threading.Thread(target=lambda: found.append(same(r"\sqrt{8}", r"2\sqrt{2}")))
    worker.start()
    worker.join()
    assert found == [True]


def test_nothing_that_a_model_wrote_is_evaluated(tmp_path: Path) -> None:
    """Program text in a box stays text."""
    marker = tmp_path / "ran"
    code = f"__import__('pathlib').Path('{marker}').touch()"
    assert not same("1", final_answer(rf"\boxed{{{code}}}") or "")
    assert not marker.exists()


async def test_eight_notations_of_one_answer_are_one_vote() -> None:
    """The first stage accepts them, and no large model is asked."""
    last = large()
    made = await tried("paper", small(*HALVES), last)
    assert (made.score, made.accepted, made.confidence, made.exits) == (1.0, True, 1.0, ("small",))
    assert last.calls == []
    answers = Answers()
    assert {answers.representative(Candidate(text, "small")) for text in HALVES} == {r"\frac12"}


@pytest.mark.parametrize(("agreeing", "stage"), [(7, "small"), (6, "guided")])
async def test_the_papers_bar_lies_strictly_above_three_quarters(agreeing: int, stage: str) -> None:
    """Seven votes of eight are enough, six are 0.75 and escalate to the stage whose bar is one half."""
    others = tuple(rf"\boxed{{{number}}}" for number in range(8 - agreeing))
    drafts = small(*HALVES[:agreeing], *others, *HALVES[:6], r"\boxed{8}", r"\boxed{9}")
    made = await tried("paper", drafts, large("Halve it."))
    assert made.exits == (stage,)
    assert made.score == 1.0


async def test_a_vote_that_stays_split_reaches_the_large_model() -> None:
    """Its one solution stands unchecked."""
    drafts = small(*(rf"\boxed{{{number}}}" for number in range(16)))
    made = await tried("paper", drafts, large("Halve it.", r"\boxed{0.5}"))
    assert (made.exits, made.score, made.accepted) == (("large",), 1.0, False)


async def test_a_unanimous_error_is_a_false_acceptance() -> None:
    """A vote knows nothing of the hidden answer."""
    made = await tried("ours", small(r"\boxed{2}"))
    assert (made.score, made.accepted) == (0.0, True)


async def test_ours_stops_drawing_when_the_vote_is_decided() -> None:
    """Seven that agree cannot be outvoted by an eighth."""
    drafts = small(*HALVES)
    made = await tried("ours", drafts)
    assert made.exits == ("small",)
    assert sum("State the goal" not in call.text for call in drafts.calls) == 7


@pytest.mark.parametrize("name", ["small x1", "large x1"])
async def test_a_single_solution_is_taken_as_it_comes(name: str) -> None:
    """Nothing is judged, and the score alone says whether it is right."""
    made = await tried(name, small("It is .5"), large("It is 0.5"))
    assert (made.score, made.accepted) == (1.0, False)


async def test_the_last_number_of_a_broken_off_reply_is_no_answer() -> None:
    """It stands in the middle of the reasoning."""
    cut = Completion("Half of 1 is 0.5", "small", truncated=True)
    assert (await tried("small x1", small(cut))).score == 0.0
    boxed = Completion(r"\boxed{0.5} because", "small", truncated=True)
    assert (await tried("small x1", small(boxed))).score == 1.0


@pytest.mark.parametrize("name", ["paper", "ours", "large + gate + repair", "small x16 + gate"])
async def test_the_hidden_answer_is_in_no_prompt(name: str) -> None:
    """Neither model is ever shown it, whatever fails."""
    hidden = "271828182"
    task = AnswerTask("t/secret", "Which number do I think of?", hidden)
    drafts, last = small(*(f"Perhaps {number}." for number in range(16))), large("Guess.", "I give up.")
    made = await tried(name, drafts, last, task=task)
    asked = [call.text for call in (*drafts.calls, *last.calls)]
    assert asked
    assert not any(hidden in text for text in asked)
    assert any(REPLY_FORMAT in text for text in asked)
    assert hidden not in repr(task)
    assert made.score == 0.0


def worked_out() -> dict[str, object]:
    """The answers of our own set, counted, computed or solved here."""
    x = sympy.Symbol("x")
    throws = list(product(range(1, 7), repeat=2))
    roots = sympy.Poly(x**2 - 5 * x + 3).all_roots()
    return {
        "change": 20 - 24 // 3 * 2,
        "train": (12 * 60 + 5) - (9 * 60 + 40) - 2 * 7,
        "jacket": Fraction(80) * Fraction(3, 4) * Fraction(11, 10),
        "tank": 18 / (Fraction(5, 8) - Fraction(2, 5)),
        "fractions": Fraction(3, 4) + Fraction(5, 6) - Fraction(7, 8),
        "mean": 6 * 84 - 5 * 82,
        "linear": sympy.solve(7 * (x - 3) - (4 * x + 12), x)[0],
        "ages": sympy.solve(x + 12 - 2 * (x / 3 + 12), x)[0],
        "paint": next(5 * part for part in range(1, 99) if 3 * part + 4 == 5 * part),
        "digit-sum": sum(1 for number in range(100, 1000) if sum(map(int, str(number))) == 5),
        "team": math.comb(7, 2) * math.comb(5, 2),
        "letters": len(set(permutations("LEVEL"))),
        "remainder": pow(7, 100, 13),
        "divisors": sum(1 for number in range(1, 721) if 720 % number == 0),
        "congruences": next(n for n in range(1, 999) if (n % 3, n % 5, n % 7) == (2, 3, 4)),
        "dice": Fraction(sum(1 for one, two in throws if one * two % 6 == 0), len(throws)),
        "sine": sympy.sin(sympy.rad(75)),
        "division": sympy.div(x**3 + x**2 + x + 1, x + 1)[0],
        "expansion": sympy.expand((2 * x - 3) ** 2 - (x + 1) * (x - 1)),
        "roots": sympy.simplify(sum(root**3 for root in roots)),
        "hexagon": 6 * sympy.sqrt(3) / 4 * 4**2,
        "derivative": sympy.diff(x * sympy.exp(2 * x), x),
        "telescope": sum(Fraction(1, n * (n + 1)) for n in range(1, 100)),
        "sieve": sum(1 for n in range(1, 1001) if n % 2 and n % 3 and n % 5),
    }


def test_our_own_set_has_right_answers() -> None:
    """Every answer is what a computation gives."""
    computed = worked_out()
    tasks = read_answers(SET)
    assert [task.id for task in tasks] == [f"answers/{name}" for name in computed]
    wrong = [
        task.id
        for task in tasks
        if not same(task.answer, sympy.latex(sympy.sympify(computed[task.id.removeprefix("answers/")])))
    ]
    assert wrong == []

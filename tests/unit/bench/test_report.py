"""The report in a terminal, in Markdown and as JSON."""

from __future__ import annotations

import io
import json
import random
import re
from dataclasses import replace

import pytest
from rich.console import Console

from cope_lsp.bench.attempts import Attempt
from cope_lsp.bench.contrasts import Contrast, Measure
from cope_lsp.bench.measures import Yardstick
from cope_lsp.bench.report.content import Outline, Report, compiled
from cope_lsp.bench.report.json_report import as_json
from cope_lsp.bench.report.markdown import markdown
from cope_lsp.bench.report.tables import tables
from cope_lsp.bench.report.terminal import show
from cope_lsp.bench.tariffs import Price
from cope_lsp.cascade.problem import Usage

TASKS = [f"HumanEval/{number}" for number in range(20)] + [f"MBPP/{number}" for number in range(40)]
LOCAL = Usage(700, 0, 240, 6.2, 0.0, 6)
PAID = Usage(260, 0, 50, 2.4, None, 1)


def outline() -> Outline:
    """What the reports of these tests show."""
    return Outline(
        "Code",
        "Qwen2.5-Coder-1.5B",
        "frontier [recorded]",
        ("large x1", "small x1", "paper", "ours", "without 4 self-made tests", "without 2 adaptive draws"),
        (
            Contrast("ours", "large x1", margin=0.03),
            Contrast("ours", "large x1", Measure.MONEY),
            Contrast("ours", "paper"),
        ),
        "ours",
        ("without 4 self-made tests", "without 2 adaptive draws", "never tried"),
        Yardstick(
            {"frontier": Price(3, 0.3, 15), "middle": Price(0.5, 0.05, 2), "small": Price(0.1, 0, 0.4)}
        ),
    )


def run() -> list[Attempt]:
    """A run in which ours is cheap and a little less accurate, and one ablation waits for answers."""
    rng = random.Random(4)  # noqa: S311 -- made-up results, no secret
    attempts: list[Attempt] = []
    for task, seed in [(task, 0) for task in TASKS] + [(task, 1) for task in TASKS[:5]]:
        easy, slip = rng.random() < 0.6, rng.random() < 0.1
        attempts += [
            Attempt(task, "large x1", seed, 1.0, exits=("large",), large=PAID),
            Attempt(
                task, "small x1", seed, float(easy), exits=("small",), small=Usage(100, 0, 40, 1.1, 0, 1)
            ),
            _cascade(task, "paper", seed, easy=easy, wrong=slip),
            _cascade(task, "ours", seed, easy=easy, wrong=slip and easy),
            _cascade(task, "without 2 adaptive draws", seed, easy=easy, wrong=slip and easy),
            _cascade(task, "without 4 self-made tests", seed, easy=True, wrong=slip)
            if easy
            else Attempt(task, "without 4 self-made tests", seed),
        ]
    return attempts


def _cascade(task: str, strategy: str, seed: int, *, easy: bool, wrong: bool) -> Attempt:
    exits = ("small",) if easy else ("large: exhausted" if wrong else "large",)
    return Attempt(
        task,
        strategy,
        seed,
        float(not wrong),
        accepted=easy or not wrong,
        exits=exits,
        small=LOCAL,
        large=Usage() if easy else PAID,
    )


@pytest.fixture(scope="module")
def report() -> Report:
    """The report on the run."""
    return compiled(run(), outline())


def shown(report: Report, width: int) -> str:
    """The report as a terminal of that width gets it."""
    out = io.StringIO()
    show(report, Console(file=out, width=width))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 90, 100, 120])
def test_a_terminal_holds_every_figure_whole(report: Report, width: int) -> None:
    """No cell's word is broken and no line is longer than the terminal is wide."""
    text = shown(report, width)

    assert all(len(line) <= width for line in text.splitlines())
    for table in tables(report):
        for row in table.rows:
            assert all(word in text for cell in row for word in cell.split())


def test_a_narrow_terminal_gets_blocks_instead_of_broken_tables(report: Report) -> None:
    """At forty columns each figure stands on a line with its name."""
    text = shown(report, 40)

    assert all(len(line) <= 40 for line in text.splitlines())
    assert "  $ / 1M, frontier: 1,530" in text.splitlines()


def test_what_waits_for_answers_is_bounded_in_the_main_table(report: Report) -> None:
    """Accuracy from … to, costs from below, no latency."""
    costs, times, *_ = tables(report)
    (cost,) = [row for row in costs.rows if row[0] == "without 4 self-made tests"]
    (time,) = [row for row in times.rows if row[0] == "without 4 self-made tests"]

    assert "…" in cost[1]
    assert cost[2].startswith("≥ ")
    assert time[2:4] == ("–", "–")  # noqa: RUF001 -- the dash that is shown


def test_an_ablation_that_waits_shows_no_difference_but_says_what_it_needs(report: Report) -> None:
    """The measured ones still show theirs; one that was never tried is not there."""
    told = tables(report)[-1]
    first, second = told.rows

    assert set(first[1:]) == {"–"}  # noqa: RUF001 -- the dash that is shown
    assert second[1] == "0.0 (0.0…0.0)"
    (note,) = told.notes
    waiting = len({each.task for each in run() if each.score is None})
    assert f"not measurable on this pair: {waiting} of 60 need unanswered requests" in note


def test_a_loss_is_shown_like_a_gain(report: Report) -> None:
    """Ours is less accurate than the large model alone, and the first line of the contrasts says so."""
    primary = tables(report)[3]

    assert primary.rows[0][1].startswith("−")  # noqa: RUF001 -- the sign that is shown
    assert primary.rows[0][-1] == "not shown"
    assert primary.rows[1][-1] == "better"


def test_markdown_holds_github_tables_and_the_exact_conditions(report: Report) -> None:
    """Every row has as many cells as its rule; names are shown as they are."""
    text = markdown(report)
    rows = [line for line in text.splitlines() if line.startswith("|")]

    assert {row.count(" | ") for row in rows[:7]} == {5}
    assert "frontier \\[recorded\\]" in text
    assert "Problems: 60 (20 of HumanEval, 40 of MBPP); seed 0 on 60, seed 1 on 5." in text
    assert "frontier 3 / 0.3 / 15; middle 0.5 / 0.05 / 2; small 0.1 / 0 / 0.4" in text


def test_the_json_is_the_same_whatever_the_order_of_the_attempts(report: Report) -> None:
    """Attempts come as they end; the report does not depend on it."""
    shuffled = run()
    random.Random(1).shuffle(shuffled)  # noqa: S311 -- an order, no secret

    assert as_json(compiled(shuffled, outline())) == as_json(report)


def test_the_json_is_rounded_and_holds_what_the_tables_show(report: Report) -> None:
    """Six significant digits; summaries in the order of the outline."""
    text = as_json(report)
    told = json.loads(text)

    assert [each["strategy"] for each in told["summaries"]] == list(outline().strategies)
    assert told["summaries"][0]["at"]["frontier"]["money"]["value"] == 1530.0
    assert told["findings"][0]["verdict"] == "not shown"
    found = [float(told) for told in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", text)]
    assert len(found) > 100
    assert all(value == float(f"{value:.6g}") for value in found)


def test_only_what_was_chosen_is_compared() -> None:
    """A run of some strategies asks no question about the others."""
    told = replace(outline(), strategies=("large x1", "without 4 self-made tests"))
    some = compiled([each for each in run() if each.strategy in told.strategies], told)
    titles = {table.title.partition(":")[0] for table in tables(some)}
    assert "Where it ended, and what was accepted wrongly" in titles
    assert not titles & {"Primary contrasts, named before the run", "One change at a time"}


def test_a_run_without_attempts_is_a_report_without_tables_of_strategies() -> None:
    """Nothing was tried yet: the contrasts are not measurable, and nothing fails."""
    empty = compiled([], outline())

    assert [table.title for table in tables(empty)] == ["Primary contrasts, named before the run"]
    assert "not measurable" in shown(empty, 100)
    assert markdown(empty)
    assert json.loads(as_json(empty))["summaries"] == []

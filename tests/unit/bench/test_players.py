"""Players: a call is made once, numbered by its likes, and is the same whoever makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.bench.players import Player, Unanswered, Wanted
from cope_lsp.bench.records import NUMBERS_A_SEED, Records, open_records
from cope_lsp.bench.tariffs import Pace, Price, Tariff
from cope_lsp.cascade.problem import Completion, Message, Prompt
from tests.support.scripted_tasks import ScriptedSource, always_says, silent

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.bench.players import Source
    from cope_lsp.bench.records import Call

PROMPT = Prompt((Message("user", "Add."),))
OTHER = Prompt((Message("user", "Subtract."),))


def player(source: Source | None, records: Records, seed: int = 0, tariff: Tariff | None = None) -> Player:
    """A player at one task."""
    return Player("small", records, source, "t", seed, tariff or Tariff())


def counting() -> ScriptedSource:
    """A source whose replies are the calls' numbers."""
    return ScriptedSource(lambda call, _prompt: str(call.number))


async def said(model: Player, prompt: Prompt = PROMPT, temperature: float = 0.8, seed: int = 0) -> str:
    """The text of one reply."""
    return (await model.complete(prompt, temperature=temperature, seed=seed)).text


async def test_equal_calls_have_different_numbers() -> None:
    """The n-th draw of a prompt at a temperature is the n-th record of it."""
    model = player(counting(), Records())
    assert [await said(model) for _ in range(3)] == ["0", "1", "2"]
    assert await said(model, temperature=0.4) == "0"
    assert await said(model, OTHER) == "0"
    assert await said(model) == "3"


async def test_the_same_call_is_never_made_twice() -> None:
    """Another attempt, whatever seed its strategy gives, takes the records in the same order."""
    source, records = counting(), Records()
    await said(player(source, records))
    for seed in (5, 77):
        model = player(source, records)
        assert [await said(model, seed=seed) for _ in range(2)] == ["0", "1"]
    assert [call.number for call, _ in source.asked] == [0, 1]


async def test_a_call_of_another_process_is_not_made_again(tmp_path: Path) -> None:
    """What is on disk is enough."""
    path = tmp_path / "records.jsonl"
    await said(player(always_says("kept"), open_records(path)))
    assert await said(player(None, open_records(path))) == "kept"


async def test_a_second_seed_uses_other_records() -> None:
    """They begin where the first seed's can never reach."""
    source, records = counting(), Records()
    await said(player(source, records))
    assert await said(player(source, records, seed=2)) == str(2 * NUMBERS_A_SEED)
    assert len(records) == 2


async def test_a_call_of_another_model_is_another_call() -> None:
    """Equal prompts, two records."""
    source, records = always_says("x"), Records()
    await said(player(source, records))
    await said(Player("large", records, source, "t"))
    assert {call.model for call, _ in source.asked} == {"small", "large"}


@pytest.mark.parametrize("source", [None, silent()])
async def test_what_nothing_answers_is_wanted_and_never_replaced(source: Source | None) -> None:
    """Not by another number, nor by another temperature."""
    records = Records()
    await said(player(counting(), records))
    model = player(source, records)
    assert await said(model) == "0"
    for prompt, temperature in ((PROMPT, 0.8), (PROMPT, 0.4), (OTHER, 0.8)):
        with pytest.raises(Unanswered) as raised:
            await said(model, prompt, temperature)
        assert model.wanted[-1] == raised.value.wanted
        assert (raised.value.wanted.prompt, raised.value.wanted.task) == (prompt, "t")
    assert [(each.call.temperature, each.call.number) for each in model.wanted] == [
        (0.8, 1),
        (0.4, 0),
        (0.8, 0),
    ]
    assert len(records) == 1
    assert len(model.made) == 1


async def drawn_together(source: Source | None) -> list[Wanted]:
    """What is wanted once eight equal draws have begun together."""
    model = player(source, Records())
    with pytest.raises(ExceptionGroup) as raised:
        await draw_eight(model)
    assert raised.group_contains(Unanswered)
    return model.wanted


async def draw_eight(model: Player) -> None:
    """Eight equal draws at once."""
    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(said, model)


@pytest.mark.parametrize("source", [None, silent()])
async def test_draws_that_begin_together_are_all_wanted(source: Source | None) -> None:
    """One batch file brings a whole stage on, not one draw of it."""
    assert [each.call.number for each in await drawn_together(source)] == list(range(8))


class Slow:
    """A source that takes its time and notes how many calls are under way."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.under_way = 0
        self.most = 0

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion | None:  # noqa: ARG002 -- the port's
        """Answer after a while."""
        self.numbers.append(call.number)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await anyio.sleep(0.001)
        self.under_way -= 1
        return Completion("x", call.model)


async def test_calls_of_a_task_go_out_one_at_a_time_and_in_order() -> None:
    """So that a server finds the beginning of the prompt in its cache."""
    source = Slow()
    model = player(source, Records())
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(said, model)
    assert source.most == 1
    assert source.numbers == list(range(5))


async def test_a_tariff_prices_what_is_taken_and_leaves_the_record_alone() -> None:
    """Other prices need no other calls."""
    records = Records()
    tariff = Tariff(Price(1.0, 0.5, 2.0), Pace(1.0, 100.0, 10.0))
    model = player(always_says("x"), records, tariff=tariff)
    completion = await model.complete(PROMPT, temperature=0.0, seed=0)
    assert completion.usage.cost_usd == pytest.approx((100 * 1.0 + 10 * 2.0) / 1e6)
    assert completion.usage.seconds == pytest.approx(1.0 + 100 / 100 + 10 / 10)
    (record,) = records
    assert (record.cost_usd, record.seconds) == (0.001, 1.0)

"""The household: a deterministic world, goals that a planner proves, moves that a cascade votes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.agents.household.doings import act, offers, understood
from cope_lsp.bench.agents.household.moves import Move, Verb, read_move
from cope_lsp.bench.agents.household.planner import shortest_plan
from cope_lsp.bench.agents.household.tasks import PATIENCE, WorldTask, read_worlds
from cope_lsp.bench.agents.household.world import Condition, State, is_done
from cope_lsp.bench.attempts import Pair, Side, attempt
from cope_lsp.bench.records import Records
from cope_lsp.bench.rows import Unreadable
from cope_lsp.cascade.errors import ModelUnavailable
from tests.support.acting import STRATEGIES, Actor, following, played, text_of

if TYPE_CHECKING:
    from cope_lsp.bench.records import Call
    from cope_lsp.cascade.problem import Completion, Prompt

WORLDS = Path("cope_lsp/bench/sets/worlds.jsonl")
TASKS = {task.id.removeprefix("world/"): task for task in read_worlds(WORLDS)}
MUG = TASKS["clean-mug"]


class Silent:
    """A source behind which nothing listens."""

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion | None:
        """Fail."""
        raise ModelUnavailable(f"{call.model} is not there: {task}, {prompt.max_tokens} tokens.")


def after(task: WorldTask, *said: str) -> tuple[State, str]:
    """The state and the last observation after some replies."""
    state, observation = task.world.start, ""
    for each in said:
        move = read_move(each)
        assert move is not None
        state, observation = act(task.world, state, understood(task.world, state, move))
    return state, observation


def words(task: WorldTask) -> list[str]:
    """The shortest plan as an agent says it."""
    return [move.words for move in task.plan]


@pytest.mark.parametrize("name", TASKS)
def test_every_world_is_solved_by_its_plan_and_not_before(name: str) -> None:
    """The plan is made of offered actions, and the goal holds after its last move only."""
    world, state = TASKS[name].world, TASKS[name].world.start
    for move in TASKS[name].plan:
        assert not is_done(world, state)
        assert move in offers(world, state)
        state, _ = act(world, state, move)
    assert is_done(world, state)


def test_the_worlds_grow_in_length_and_some_ask_for_two_things() -> None:
    """Ten worlds, from two moves to more than twenty."""
    lengths = [len(task.plan) for task in TASKS.values()]
    assert len(lengths) == 10
    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1] > 20) == (2, True)
    assert sum(sum(wish.count for wish in task.world.wishes) > 1 for task in TASKS.values()) >= 3


def test_no_shorter_plan_is_there() -> None:
    """All plans that are one move shorter fail, tried without any of the planner's knowledge."""
    task = TASKS["letter-to-study"]
    states = {task.world.start}
    for _ in range(len(task.plan) - 1):
        states |= {act(task.world, state, move)[0] for state in states for move in offers(task.world, state)}
    assert not any(is_done(task.world, state) for state in states)


def test_a_goal_out_of_reach_has_no_plan() -> None:
    """A house whose doors are walled up cannot be put in order."""
    assert shortest_plan(replace(MUG.world, doors=dict.fromkeys(MUG.world.doors, ()))) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("go kitchen", Move(Verb.GO, place="kitchen")),
        ("Go to the kitchen.", Move(Verb.GO, place="kitchen")),
        ("- `take mug 1 from desk`", Move(Verb.TAKE, "mug 1", "desk")),
        ("2. Take the mug 1 from the desk", Move(Verb.TAKE, "mug 1", "desk")),
        ("> put mug 1 into cupboard", Move(Verb.PUT, "mug 1", "cupboard")),
        ("put mug 1 in/on cupboard", Move(Verb.PUT, "mug 1", "cupboard")),
        ("I need a mug first.\nAction: open cupboard", Move(Verb.OPEN, place="cupboard")),
        ("clean mug 1", Move(Verb.CLEAN, "mug 1")),
        ("look around", Move(Verb.LOOK)),
        ("I would wait.", None),
        ("", None),
    ],
)
def test_replies_are_read_as_people_write(said: str, meant: Move | None) -> None:
    """Articles, bullets, quotes and prose around an action do not hide it."""
    assert read_move(said) == meant


@pytest.mark.parametrize(
    ("said", "observation"),
    [
        ("go moon", "You cannot go to the moon from here."),
        ("go kitchen", "You cannot go to the kitchen from here."),
        ("open cupboard", "There is no cupboard here that you could open."),
        ("close desk", "There is no desk here that you could close."),
        ("take sword from desk", "You see no sword in the desk here."),
        ("take mug 1 from sink", "You see no mug 1 in the sink here."),
        ("put mug 1 in desk", "You do not carry the mug 1."),
        ("clean mug 1 with sink", "You do not carry the mug 1."),
        ("heat lamp 1", "You do not carry the lamp 1."),
    ],
)
def test_what_is_impossible_is_told_and_changes_nothing(said: str, observation: str) -> None:
    """An invalid action is an observation, never an exception."""
    assert after(MUG, said) == (MUG.world.start, observation)


def test_one_thing_is_carried_at_a_time() -> None:
    """A second one is refused with the first one's name."""
    state, _ = after(MUG, "take mug 1 from desk")
    assert after(MUG, "take mug 1 from desk", "take lamp 1 from desk") == (
        state,
        "Your hands are full: you carry mug 1.",
    )


def test_what_is_shut_hides_what_it_holds() -> None:
    """Nothing is seen, taken or put there before it is opened, and all is named then."""
    entering = ("take mug 1", "go hall", "go kitchen")
    assert "plate 1" not in after(MUG, *entering)[1]
    assert after(MUG, *entering, "put mug 1 in cupboard")[1] == "The cupboard is shut."
    assert after(MUG, *entering, "open cupboard")[1] == "You open the cupboard. It holds plate 1."


def test_heat_drives_out_cold_and_a_clean_thing_stays_clean() -> None:
    """The last of hot and cold counts."""
    world = replace(
        TASKS["hot-soup"].world,
        start=replace(TASKS["hot-soup"].world.start, room="kitchen", opened=frozenset({"fridge"})),
    )
    task = replace(TASKS["hot-soup"], world=world)
    state, _ = after(task, "take soup 1", "cool soup 1", "heat soup 1")
    assert state.held is not None
    assert state.held.conditions == {Condition.HOT}


def test_what_is_left_unsaid_is_the_same_action() -> None:
    """A vote counts `take mug` and `take mug 1 from desk` as one."""
    start = MUG.world.start
    meanings = {MUG.meaning(start, said) for said in ("take mug", "take the mug 1", "take mug 1 from desk")}
    assert meanings == {Move(Verb.TAKE, "mug 1", "desk")}


@pytest.mark.parametrize("strategy", ["small x1", "large x1", "small x8 + gate", "paper"])
async def test_an_optimal_player_wins(strategy: str) -> None:
    """The shortest plan as a script is right by every strategy, in as many steps as it has moves."""
    attempt = await played(MUG, strategy, following(words(MUG)))
    assert attempt.score == 1.0
    assert len(attempt.exits) == len(MUG.plan)


async def test_a_split_vote_escalates_its_step_alone() -> None:
    """The large model decides the one move on which the small one is torn."""
    plan, torn = words(MUG), 2
    small = Actor(lambda move, number: "look" if move == torn and number % 2 else plan[move])
    large = following(plan)
    attempt = await played(MUG, "paper", small, large)
    assert attempt.score == 1.0
    assert attempt.exits == tuple("large" if step == torn else "small" for step in range(len(plan)))
    assert len(large.asked) == 2, "one guideline and one action"


async def test_an_endless_player_ends_at_its_limit() -> None:
    """An agent that only looks has as many moves as the world allows, and fails."""
    attempt = await played(MUG, "small x1", following(["look"]))
    assert (attempt.score, len(attempt.exits)) == (0.0, PATIENCE * len(MUG.plan))


async def test_a_reply_without_an_action_is_told_so() -> None:
    """It costs a move and the next prompt says what happened."""
    actor = following(["I am not sure what to do.", *words(MUG)])
    attempt = await played(MUG, "small x1", actor)
    assert attempt.score == 1.0
    assert "> I am not sure what to do.\nThat is no action." in text_of(actor.asked[1])


async def test_a_step_for_which_nothing_came_ends_the_episode() -> None:
    """Where no model gives a reply there is nothing to act on; the goal does not hold."""
    pair = Pair(Side("small", Silent()), Side("large", Silent()), Records())
    attempt_ = await attempt(MUG, STRATEGIES["paper"], pair, {})
    assert attempt_.score == 0.0
    assert attempt_.exits == ("small: unavailable",)


async def test_prompts_stay_short() -> None:
    """However long an episode, the history's oldest moves are left out."""
    actor = following(["look"])
    await played(TASKS["picnic"], "small x1", actor)
    assert max(len(text_of(prompt)) for prompt in actor.asked) < 4500
    assert "(earlier moves are left out)" in text_of(actor.asked[-1])
    assert "Put two clean apples" in text_of(actor.asked[-1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "attic"}, "attic"),
        ({"things": {"mug 1": "moon"}}, "moon"),
        ({"things": {}}, "cannot be reached"),
        ({"wishes": []}, "holds at the start"),
        ({"places": None}, "is no world"),
    ],
)
def test_a_world_that_makes_no_sense_is_named_by_file_and_line(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    """The error says where and what."""
    lines = WORLDS.read_text().splitlines()
    broken = json.dumps(json.loads(lines[3]) | change)
    path = tmp_path / "worlds.jsonl"
    path.write_text("\n".join([*lines[:3], broken]))
    with pytest.raises(Unreadable, match=rf"worlds\.jsonl, line 4.*{said}"):
        read_worlds(path)

"""Whole solves without an editor: a real sandbox, a real HTTP server, a scripted model behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.events import Ruled
from cope_lsp.engine.front import Ending, Front, Reach
from cope_lsp.engine.solving import confirm, solve
from cope_lsp.storage.statistics import statistics
from tests.support.model_server import Reply, Rule, always, by_rules
from tests.unit.engine.asking import FREE, RIGHT, STUB, WRONG, User, world

if TYPE_CHECKING:
    from pathlib import Path

LARGE = {"model": "large", "price": FREE}
TEST = "from slug import slugify\n\n\ndef test_it():\n    assert slugify('A B') == 'a-b'\n"


async def test_a_stub_becomes_an_accepted_edit_with_its_evidence(tmp_path: Path) -> None:
    """Examples and the project's tests pass in the sandbox; the message says so, with where, price, time."""
    async with world(tmp_path / "p", always(RIGHT)) as here:
        (here.project / "test_slug.py").write_text(TEST)
        solved = await here.solve()
        numbers = await statistics(here.engine.stores.ledger)
    assert solved.ending is Ending.ACCEPTED
    assert solved.message.startswith("slugify: 3 of 3 examples pass · 1 of 1 tests pass · ")
    assert " · local · $0.00 · " in solved.message
    assert solved.edit is not None
    assert 'return "-".join(title.lower().split())' in solved.edit.new_text
    assert solved.evidence_files == ("test_slug.py",)
    assert numbers.by_ending == {"accepted": 1}


async def test_the_second_time_an_accepted_solution_is_judged_again_and_not_drawn(tmp_path: Path) -> None:
    """The same question needs no model, but it needs its tests to pass today."""
    async with world(tmp_path / "p", always(RIGHT)) as here:
        await here.solve()
        drawn = here.calls("small")
        solved = await here.solve()
        assert here.calls("small") == drawn
    assert (solved.ending, solved.stage) == (Ending.ACCEPTED, "recall")


async def test_when_nothing_passes_the_best_can_be_looked_at(tmp_path: Path) -> None:
    """Nothing is changed, the count is told, and the best candidate's edit and the report are there."""
    async with world(tmp_path / "p", always(WRONG)) as here:
        solved = await here.solve()
    assert solved.ending is Ending.UNVERIFIED
    assert "1 of 3 examples pass" in solved.message
    assert "Nothing was changed." in solved.message
    assert solved.edit is not None
    assert "return title.lower()" in solved.report


async def test_the_large_model_is_asked_only_after_failures_and_is_checked_too(tmp_path: Path) -> None:
    """A FAIL escalates; the large model's solution passes the same tests before it is accepted."""
    script = by_rules(Rule((Reply(WRONG),), model="small"), Rule((Reply(RIGHT),)))
    async with world(tmp_path / "p", script, large=LARGE) as here:
        solved = await here.solve()
        assert here.calls("large") >= 1
    assert (solved.ending, solved.stage) == (Ending.ACCEPTED, "large")


@pytest.mark.parametrize("when", ["failed", "unsure"])
async def test_what_passes_and_is_not_sure_enough_is_paid_for_if_wished(tmp_path: Path, when: str) -> None:
    """Where a wrong edit costs a fortune, three examples are too little."""
    large, worth = {**LARGE, "when": when}, {"wrong_edit_usd": 1000.0}
    async with world(tmp_path / "p", always(RIGHT), large=large, worth=worth) as here:
        solved = await here.solve()
        assert (here.calls("large") > 0) is (when == "unsure")
    assert solved.ending is Ending.UNVERIFIED
    assert "3 of 3 examples pass" in solved.message


async def test_what_cannot_be_run_buys_nothing(tmp_path: Path) -> None:
    """Without an interpreter all evidence is UNKNOWN: no large call, and its price is offered instead."""
    nowhere = {"interpreter": str(tmp_path / "no-python")}
    async with world(tmp_path / "p", always(WRONG), large=LARGE, python=nowhere) as here:
        solved = await here.solve(here.request(STUB.split("    >>>")[0] + '    """\n    ...\n'))
        assert here.calls("large") == 0
    assert solved.ending is Ending.UNVERIFIED
    assert solved.ask_large_usd == 0.0


async def test_local_reach_never_calls_the_large_model(tmp_path: Path) -> None:
    """*Implement (local)* stays local whatever fails."""
    async with world(tmp_path / "p", always(WRONG), large=LARGE) as here:
        await here.solve(reach=Reach.LOCAL)
        assert here.calls("large") == 0


async def test_a_server_that_is_down_is_told_with_its_fix(tmp_path: Path) -> None:
    """Nothing listens: the solve fails with one sentence that says what to start."""
    async with world(tmp_path / "p", always(RIGHT), small={"base_url": "http://127.0.0.1:9"}) as here:
        solved = await here.solve()
    assert solved.ending is Ending.FAILED
    assert "127.0.0.1:9" in solved.message
    assert "ollama serve" in solved.message


async def test_where_time_ran_out_the_message_says_what_helps(tmp_path: Path) -> None:
    """A slow machine is no dead end: asked again it is quicker, and the setting is named."""
    async with world(tmp_path / "p", always(Reply(RIGHT, delay_s=30)), deadline_s=1) as here:
        solved = await here.solve()
    assert solved.ending is Ending.NOTHING
    assert "nothing came back in time (ask again, which is quicker now, or set a longer deadline_s)" in (
        solved.message
    )


async def test_a_missing_model_is_pulled_when_the_user_says_so(tmp_path: Path) -> None:
    """The server lacks the model; after a yes it is fetched and the solve goes on."""
    asked: list[str] = []

    async def pull(model: str) -> bool:
        asked.append(model)
        return True

    user = User()
    async with world(tmp_path / "p", always(RIGHT), small={"model": "absent"}) as here:
        front = Front(user.heard.append, user.ask, pull=pull)
        solved = await solve(here.engine, here.request(), Reach.CASCADE, front)
    assert asked == ["absent"]
    assert solved.ending is Ending.ACCEPTED


async def test_show_best_now_ends_drawing_with_what_there_is(tmp_path: Path) -> None:
    """Enough: the first candidate is offered as unverified while the second would still be drawn."""
    script = by_rules(Rule((Reply(WRONG), Reply(RIGHT, delay_s=30.0))))
    user, enough = User(), anyio.Event()

    def hear(event: object) -> None:
        if isinstance(event, Ruled):
            enough.set()

    async with world(tmp_path / "p", script) as here:
        front = Front(hear, user.ask, enough=enough.wait)
        with anyio.fail_after(15):
            solved = await solve(here.engine, here.request(), Reach.CASCADE, front)
    assert solved.ending is Ending.UNVERIFIED


async def test_cancelling_closes_the_connection(tmp_path: Path) -> None:
    """Cancelled in mid-reply: the model's server sees the socket close before `solve` has ended."""
    async with world(tmp_path / "p", always(Reply(RIGHT, delay_s=30.0))) as here:
        with anyio.move_on_after(1.0):
            await here.solve()
        await here.models.until(lambda server: any(chat.closed_early for chat in server.chats))


async def test_a_solution_is_judged_again_when_its_tests_changed(tmp_path: Path) -> None:
    """`confirm` runs today's tests: one that the accepted solution fails makes it unverified."""
    async with world(tmp_path / "p", always(RIGHT)) as here:
        (here.project / "test_slug.py").write_text(TEST)
        solved = await here.solve()
        (here.project / "test_slug.py").write_text(TEST.replace("'a-b'", "'a_b'"))
        again = await confirm(here.engine, solved, here.request())
    assert (solved.ending, again.ending) == (Ending.ACCEPTED, Ending.UNVERIFIED)


async def test_without_a_sandbox_an_edit_is_flagged(tmp_path: Path) -> None:
    """`sandbox: off` runs tests unisolated and says so on the edit: no client then applies it by itself."""
    async with world(tmp_path / "p", always(RIGHT), sandbox="off") as here:
        solved = await here.solve()
    assert solved.ending is Ending.ACCEPTED
    assert solved.edit is not None
    assert "ran without isolation" in solved.edit.flags


async def test_asking_the_large_model_asks_it_alone_in_every_preset(tmp_path: Path) -> None:
    """*Ask the large model* begins with it: the small one is not drawn again."""
    for number, preset in enumerate(("default", "paper")):
        async with world(tmp_path / f"p{number}", always(RIGHT), large=LARGE, stages=preset) as here:
            await here.solve(reach=Reach.LARGE)
            assert (here.calls("small"), here.calls("large")) == (0, 1)

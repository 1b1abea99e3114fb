"""Nothing leaves the machine without leave, and nothing is paid without a price and a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.engine.front import Answer, Ending, Reach
from cope_lsp.storage.sent import sent_requests
from tests.support.model_server import Reply, Rule, by_rules
from tests.unit.engine.asking import PRICED, RIGHT, STUB, WRONG, User, world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.model_server import Script

FAR = {"model": "far", "price": PRICED}


def small_fails() -> Script:
    """A small model that is always wrong, and others that are right."""
    return by_rules(Rule((Reply(WRONG),), model="small"), Rule((Reply(RIGHT),)))


async def test_a_no_keeps_everything_here(tmp_path: Path) -> None:
    """Without consent a remote model gets no byte, and the user reads how to give it."""
    user = User(Answer.NO)
    async with world(tmp_path / "p", small_fails(), large=FAR) as here:
        solved = await here.solve(user=user)
        assert (here.calls("far"), solved.ending) == (0, Ending.UNVERIFIED)
    assert "far" in user.questions[0].text
    assert "def slugify" in user.questions[0].preview


async def test_once_is_asked_once_a_solve_and_all_that_left_is_kept(tmp_path: Path) -> None:
    """A yes for once lets one solve call the remote; what it sent can be read afterwards, byte for byte."""
    user = User(Answer.ONCE)
    async with world(tmp_path / "p", small_fails(), large=FAR) as here:
        solved = await here.solve(user=user)
        kept = sent_requests(here.engine.stores.sent)
        chats = [chat.raw for chat in here.models.chats if chat.body["model"] == "far"]
    assert (solved.ending, len(user.questions)) == (Ending.ACCEPTED, 1)
    assert [request.body for request in kept if b"def slugify" in request.body] == [
        chat for chat in chats if b"def slugify" in chat
    ]


async def test_always_is_remembered_for_host_model_and_price(tmp_path: Path) -> None:
    """After an *always* the next solve asks nothing."""
    user = User(Answer.ALWAYS)
    async with world(tmp_path / "p", small_fails(), large=FAR) as here:
        await here.solve(user=user)
        await here.solve(here.request(STUB.replace("Make", "Turn")), user)
    assert len(user.questions) == 1


async def test_a_secret_in_the_code_stays_here(tmp_path: Path) -> None:
    """A prompt with a key in it is not sent, whatever is allowed; file and line are named, not the key."""
    key = "AKIAQ3EGRTYBVCXZ7WPN"
    text = STUB.replace("for a URL.", f"for a URL ({key}).")
    async with world(tmp_path / "p", small_fails(), large=FAR) as here:
        solved = await here.solve(here.request(text), User(Answer.ALWAYS))
        assert here.calls("far") == 0
    assert "slug.py:2 (" in solved.report
    assert key not in solved.message


async def test_an_untrusted_workspace_sends_and_runs_nothing(tmp_path: Path) -> None:
    """Untrusted: the local model drafts, nothing executes, the large one is not called and not offered."""
    async with world(tmp_path / "p", small_fails(), large=FAR) as here:
        solved = await here.solve(here.request(trusted=False), User(Answer.ALWAYS))
        assert here.calls("far") == 0
    assert solved.ending is Ending.UNVERIFIED
    assert "not trusted" in solved.message
    assert solved.ask_large_usd is None


async def test_cloud_never_calls_no_remote(tmp_path: Path) -> None:
    """`cloud: never` wins over any answer."""
    async with world(tmp_path / "p", small_fails(), large=FAR, cloud="never") as here:
        await here.solve(user=User(Answer.ALWAYS), reach=Reach.LARGE)
        assert here.calls("far") == 0


async def test_a_remote_in_the_small_role_needs_leave_too(tmp_path: Path) -> None:
    """The rules hold for every remote, whichever role it plays."""
    async with world(tmp_path / "p", small_fails(), small=FAR) as here:
        solved = await here.solve(user=User(Answer.NO))
        assert here.calls("far") == 0
    assert solved.ending is Ending.FAILED


async def test_what_could_pass_a_cap_is_refused_before_the_call(tmp_path: Path) -> None:
    """The highest price of a call is reserved first; over the cap, nothing is sent and the cap is named."""
    dear = {"model": "far", "price": {"input": 900.0, "output": 900.0}}
    async with world(tmp_path / "p", small_fails(), large=dear, cloud="allow") as here:
        solved = await here.solve()
        assert here.calls("far") == 0
    assert "per_request_usd" in solved.report


async def test_an_unknown_price_is_refused_with_the_fix_named(tmp_path: Path) -> None:
    """No table and no setting knows the price: the call is refused and `large.price` is named."""
    async with world(tmp_path / "p", small_fails(), large={"model": "far"}, cloud="allow") as here:
        solved = await here.solve()
        assert here.calls("far") == 0
    assert "large.price" in solved.report


async def test_of_a_failure_only_names_types_and_plain_values_leave(tmp_path: Path) -> None:
    """What a test read from a file stays here; the large model learns which case failed, and how."""
    read = "from pathlib import Path\nfrom slug import slugify\n\n\n"
    test = "def test_it():\n    assert slugify('A B') == Path('expected.txt').read_text()\n"
    async with world(tmp_path / "p", small_fails(), large=FAR, cloud="allow") as here:
        (here.project / "test_slug.py").write_text(read + test)
        (here.project / "expected.txt").write_text("words of a customer")
        await here.solve()
        sent = b"".join(chat.raw for chat in here.models.chats if chat.body["model"] == "far").decode()
    assert "test_slug.py::test_it: AssertionError" in sent
    assert "got: 'hello world'" in sent
    assert "words of a customer" not in sent

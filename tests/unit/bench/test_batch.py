"""Unanswered requests go out in the Batch API's form, and answers come back as records."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.bench.batch import Room, custom_id, fold_answers, write_requests
from cope_lsp.bench.players import Player, Unanswered, Wanted
from cope_lsp.bench.records import Call, Records, open_records, prompt_key
from cope_lsp.cascade.problem import Message, Prompt

if TYPE_CHECKING:
    from pathlib import Path

LARGE = "vendor/large:2026"
PROMPT = Prompt((Message("system", "You write Python."), Message("user", "Write f.")), max_tokens=64)


def wanted(
    number: int = 0, *, model: str = LARGE, task: str = "HumanEval/12", prompt: Prompt = PROMPT
) -> Wanted:
    """A request that nothing has answered."""
    return Wanted(Call(model, prompt_key(prompt), 0.2, number), prompt, task)


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def answer(name: str, text: str | None = "text", **changed: object) -> dict[str, Any]:
    """An answer as the provider's output file holds it."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 90, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 64}}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice], "usage": usage}
    response = {"status_code": 200, "request_id": "1", "body": body}
    return {"id": "batch_req_1", "custom_id": name, "response": response, "error": None, **changed}


def answers(path: Path, *lines: dict[str, Any] | str) -> Path:
    """A file of answers."""
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


NAME = custom_id(wanted().call, "HumanEval/12")


def test_a_request_is_a_line_of_the_batch_api(tmp_path: Path) -> None:
    """All that the model needs stands in it: its messages, its longest reply, its temperature."""
    (path,) = write_requests([wanted()], tmp_path / "requests.jsonl")
    assert rows(path) == [
        {
            "custom_id": NAME,
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {
                "model": LARGE,
                "messages": [
                    {"role": "system", "content": "You write Python."},
                    {"role": "user", "content": "Write f."},
                ],
                "max_completion_tokens": 64,
                "temperature": 0.2,
                "seed": wanted().call.seed,
            },
        }
    ]


def test_nothing_is_asked_twice_and_the_order_is_the_same_whatever_the_runs(tmp_path: Path) -> None:
    """Several strategies want the same call; the file changes only where the requests do."""
    asked = [wanted(1), wanted(0), wanted(2, task="A/1"), wanted(1)]
    (one,) = write_requests(asked, tmp_path / "one.jsonl")
    (other,) = write_requests(reversed(asked), tmp_path / "other.jsonl")
    assert one.read_bytes() == other.read_bytes()
    assert len(rows(one)) == 3


@pytest.mark.parametrize(
    ("call", "task"),
    [
        (Call(LARGE, "0123456789abcdef", 0.0, 0), "HumanEval/12"),
        (Call(LARGE, "0123456789abcdef", 0.85, 128), "worlds/a_b-c/3"),
        (Call(LARGE, "0123456789abcdef", 1e-05, 7), ""),
    ],
)
def test_an_id_leads_back_to_its_call_and_task(tmp_path: Path, call: Call, task: str) -> None:
    """It is all that comes back with an answer."""
    records = Records()
    fold_answers([answers(tmp_path / "a.jsonl", answer(custom_id(call, task)))], records, [LARGE])
    (record,) = records
    assert (record.call, record.task) == (call, task)


@pytest.mark.parametrize("task", ["HumanEval/12", "x" * 80, "Größe/1", "a/" * 14, ""])
def test_an_id_fits_every_provider(tmp_path: Path, task: str) -> None:
    """A task too long for it is left out; the call never is."""
    name = custom_id(wanted(127).call, task)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)
    records = Records()
    fold_answers([answers(tmp_path / "a.jsonl", answer(name))], records, [LARGE])
    assert [record.call for record in records] == [wanted(127).call]


def test_a_batch_holds_one_model_and_no_more_than_is_allowed(tmp_path: Path) -> None:
    """Further files stand beside the first, and those of an earlier, longer list go."""
    path = tmp_path / "requests.jsonl"
    asked = [*(wanted(number) for number in range(5)), wanted(0, model="other")]
    files = write_requests(asked, path, Room(lines=2))
    assert [file.name for file in files] == [
        "requests.jsonl",
        "requests-2.jsonl",
        "requests-3.jsonl",
        "requests-4.jsonl",
    ]
    assert [[row["body"]["model"] for row in rows(file)] for file in files] == [
        ["other"],
        [LARGE] * 2,
        [LARGE] * 2,
        [LARGE],
    ]
    write_requests([], path)
    assert [file.name for file in tmp_path.iterdir()] == ["requests.jsonl"]
    assert path.read_bytes() == b""


def test_a_batch_is_no_larger_than_is_allowed(tmp_path: Path) -> None:
    """Long prompts fill a file before their number does."""
    (whole,) = write_requests([wanted(0)], tmp_path / "one.jsonl")
    room = Room(size=2 * len(whole.read_bytes()) + 10)
    files = write_requests([wanted(number) for number in range(4)], tmp_path / "requests.jsonl", room)
    assert [len(rows(file)) for file in files] == [2, 2]


async def test_an_answer_serves_the_call_that_wanted_it(tmp_path: Path) -> None:
    """The attempt that ended for want of it goes on after its answer came, also in another process."""
    records, file = Records(tmp_path / "records.jsonl"), tmp_path / "records.jsonl"
    player = Player(LARGE, records, None, "HumanEval/12")
    with pytest.raises(Unanswered):
        await player.complete(PROMPT, temperature=0.2, seed=0)
    (sent,) = write_requests(player.wanted, tmp_path / "requests.jsonl")
    came = answers(tmp_path / "answers.jsonl", *(answer(row["custom_id"]) for row in rows(sent)))
    folded = fold_answers([came], records, ["small", LARGE])
    assert (folded.new, folded.known, folded.faults) == (1, 0, ())
    again = Player(LARGE, open_records(file), None, "HumanEval/12")
    said = await again.complete(PROMPT, temperature=0.2, seed=0)
    usage = said.usage
    assert said.text == "text"
    assert (usage.input_tokens, usage.cached_tokens, usage.output_tokens, usage.cost_usd) == (90, 64, 7, None)
    assert [record.task for record in records] == ["HumanEval/12"]


def test_answers_come_in_any_order_from_several_files_and_twice_is_once(tmp_path: Path) -> None:
    """A second download of the same batch changes nothing."""
    names = [custom_id(wanted(number).call, "t") for number in range(3)]
    one = answers(tmp_path / "one.jsonl", answer(names[2]), answer(names[0]))
    other = tmp_path / "other.jsonl.gz"
    other.write_bytes(
        gzip.compress(f"{json.dumps(answer(names[0], 'later'))}\n{json.dumps(answer(names[1]))}".encode())
    )
    records = Records()
    folded = fold_answers([one, other], records, [LARGE])
    assert (folded.new, folded.known, folded.faults) == (3, 1, ())
    assert {record.text for record in records} == {"text"}


def test_a_reply_that_was_cut_off_is_known_as_such(tmp_path: Path) -> None:
    """Also one that came to nothing because the model thought too long."""
    cut = answer(NAME, None)
    cut["response"]["body"]["choices"][0]["finish_reason"] = "length"
    records = Records()
    fold_answers([answers(tmp_path / "a.jsonl", cut)], records, [LARGE])
    assert [(record.text, record.truncated) for record in records] == [("", True)]


NO_MESSAGE: dict[str, object] = {"status_code": 200, "body": {"choices": [{}]}}
BROKEN = {"status_code": 500, "body": answer(NAME)["response"]["body"]}
REFUSED = {"status_code": 400, "body": {"error": {"message": "temperature is not supported"}}}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{half a li", "the line is no answer's: Invalid JSON"),
        ("{}", "custom_id is no answer's: Field required"),
        (answer("request-1"), "'request-1' is no custom_id of a request of ours"),
        (answer(custom_id(wanted(model="other").call, "t")), f"is for another model than {LARGE}"),
        (answer(NAME, response=REFUSED), 'was not answered: status 400, {"message": "temperature is not'),
        (
            answer(NAME, response=None, error={"code": "batch_expired"}),
            'no response, {"code": "batch_expired"}',
        ),
        (answer(NAME, response={"status_code": 200, "body": {}}), "was not answered: status 200."),
        (answer(NAME, error={"code": "half"}), 'status 200, {"code": "half"}'),
        (answer(NAME, response=BROKEN), "was not answered: status 500."),
        (answer(NAME, response=NO_MESSAGE), "message is no answer's"),
    ],
)
def test_a_line_that_answers_nothing_is_named_and_skipped(
    tmp_path: Path, line: dict[str, Any] | str, why: str
) -> None:
    """The lines around it count; its request is asked for again."""
    other = custom_id(wanted(1).call, "t")
    path = answers(tmp_path / "a.jsonl", "", line, answer(other))
    records = Records()
    folded = fold_answers([path], records, [LARGE])
    assert folded.new == 1
    assert [record.call.number for record in records] == [1]
    (fault,) = folded.faults
    assert fault.startswith(f"{path}, line 2: ")
    assert why in fault

"""llama.cpp in a child process with a real model."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import anyio
import httpx
import psutil
import pytest

from cope_lsp.cascade.problem import Message, Prompt
from cope_lsp.models.connect import connect_small
from cope_lsp.settings import Settings, SmallModel
from tests.support.cpu import rests_within, works_within
from tests.support.model_clients import Heard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from cope_lsp.models.provider import Connection

pytestmark = pytest.mark.live

PROMPT = Prompt((Message("user", "Count from 1 to 5, digits only."),), max_tokens=24)
LONG = Prompt((Message("user", "Write a very long story about a river."),), max_tokens=1500)

ASK_AND_HANG = """
import anyio, sys
from cope_lsp.cascade.problem import Message, Prompt
from cope_lsp.models.connect import connect_small
from cope_lsp.models.provider import Hooks
from cope_lsp.settings import Settings, SmallModel
async def main():
    settings = Settings(small=SmallModel(provider="llama_cpp", model=sys.argv[1], context=1024))
    model = connect_small(settings, Hooks(lambda told: None, lambda sent: None))
    await model.complete(Prompt((Message("user", "hi"),), max_tokens=2), temperature=0, seed=1)
    print("answered", flush=True)
    await anyio.sleep(60)
anyio.run(main)
"""


@pytest.fixture
def heard() -> Heard:
    """What the hooks were told."""
    return Heard()


@pytest.fixture
async def model(smollm2: Path, heard: Heard) -> AsyncGenerator[Connection]:
    """A connection to the model in a file."""
    settings = Settings(small=SmallModel(provider="llama_cpp", model=str(smollm2), context=2048))
    connection = connect_small(settings, heard.hooks)
    yield connection
    await connection.close()


def children(pid: int | None = None) -> list[psutil.Process]:
    """The model servers among a process's children."""
    found = psutil.Process(pid).children(recursive=True)
    return [child for child in found if "cope_lsp.models.llama_child" in child.cmdline()]


async def test_a_real_model_answers_from_a_child_that_ends_with_the_connection(
    model: Connection, heard: Heard
) -> None:
    """Nothing runs before the first call or after `close`; loading is told; logprobs and counts arrive."""
    assert children() == []
    completion = await model.complete(PROMPT, temperature=0.0, seed=1)
    assert len(children()) == 1
    await model.close()
    assert children() == []
    assert [told.detail for told in heard.loading] == ["loading", "ready"]
    assert completion.text.strip()
    assert 0 < completion.usage.output_tokens <= PROMPT.max_tokens
    assert completion.usage.cost_usd == 0.0
    assert completion.logprob is not None
    assert completion.logprob < 0
    assert await model.destination() is None


async def test_cancelling_stops_the_generation(model: Connection) -> None:
    """Long replies side by side keep the child busy; soon after they are cancelled it rests."""
    await model.complete(PROMPT, temperature=0.0, seed=1)
    async with anyio.create_task_group() as group:
        for seed in range(4):
            group.start_soon(lambda seed=seed: model.complete(LONG, temperature=0.8, seed=seed))
        assert await works_within(10, children)
        group.cancel_scope.cancel()
    assert await rests_within(4, children)
    assert (await model.complete(PROMPT, temperature=0.0, seed=1)).text.strip()


async def test_a_child_that_crashed_is_started_again(model: Connection) -> None:
    """A dead child is a failed call at most."""
    await model.complete(PROMPT, temperature=0.0, seed=1)
    (child,) = children()
    child.kill()
    child.wait(5)
    await anyio.sleep(0.2)
    assert (await model.complete(PROMPT, temperature=0.0, seed=1)).text.strip()


async def test_other_users_of_the_machine_get_no_answer(model: Connection) -> None:
    """The child's port wants a key that no command line shows."""
    await model.complete(PROMPT, temperature=0.0, seed=1)
    body = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"http://{model.host}/v1/chat/completions", json=body)
    assert answer.status_code == 401


def test_the_child_dies_with_its_parent_even_by_sigkill(smollm2: Path) -> None:
    """No model server is left when ours is killed without a chance to clean up."""
    command = [sys.executable, "-c", ASK_AND_HANG, str(smollm2)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "answered\n"
        (child,) = children(parent.pid)
        os.kill(parent.pid, signal.SIGKILL)
        child.wait(5)

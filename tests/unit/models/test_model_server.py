"""The scripted model server as a process, the way the protocol ring uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.models.connect import connect_small
from cope_lsp.settings import Settings, SmallModel
from tests.support.model_clients import PROMPT, Heard
from tests.support.model_process import model_process
from tests.support.model_server import Entry, Reply, Rule, Scenario

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_scenario_is_served_by_a_process_of_its_own(tmp_path: Path) -> None:
    """Rules are followed in their order, replies in turn, and every request is on record."""
    rules = (Rule((Reply("first"), Reply("then")), contains="Write f"), Rule((Reply("other"),)))
    with model_process(Scenario(rules, (Entry("small"),)), tmp_path) as server:
        model = connect_small(Settings(small=SmallModel(model="small", base_url=server.url)), Heard().hooks)
        replies = [(await model.complete(PROMPT, temperature=0, seed=1)).text for _ in range(3)]
        await model.close()
    assert replies == ["first", "then", "then"]
    records = server.records()
    assert [record["path"] for record in records] == ["/api/show", *["/api/chat"] * 4]
    assert not any(record["closed_early"] for record in records)
    assert records[-1]["body"]["options"]["seed"] == 1

"""The rules as an algebra: whatever an editor sends, nothing becomes looser."""

from __future__ import annotations

import random

import pytest

from cope_lsp.settings import (
    Cloud,
    Layer,
    Origin,
    Preset,
    Sandbox,
    Settings,
    Source,
    editor_layer,
    leaves,
    parse,
)
from cope_lsp.settings.tightening import TIGHTENING

CLOUD = [Cloud.ALLOW, Cloud.ASK, Cloud.NEVER]
SANDBOX = [Sandbox.OFF, Sandbox.REQUIRED]


def some_settings(chance: random.Random) -> dict[str, object]:
    """Random values for a random part of the settings that have an order."""
    everything: dict[str, object] = {
        "cloud": chance.choice(["allow", "ask", "never"]),
        "stages": chance.choice(["default", "paper", "local"]),
        "sandbox": chance.choice(["off", "required"]),
        "auto_apply": chance.random() < 0.5,
        "large.allow_http": chance.random() < 0.5,
        "small.allow_http": chance.random() < 0.5,
        "cache.shared": chance.random() < 0.5,
        "budget.per_request_usd": chance.random(),
        "budget.per_day_usd": chance.random() * 3,
        "samples": chance.randint(1, 64),
        "deadline_s": chance.randint(1, 100),
        "tests.timeout_s": chance.randint(1, 100),
        "cache.size_mb": chance.randint(1, 500),
        "ignore": chance.sample(["a", "b", "!c", "d"], 2),
        "tests.expose": chance.sample(["x", "y", "z"], chance.randint(0, 3)),
    }
    assert everything.keys() == TIGHTENING.keys()
    return {name: value for name, value in everything.items() if chance.random() < 0.6}


def is_no_looser(now: Settings, before: Settings) -> bool:
    """An independent statement of the order, field by field."""
    return all(
        (
            CLOUD.index(now.cloud) >= CLOUD.index(before.cloud),
            SANDBOX.index(now.sandbox) >= SANDBOX.index(before.sandbox),
            now.stages in (before.stages, Preset.LOCAL),
            now.auto_apply <= before.auto_apply,
            now.large.allow_http <= before.large.allow_http,
            now.cache.shared <= before.cache.shared,
            now.budget.per_request_usd <= before.budget.per_request_usd,
            now.budget.per_day_usd <= before.budget.per_day_usd,
            now.samples <= before.samples,
            now.deadline_s <= before.deadline_s,
            now.tests.timeout_s <= before.tests.timeout_s,
            now.cache.size_mb <= before.cache.size_mb,
            now.ignore[: len(before.ignore)] == before.ignore,
            not any(pattern.startswith("!") for pattern in now.ignore[len(before.ignore) :]),
            set(now.tests.expose) <= set(before.tests.expose),
            now.small.allow_http <= before.small.allow_http,
            now.worth == before.worth,
            now.network == before.network,
            now.python == before.python,
        )
    )


@pytest.mark.parametrize("seed", range(300))
def test_an_editor_never_loosens(seed: int) -> None:
    """For random settings of the user's and random settings from an editor, the result is no looser."""
    chance = random.Random(seed)  # noqa: S311 -- test data
    mine = Layer(Source(Origin.USER), some_settings(chance))
    before = parse([mine]).settings
    now = parse([mine, editor_layer(some_settings(chance))]).settings
    assert is_no_looser(now, before)


@pytest.mark.parametrize("seed", range(100))
def test_no_layer_makes_a_policy_looser(seed: int) -> None:
    """Whatever user and editor say, what holds is no looser than the policy alone."""
    chance = random.Random(seed)  # noqa: S311 -- test data
    law = some_settings(chance)
    law.pop("stages", None)  # two presets that both leave the machine have no order: the policy's is fixed
    law.pop("ignore", None)  # additions, tested by themselves
    rules = Layer(Source(Origin.POLICY), law)
    mine = Layer(Source(Origin.USER), some_settings(chance))
    alone = parse([rules]).settings
    now = parse([rules, mine, editor_layer(some_settings(chance))]).settings
    for path in law:
        given, holds = value(alone, path), value(now, path)
        assert TIGHTENING[path](given, holds) == holds or given == holds


def value(settings: Settings, path: str) -> object:
    """A setting by its dotted path."""
    node: object = settings
    for name in path.split("."):
        node = getattr(node, name)
    return node


def test_every_rule_belongs_to_a_setting() -> None:
    """A renamed setting would silently lose its rule."""
    assert set(TIGHTENING) <= set(leaves())

"""Who plays in one solve: which stages, with which models, under whose leave."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cope_lsp.cascade import escalation
from cope_lsp.cascade.stages import Terms, default, local, paper
from cope_lsp.engine.front import Reach
from cope_lsp.engine.guard import Guarded, Pass
from cope_lsp.settings import Cloud, Preset

if TYPE_CHECKING:
    from cope_lsp.cascade.stages import Stage
    from cope_lsp.code.problem import Request
    from cope_lsp.engine.build import Engine
    from cope_lsp.engine.front import Front
    from cope_lsp.settings import Settings

WIDTH = {"ollama": 1, "openai": 4, "llama_cpp": 4}
"""Draws in flight by provider: Ollama gains nothing from more on a laptop, the others batch."""


def leave(engine: Engine, front: Front, request: Request) -> Pass:
    """By whose leave a request's solve may call."""
    settings = engine.settings
    names = (settings.small.api_key_env, settings.large.api_key_env)
    keys = tuple(key for name in names if (key := os.environ.get(name, "")))
    return Pass(settings, engine.stores, front, request, keys)


def large_of(engine: Engine, permission: Pass) -> Guarded | None:
    """The large model, where one is set and may be called at all."""
    settings = engine.settings
    shut = (
        settings.stages is Preset.LOCAL
        or settings.cloud is Cloud.NEVER
        or not permission.request.snapshot.trusted
    )
    return None if shut or engine.large is None else Guarded(engine.large, "large", permission)


def stages_of(engine: Engine, permission: Pass, reach: Reach) -> tuple[Stage, ...]:
    """The cascade of a solve: never beyond `reach`, and without a large model only what is local."""
    settings = engine.settings
    small = Guarded(engine.small, "small", permission)
    large = large_of(engine, permission)
    is_paper = settings.stages is Preset.PAPER
    if large is None or reach is Reach.LOCAL:
        return paper(small, small, settings.samples)[:1] if is_paper else local(small, _terms(settings))
    stages = paper(small, large, settings.samples) if is_paper else default(small, large, _terms(settings))
    return stages[-1:] if reach is Reach.LARGE else stages


def _terms(settings: Settings) -> Terms:
    worth = escalation.Worth(
        settings.worth.wrong_edit_usd, settings.worth.no_answer_usd, settings.worth.second_usd
    )
    return Terms(
        samples=settings.samples,
        worth=worth,
        width=WIDTH[settings.small.provider],
        deadline_s=settings.deadline_s,
    )

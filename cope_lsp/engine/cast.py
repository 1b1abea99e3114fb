"""Who plays in one solve: which stages, with which models, under whose leave."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cope_lsp.cascade import escalation
from cope_lsp.cascade.presets import Terms, default, local, paper
from cope_lsp.cascade.problem import Kind
from cope_lsp.code import explaining
from cope_lsp.code.problem import RequestKind
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
    small = Guarded(engine.small, "small", permission)
    large = None if reach is Reach.LOCAL else large_of(engine, permission)
    stages = _preset(engine.settings, permission.request.kind, small, large)
    return stages[-1:] if reach is Reach.LARGE and large is not None else stages


def _preset(
    settings: Settings, kind: RequestKind, small: Guarded, large: Guarded | None
) -> tuple[Stage, ...]:
    is_text = kind is RequestKind.EXPLAIN
    if settings.stages is Preset.PAPER:
        made = paper(small, large or small, settings.samples, Kind.TEXT if is_text else Kind.CODE)
        return made if large is not None else made[:1]
    if is_text:
        return explaining.stages(small, large, settings.samples, WIDTH[settings.small.provider])
    return local(small, _terms(settings)) if large is None else default(small, large, _terms(settings))


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

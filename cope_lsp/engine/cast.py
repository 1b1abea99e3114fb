"""Who plays in one solve: which stages, with which models, under whose leave."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cope_lsp.cascade import escalation
from cope_lsp.cascade.escalation import FIXED
from cope_lsp.cascade.presets import Terms, default, local, paper
from cope_lsp.cascade.problem import Kind
from cope_lsp.cascade.stages import failed, known
from cope_lsp.code import explaining
from cope_lsp.code.problem import RequestKind
from cope_lsp.engine.front import Reach
from cope_lsp.engine.guard import Guarded, Pass
from cope_lsp.settings import Cloud, Preset
from cope_lsp.storage.calibration import code_rates

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
    """The cascade of a solve: never beyond `reach`, and without a large model only what is local.

    Raises: CalibrationUnfit.
    """
    small = Guarded(engine.small, "small", permission)
    large = None if reach is Reach.LOCAL else large_of(engine, permission)
    stages = _preset(engine.settings, permission.request, small, large)
    return stages[-1:] if reach is Reach.LARGE and large is not None else stages


def _preset(settings: Settings, request: Request, small: Guarded, large: Guarded | None) -> tuple[Stage, ...]:
    is_text = request.kind is RequestKind.EXPLAIN
    if settings.stages is Preset.PAPER:
        made = paper(small, large or small, settings.samples, Kind.TEXT if is_text else Kind.CODE)
        return made if large is not None else made[:1]
    if is_text:
        return explaining.stages(small, large, settings.samples, WIDTH[settings.small.provider])
    terms = _terms(settings, request.language.id)
    return local(small, terms) if large is None else default(small, large, terms)


def _terms(settings: Settings, language: str) -> Terms:
    """What the default preset reckons with: the user's worth, and the rates of their models if measured."""
    measured = settings.calibration
    rates = code_rates(measured, settings.small.model, language) if measured is not None else FIXED
    worth = escalation.Worth(
        settings.worth.wrong_edit_usd, settings.worth.no_answer_usd, settings.worth.second_usd
    )
    return Terms(
        samples=settings.samples,
        worth=worth,
        rates=rates,
        escalate=known if settings.large.when == "unsure" else failed,
        width=WIDTH[settings.small.provider],
        deadline_s=settings.deadline_s,
    )

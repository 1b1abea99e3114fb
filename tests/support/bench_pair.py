"""A bench's pair of scripted models, behind the real players and records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.bench.attempts import Pair, Side
from cope_lsp.bench.records import Records

if TYPE_CHECKING:
    from cope_lsp.bench.records import Call
    from cope_lsp.cascade.problem import Completion, Prompt
    from tests.support.scripted import ScriptedModel


@dataclass(frozen=True)
class ScriptedSource:
    """A source that asks a scripted model, which writes down what it is asked."""

    model: ScriptedModel

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion:  # noqa: ARG002 -- the port's signature
        """Say what the script says."""
        return await self.model.complete(prompt, temperature=call.temperature, seed=call.seed)


def scripted_pair(small: ScriptedModel, large: ScriptedModel) -> Pair:
    """Both models, over records that are empty and kept nowhere."""
    return Pair(Side(small.name, ScriptedSource(small)), Side(large.name, ScriptedSource(large)), Records())

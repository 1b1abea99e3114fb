"""What a draft shows to someone who runs nothing: how sure the model was, how much it wrote, how it ended."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Completion

Signs: TypeAlias = tuple[float, ...]

UNSURE = -1.0
"""Log-probability below which a token was one of several that the model thought of."""

_BRANCH = re.compile(r"\b(?:for|while|if|elif|except|lambda)\b")
_PLACEHOLDER = re.compile(r"\b(?:pass|TODO|NotImplementedError)\b|\.\.\.")


def signs(draft: Completion) -> Signs:
    """The signs of a draft, always as many; what a provider did not tell is 0."""
    known = draft.logprobs
    return (
        draft.logprob or 0.0,
        min(known, default=0.0),
        sum(each < UNSURE for each in known) / max(1, len(known)),
        math.log1p(len(draft.text)),
        math.log1p(draft.text.count("\n")),
        math.log1p(len(_BRANCH.findall(draft.text))),
        float(_PLACEHOLDER.search(draft.text) is not None),
        float(draft.truncated),
        math.log1p(draft.usage.input_tokens),
    )

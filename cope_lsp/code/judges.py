"""Which judge a kind of request gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cope_lsp.cascade.ports import Judge
from cope_lsp.code.documenting import documenting_judge
from cope_lsp.code.explaining import explaining_judge
from cope_lsp.code.judge import code_judge
from cope_lsp.code.problem import RequestKind
from cope_lsp.code.rules import default_rule
from cope_lsp.code.testing import testing_judge

if TYPE_CHECKING:
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.rules import Rule
    from cope_lsp.code.workbench import Workbench


class PreparedJudge(Judge, Protocol):
    """A judge that can get ready while the first candidate is drawn."""

    async def prepare(self) -> None:
        """Do what does not need a candidate."""
        ...


def judge_of(asked: CodeProblem, bench: Workbench, rule: Rule = default_rule) -> PreparedJudge:
    """The judge for a request; `rule` is for code that is to be written."""
    match asked.request.kind:
        case RequestKind.DOCUMENT:
            return documenting_judge(asked, bench)
        case RequestKind.EXPLAIN:
            return explaining_judge()
        case RequestKind.TESTS:
            return testing_judge(asked, bench)
        case _:
            return code_judge(asked, bench, rule)

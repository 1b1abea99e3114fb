"""The user's answer as an example in the documentation, for those who want to keep it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.code.edit import EditRefused, make_edit
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.running import Outcome

if TYPE_CHECKING:
    from cope_lsp.code.answers import Answer
    from cope_lsp.code.problem import CodeProblem, Edit
    from cope_lsp.engine.bench import Surveyed


async def with_answer(asked: CodeProblem, survey: Surveyed, edit: Edit, answer: Answer) -> Edit | None:
    """The edit with the answered call as one more example; None where it has no place, or does not hold."""
    if not answer.outcome:
        return None
    request, syntax = asked.request, asked.request.language.syntax
    source = syntax.parse(edit.new_text.encode())
    target = syntax.target_named(source, request.target.qualname)
    tried = await attempt(survey.bench, request, source.text, Cases(calls=(answer.call,)))
    given = tried.verdicts.get("call:0")
    if target is None or given is None or given.outcome is not Outcome.PASSED:
        return None
    text = syntax.with_example(source, target, answer.call, given.detail)
    if text is None or not await _holds(asked, survey, text):
        return None
    try:
        return replace(make_edit(request, text.decode()), flags=edit.flags)
    except (EditRefused, UnicodeDecodeError):
        return None


async def _holds(asked: CodeProblem, survey: Surveyed, text: bytes) -> bool:
    """Whether every example of the new documentation passes, the added one included."""
    syntax = asked.request.language.syntax
    source = syntax.parse(text)
    target = syntax.target_named(source, asked.request.target.qualname)
    examples = syntax.examples(source, target) if target is not None else ()
    tried = await attempt(survey.bench, asked.request, text, Cases(examples=examples))
    verdicts = [tried.verdicts.get(f"example:{number}") for number in range(len(examples))]
    if len(examples) <= len(asked.examples):
        return False
    return all(verdict is not None and verdict.outcome is Outcome.PASSED for verdict in verdicts)

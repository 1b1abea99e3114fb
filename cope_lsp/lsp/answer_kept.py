"""What the user answered, offered as an example once the plain edit is in: a code action of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.code.edit import EditRefused, make_edit

if TYPE_CHECKING:
    from cope_lsp.lsp.shelf import Waiting


def answer_alone(applied: Waiting) -> Waiting | None:
    """What adds the answer to the text that now stands; None where there is none, or it is in already."""
    solved, request = applied.solved, applied.request
    if solved.with_answer is None or solved.edit is None or solved.edit == solved.with_answer:
        return None
    syntax = request.language.syntax
    target = syntax.target_named(syntax.parse(solved.edit.new_text.encode()), request.target.qualname)
    if target is None:
        return None
    standing = replace(request, document=replace(request.document, text=solved.edit.new_text), target=target)
    try:
        edit = make_edit(standing, solved.with_answer.new_text)
    except EditRefused:
        return None
    message = f"{request.target.name}: your answer stands among its examples"
    kept = replace(solved, edit=edit, with_answer=None, message=message, ask_large_usd=None)
    title = f"Add your answer to the examples of {request.target.name}"
    return replace(applied, request=standing, solved=kept, title=title)

"""A model's reply, read: which part of it is code, and where in it the target's new body stands."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import replies
from cope_lsp.languages.python import names, tree
from cope_lsp.languages.python.targets import targets
from cope_lsp.languages.replies import LARGEST_REPLY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

_CODE_LINE = re.compile(
    r"@\w|(?:async\s+)?def\s|class\s+\w+[\s:(]|import\s+\w|from\s+[\w.]+\s+import\b|return\b|raise\b|#|[)\]}]"
    r"|(?:if|for|while|with|elif|else|try|except|finally|async)\b.*:\s*(?:#.*)?$"
    r"|[A-Za-z_][\w.]*(?:\[.*\])?\s*(?::[^=]+)?[-+*/%|&^]?=(?!=)"
)
_WORKS = {
    *("return_statement", "raise_statement", "if_statement", "for_statement", "while_statement"),
    *("with_statement", "try_statement", "match_statement", "delete_statement", "assert_statement"),
    *("global_statement", "nonlocal_statement"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a reply wrote: its code, and the definition in it; without one, the code is the body alone."""

    source: Source
    definition: Target | None


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a reply cannot be used, in words that a model can act on too."""

    problem: str


def read(reply: str, target: Target) -> Written | Unusable:
    """Find the target's new definition, or a body for it, in a reply."""
    if len(reply) > LARGEST_REPLY:
        return Unusable(f"the reply is longer than {LARGEST_REPLY // 1024} KiB")
    if not reply.strip():
        return Unusable("the reply is empty")
    parts = [*codes(reply)]
    problems: list[str] = []
    for code in parts:
        found = _definition_in(tree.parse(code.encode()), target)
        if isinstance(found, Written):
            return found
        problems += [found.problem] if found is not None else []
    if problems:
        return Unusable(problems[0])
    bodies = (_body_in(code, target) for code in parts)
    return next((body for body in bodies if body is not None), None) or _explained(parts, target)


def codes(reply: str) -> Iterator[str]:
    """The parts of a reply that may be Python, likeliest first."""
    return replies.codes(reply, lambda line: _CODE_LINE.match(line) is not None)


def _explained(codes: list[str], target: Target) -> Unusable:
    others = [each.name for code in codes for each in targets(tree.parse(code.encode()))]
    if others:
        return Unusable(f"the reply defines {', '.join(dict.fromkeys(others))} and not {target.name}")
    return Unusable(f"the reply holds no code for {target.name}, or it does not parse")


def _definition_in(source: Source, target: Target) -> Written | Unusable | None:
    """The best definition of the target's name; None where the code has none."""
    found = [each for each in targets(source) if each.name == target.name]
    if not found:
        return None
    same_class = [each for each in found if each.parents[-1:] == target.parents[-1:]]
    for each in [*same_class, *found]:
        if each.parses and not each.stub:
            return Written(source, each)
    if any(each.parses for each in found):
        return Unusable(f"the reply leaves {target.name} without a body")
    return Unusable(f"{target.name} in the reply does not parse; it may be cut off")


def _body_in(code: str, target: Target) -> Written | None:
    """The code as a bare body: it parses, does something, and is no mere use of the target."""
    whole = tree.parse(code.encode())
    for source in (whole, *([tree.parse(_outdented(code).encode())] if tree.is_broken(whole) else [])):
        root = source.tree.root_node
        if tree.is_broken(source):
            continue
        kinds = {node.type for node in root.named_children}
        calls = [node for node in root.named_children if node.type == "expression_statement"]
        only_used = not kinds & _WORKS and (
            target.name in names.mentioned(root) or not any(map(_acts, calls))
        )
        defines_other = kinds <= {*names.DEFINITIONS, "decorated_definition", "comment", "import_statement"}
        if kinds and not only_used and not defines_other:
            return Written(source, None)
    return None


def _acts(node: object) -> bool:
    """Whether an expression statement does something: a call, an assignment, `await` or `yield`."""
    inner = getattr(node, "named_children", [])[:1]
    return bool(inner) and inner[0].type in {"assignment", "augmented_assignment", "call", "await", "yield"}


def _outdented(code: str) -> str:
    """The code with its first line where the others begin: its indentation was lost."""
    first, _, rest = code.partition("\n")
    return f"{first.strip()}\n{textwrap.dedent(rest)}"

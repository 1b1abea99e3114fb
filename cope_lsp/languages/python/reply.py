"""A model's reply, read: which part of it is code, and where in it the target's new body stands."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.python import names, tree
from cope_lsp.languages.python.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

LARGEST_REPLY = 256 * 1024
"""Characters beyond which a reply is refused unread."""

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*$")
_FOREIGN = {
    *("bash", "sh", "shell", "console", "text", "txt", "output"),
    *("json", "yaml", "toml", "diff", "patch", "markdown", "md"),
}
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
    """The parts of a reply that may be code, likeliest first; without fences also without the prose."""
    text = reply.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"^.*?</think(?:ing)?>", "", text, count=1, flags=re.DOTALL) if "</think" in text else text
    fenced = _fenced(text)
    for _, code in sorted(fenced, key=lambda each: each[0] in _FOREIGN):
        yield _plain(code)
    if not fenced:
        yield _plain(text)
        yield _plain(_without_prose(textwrap.dedent(text)))


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


def _plain(code: str) -> str:
    """The code without blank lines around it and without a common indentation."""
    return textwrap.dedent(re.sub(r"\A(?:[ \t]*\n)+", "", code)).rstrip() + "\n"


def _fenced(text: str) -> list[tuple[str, str]]:
    """Language tag and text of each fenced block; one that never closes reaches to the end."""
    blocks: list[tuple[str, list[str]]] = []
    closing = ""
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if closing and fence and fence[1].startswith(closing) and not fence[2]:
            closing = ""
        elif closing:
            blocks[-1][1].append(line)
        elif fence:
            closing = fence[1]
            blocks.append((fence[2].lower(), []))
    return [(tag, "\n".join(content)) for tag, content in blocks if "".join(content).strip()]


def _without_prose(text: str) -> str:
    """The text without sentences around and between its code."""
    kept: list[str] = []
    keeping = False
    for line in text.split("\n"):
        if line.strip() and not line[0].isspace():
            keeping = _CODE_LINE.match(line) is not None
        if keeping:
            kept.append(line)
    return "\n".join(kept)

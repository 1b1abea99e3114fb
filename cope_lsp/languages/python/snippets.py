"""Small pieces of Python read by `ast`: expressions and statements of examples, never whole files.

Files may use newer syntax than the Python that this server runs on; tree-sitter reads those.
"""

from __future__ import annotations

import ast
import warnings

_FAILURES = (SyntaxError, ValueError, MemoryError, RecursionError)


def statements(text: str) -> list[ast.stmt]:
    """The statements of a text; none where it does not parse."""
    try:
        return parsed(text).body
    except _FAILURES:
        return []


def expression(text: str) -> ast.expr | None:
    """The expression that a text is; None where it is none."""
    found = statements(text.strip())
    return found[0].value if len(found) == 1 and isinstance(found[0], ast.Expr) else None


def segment(text: str) -> str:
    """An expression without a comment after it."""
    node = expression(text)
    return (ast.get_source_segment(text.strip(), node) or text) if node is not None else text


def parsed(text: str) -> ast.Module:
    """The tree of a text, without a word about odd escapes. Raises: SyntaxError and the like."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def same(one: str, other: str) -> bool:
    """Whether two texts are the same program; False where either does not parse."""
    try:
        return ast.dump(parsed(one)) == ast.dump(parsed(other))
    except _FAILURES:
        return False


def literal(text: str) -> str | None:
    """The value of a string literal; None where it is no such literal."""
    node = expression(text)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def bound(text: str) -> set[str]:
    """Names that statements bind."""
    names: set[str] = set()
    for top in statements(text):
        for node in ast.walk(top):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names |= {(alias.asname or alias.name).split(".", 1)[0] for alias in node.names}
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
    return names


def read(text: str) -> set[str]:
    """Names that a text reads, those left out that it binds itself (comprehensions, lambdas)."""
    names: set[str] = set()
    own = bound(text)
    for top in statements(text):
        for node in ast.walk(top):
            if isinstance(node, ast.Name):
                names.add(node.id)
            elif isinstance(node, ast.arg):
                own.add(node.arg)
    return names - own


def called(text: str) -> set[str]:
    """Names that a text calls as functions."""
    calls = [node for top in statements(text) for node in ast.walk(top) if isinstance(node, ast.Call)]
    return {call.func.id for call in calls if isinstance(call.func, ast.Name)}


def is_assignment(text: str) -> bool:
    """Whether a text is one assignment."""
    found = statements(text)
    return len(found) == 1 and isinstance(found[0], ast.Assign)

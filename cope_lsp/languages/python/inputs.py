"""Calls on generated inputs: the examples' literals, annotations, boundary values; the same for a seed."""

from __future__ import annotations

import ast
import random
import textwrap
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.languages.language import Example, Target

CALLS = 24

BOUNDARIES: dict[str, tuple[str, ...]] = {
    "int": ("0", "1", "-1", "2", "7", "10", "100", "-13", "1999", "2000"),
    "float": ("0.0", "1.0", "-1.5", "0.1", "1e6", "3.14"),
    "str": (
        "''",
        "'a'",
        "'Hello, World!'",
        "'  two  words '",
        "'ÄÖ é'",
        "'aAbB12_-'",
        "'racecar'",
        "'x\\ty\\n'",
    ),
    "bool": ("True", "False"),
    "bytes": ("b''", "b'abc'", "bytes(range(8))"),
    "None": ("None",),
}
GUESSED = ("0", "1", "-1", "''", "'abc'", "[]", "[3, 1, 2]", "None", "{}", "2.5")


def calls(text: bytes, target: Target, examples: tuple[Example, ...], seed: int) -> tuple[str, ...]:
    """At most `CALLS` call expressions of a module-level function; none for what cannot be called so."""
    seen = _examples(examples, target)
    found = list(dict.fromkeys(ast.unparse(call) for call in seen))
    if target.parents:
        return tuple(found[:CALLS])
    arguments = _arguments(text, target)
    if arguments is None:
        return tuple(found[:CALLS])
    pools = [_pool(argument, position, seen) for position, argument in enumerate(arguments)]
    chance = random.Random(seed)  # noqa: S311 -- reproducible inputs, not secrets
    for _ in range(CALLS * 4):
        if len(found) >= CALLS:
            break
        call = f"{target.name}({', '.join(chance.choice(pool) for pool in pools)})"
        if call not in found:
            found.append(call)
    return tuple(found)


def _examples(examples: tuple[Example, ...], target: Target) -> list[ast.Call]:
    """The target's calls inside examples that need no set-up."""
    found: list[ast.Call] = []
    for example in examples:
        if example.setup:
            continue
        tree = _parse(example.call.strip())
        found += [
            node
            for node in (ast.walk(tree) if tree else ())
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == target.name
        ]
    return found


def _arguments(text: bytes, target: Target) -> list[ast.arg] | None:
    """The positional arguments that a call must give; None where keywords or `*args` are needed."""
    source = text[target.signature.start : target.signature.end].decode(errors="replace")
    tree = _parse(textwrap.dedent(f"{source.rstrip().removesuffix(':')}: ..."))
    if tree is None or not tree.body or not isinstance(tree.body[0], ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    given = tree.body[0].args
    if any(default is None for default in given.kw_defaults):
        return None
    positional = [*given.posonlyargs, *given.args]
    return positional[: len(positional) - len(given.defaults)] or positional


def _pool(argument: ast.arg, position: int, seen: list[ast.Call]) -> list[str]:
    """Source texts of values for one argument: like the examples', then by annotation, else guessed."""
    like = [call.args[position] for call in seen if position < len(call.args)]
    shown = [ast.unparse(value) for value in like if not isinstance(value, ast.Starred)]
    typed = list(_by_annotation(argument.annotation))
    near = [text for value in like for text in _near(value)]
    pool = [*shown, *near, *typed]
    return list(dict.fromkeys(pool)) or list(GUESSED)


def _near(value: ast.expr) -> tuple[str, ...]:
    """Values of the same type as a literal."""
    match value:
        case ast.Constant(value=bool()):
            return BOUNDARIES["bool"]
        case ast.Constant(value=int(number)):
            return (*BOUNDARIES["int"], str(number + 1), str(number - 1), str(number * 2))
        case ast.Constant(value=float(number)):
            return (*BOUNDARIES["float"], str(-number))
        case ast.Constant(value=str(text)):
            return (*BOUNDARIES["str"], repr(text[::-1]), repr(text.upper()), repr(text + text[:1]))
        case ast.List(elts=items) if items:
            texts = [ast.unparse(item) for item in items]
            return ("[]", f"[{texts[0]}]", f"[{', '.join(reversed(texts))}]", f"[{', '.join(texts + texts)}]")
        case _:
            return ()


def _by_annotation(annotation: ast.expr | None) -> tuple[str, ...]:
    match annotation:
        case ast.Constant(value=None):
            return BOUNDARIES["None"]
        case ast.Constant(value=str(text)):
            tree = _parse(text)
            is_expression = tree is not None and bool(tree.body) and isinstance(tree.body[0], ast.Expr)
            return _by_annotation(tree.body[0].value) if is_expression else ()  # type: ignore[union-attr]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return (*_by_annotation(left), *_by_annotation(right))
        case ast.Subscript(value=ast.Name(id=name), slice=inner):
            return _generic(name.lower(), inner)
        case ast.Name(id=name):
            return BOUNDARIES.get(name) or _generic(name.lower(), None)
        case _:
            return ()


def _generic(name: str, inner: ast.expr | None) -> tuple[str, ...]:
    """Values for a parametrised type, such as `list[int]` or `dict[str, int]`."""
    parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    first = _by_annotation(parts[0]) or ("1", "2", "3")
    if name in ("list", "sequence", "iterable", "collection", "iterator"):
        return (
            "[]",
            f"[{first[0]}]",
            f"[{', '.join(first[:3])}]",
            f"[{', '.join(first[::-1])}]",
            f"[{first[1]}] * 3",
        )
    if name in ("set", "frozenset"):
        return (f"{name}()", f"{name}([{', '.join(first)}])")
    if name == "tuple":
        return (f"({', '.join((_by_annotation(part) or ('1',))[0] for part in parts)},)", f"({first[1]},)")
    if name in ("dict", "mapping"):
        last = _by_annotation(parts[-1]) or ("1", "2", "3")
        return (
            "{}",
            f"{{{first[0]}: {last[0]}}}",
            f"{{{first[1]}: {last[1]}, {first[2 % len(first)]}: {last[0]}}}",
        )
    return (*first, "None") if name == "optional" else ()


def _parse(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None

"""What operators, names and calls are put in place of each other.

No swap makes numbers grow faster than the original does: a mutant must not run for ages.
"""

from __future__ import annotations

import ast

BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
_PAIRS = {
    "min": "max",
    "any": "all",
    "upper": "lower",
    "isupper": "islower",
    "lstrip": "rstrip",
    "startswith": "endswith",
    "floor": "ceil",
    "find": "rfind",
    "append": "extend",
    "keys": "values",
    "union": "intersection",
    "split": "rsplit",
    "isdigit": "isalpha",
    "title": "capitalize",
    "partition": "rpartition",
    "removeprefix": "removesuffix",
}
_SINGLE = {"strip": "lstrip", "isalnum": "isalpha", "round": "int", "index": "rindex", "setdefault": "get"}

RENAMED = {**_PAIRS, **{other: one for one, other in _PAIRS.items()}, **_SINGLE}
"""Functions and methods by name, each with one that is taken for it."""

WITHOUT = {
    "abs": "{}",
    "sorted": "list({})",
    "reversed": "list({})",
    "set": "list({})",
    "len": "len({}) - 1",
}
"""Calls of one argument, and what is left without what they do."""

CHANGES_TEXT = frozenset({"strip", "lstrip", "rstrip", "upper", "lower", "title", "capitalize", "casefold"})
"""Methods without arguments that can be left out."""

OPTIONAL = frozenset({"key", "default", "start"})
"""Keywords that a call can do without."""

ORDERLESS = frozenset({"min", "max", "gcd", "lcm", "isclose", "print", "isinstance", "issubclass"})
"""Calls whose arguments may change places, or never do by mistake."""

LOGGERS = frozenset({"log", "logger", "logging", "warnings", "_log", "_logger", "LOG", "LOGGER"})
"""What only tells people something; no test is weak for not noticing that it is gone."""

DEFAULTS = {
    "int": ("0", "1"),
    "float": ("0.0", "1.0"),
    "str": ("''", "'x'"),
    "bool": ("False", "True"),
    "list": ("[]", "None"),
    "dict": ("{}", "None"),
    "set": ("set()", "None"),
    "tuple": ("()", "None"),
}
"""By return type, what a function might give without thinking, and what else where it gives that."""

"""Code that reaches into the interpreter or the test runner can fake its own tests: it is named here."""

from __future__ import annotations

import ast
import warnings

MODULES = frozenset(
    {"gc", "ctypes", "_ctypes", "pytest", "_pytest", "pluggy", "unittest", "_testcapi", "_testinternalcapi"}
    | {"inspect", "builtins", "atexit", "pdb", "bdb", "tracemalloc", "faulthandler", "mmap"}
)
NAMES = frozenset(
    {"__builtins__", "__import__", "__loader__", "__spec__"}
    | {"__closure__", "cell_contents", "__code__", "__globals__", "__subclasses__", "__mro__", "__bases__"}
    | {"_getframe", "_current_frames", "settrace", "setprofile", "gettrace", "monitoring", "addaudithook"}
    | {"f_back", "f_globals", "f_locals", "tb_frame", "gi_frame", "cr_frame"}
    | {"modules", "meta_path", "path_hooks", "_exit", "__eq__", "__ne__", "__del__"}
)
WORDS = frozenset({"modules", "monitoring"})
TEXTS = ("/proc/", "conftest", "_pytest", "sitecustomize", "usercustomize")


def reaches(before: bytes, after: bytes) -> tuple[str, ...]:
    """What of it `after` has and `before` has not, sorted; a text that does not parse reaches nothing."""
    return tuple(sorted(_found(after) - _found(before)))


def _found(text: bytes) -> set[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        found.update(_names(node))
    return found


def _names(node: ast.AST) -> set[str]:
    match node:
        case ast.Import(names=names):
            return {name.name for name in names if name.name.split(".")[0] in MODULES}
        case ast.ImportFrom(module=module, names=names):
            whole = {module} if module and module.split(".")[0] in MODULES else set[str]()
            return whole | {name.name for name in names if name.name in NAMES}
        case ast.Attribute(attr=name):
            return {name} & NAMES
        case ast.Name(id=name) | ast.FunctionDef(name=name):
            return {name} & (NAMES - WORDS)
        case ast.Constant(value=str(value)):
            return {value} & (NAMES - WORDS) | {text for text in TEXTS if text in value}
        case _:
            return set()

"""A language is its folder: nothing outside it asks which one it has before it."""

from __future__ import annotations

import ast
from pathlib import Path

from cope_lsp.languages.registry import LANGUAGES

ROOT = Path(__file__).resolve().parents[3] / "cope_lsp"
FOLDERS = ROOT / "languages"
SHARED = {"grammar", "inputs", "toolchain"}
IDS = {language.id for language in LANGUAGES}
PYTHONS_OWN = {"bench", "cli/acts.py", "cli/demo.py", "lsp/client.py"}
"""Where Python's name is meant and no other language's: problem sets, and the demo with its editor."""


def _compared(tree: ast.AST) -> set[str]:
    """Strings that some comparison, `match` or container of choices holds."""
    found: set[str] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        for part in parts:
            values = (each.value for each in ast.walk(part) if isinstance(each, ast.Constant))
            found |= {value for value in values if isinstance(value, str)}
    return found


def _imported(tree: ast.AST) -> set[str]:
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return found | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }


def test_nothing_outside_a_languages_folder_asks_for_it_by_name() -> None:
    """No comparison with a language's id anywhere but in its own folder."""
    for path in sorted(ROOT.rglob("*.py")):
        own = path.relative_to(FOLDERS).parts[0] if path.is_relative_to(FOLDERS) else ""
        if own and own not in SHARED and (FOLDERS / own).is_dir():
            continue
        asked = _compared(ast.parse(path.read_text("utf-8"))) & IDS
        assert not asked, f"{path.relative_to(ROOT)} asks for {', '.join(sorted(asked))}"


def test_only_the_registry_knows_the_folders() -> None:
    """What a language is made of is imported by itself, by languages built on it, and by the registry."""
    names = {path.name for path in FOLDERS.iterdir() if path.is_dir()} - SHARED
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.is_relative_to(FOLDERS) and path.relative_to(FOLDERS).parts[0] in names
        where = path.relative_to(ROOT).as_posix()
        if inside or path.name == "registry.py" or any(where.startswith(each) for each in PYTHONS_OWN):
            continue
        parts = (module.split(".") for module in _imported(ast.parse(path.read_text("utf-8"))))
        found = {each[2] for each in parts if each[:2] == ["cope_lsp", "languages"] and len(each) > 2} & names
        assert not found, f"{where} imports {', '.join(sorted(found))}"

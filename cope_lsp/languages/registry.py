"""The languages there are."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from cope_lsp.languages.cpp.language import CPP
from cope_lsp.languages.go.language import GO
from cope_lsp.languages.java.language import JAVA
from cope_lsp.languages.javascript.language import JAVASCRIPT, JSX
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.ruby.language import RUBY
from cope_lsp.languages.rust.language import RUST
from cope_lsp.languages.typescript.language import TSX, TYPESCRIPT

if TYPE_CHECKING:
    from cope_lsp.languages.language import Language

LANGUAGES: tuple[Language, ...] = (PYTHON, CPP, GO, JAVA, RUST, RUBY, JAVASCRIPT, JSX, TYPESCRIPT, TSX)


def for_id(language_id: str) -> Language | None:
    """The language of an LSP languageId; None where we offer nothing."""
    return next((language for language in LANGUAGES if language.id == language_id), None)


def for_path(path: str) -> Language | None:
    """The language of a file name; None for files that only declare (`.pyi`, `.d.ts`)."""
    suffix = PurePath(path).suffix.lower()
    found = next((language for language in LANGUAGES if suffix in language.suffixes), None)
    return None if found is None or _declares(found, path) else found


def for_document(language_id: str, path: str) -> Language | None:
    """The language of an open document: what the editor says, but for files that only declare."""
    language = for_id(language_id)
    return None if language is None or _declares(language, path) else language


def _declares(language: Language, path: str) -> bool:
    """Whether a file only declares; such suffixes may have several parts."""
    return path.lower().endswith(language.declarations)

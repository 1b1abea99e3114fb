"""TypeScript's two grammars: they differ in what `<T>x` means."""

from __future__ import annotations

import tree_sitter_typescript

from cope_lsp.languages.javascript.grammar import family

FOLDER = "cope_lsp.languages.typescript"

TYPESCRIPT = family(tree_sitter_typescript.language_typescript, FOLDER)
TSX = family(tree_sitter_typescript.language_tsx, FOLDER)

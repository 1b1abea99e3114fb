"""TypeScript and TSX: queries and grammars of their own, all else as in JavaScript."""

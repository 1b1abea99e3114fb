"""What all languages have in common that a tree-sitter grammar, its queries and some conventions describe.

Invariant: nothing here names a language. A language's folder has the queries and one `Grammar` value; what
it does otherwise, it does in functions of its own that take the place of these.
"""

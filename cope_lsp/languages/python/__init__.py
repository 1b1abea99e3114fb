"""Python: tree-sitter queries, conventions, docstring examples, pytest and unittest."""

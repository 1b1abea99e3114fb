"""C++: queries, conventions and tools; `language.py` is the whole as one value."""

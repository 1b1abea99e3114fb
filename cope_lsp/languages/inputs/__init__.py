"""Values to call a function with, in any language: by shapes, from what was seen, at boundaries, by chance.

Values are Python's own (a text is a `str` whatever the language); each language writes them as its own text.
"""

"""Titles of almanac pages."""


def slugify(title: str) -> str:
    """Turn a page's title into the last part of its address.

    >>> slugify("Hello, World!")
    'hello-world'
    >>> slugify("  The Year   2024 ")
    'the-year-2024'
    >>> slugify("Äpfel & Öl")
    'apfel-ol'
    """
    ...

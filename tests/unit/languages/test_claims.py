"""What a docstring claims that can be checked."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python import syntax
from cope_lsp.languages.python.claims import claims, strangers

GOOGLE = """Do it.

    Args:
        size (int): How much: as much.
            More: of it.
        *rest: Others.

"""
NUMPY = """Do it.

    Parameters
    ----------
    size, step : int
        How much.
    ANOTHER

    Returns
    -------
    x : int
"""


def said(docstring: str) -> tuple[str, ...]:
    """Strangers in the docstring of a function of two parameters."""
    text = f'def f(self, size: int, *rest, step=(lambda q: q)):\n    """{docstring}    """\n    return size\n'
    source = syntax.parse(text.encode())
    return strangers(source, syntax.targets(source)[0])


@pytest.mark.parametrize(
    ("docstring", "found"),
    [
        ("Do it.", ()),
        (GOOGLE, ()),
        (GOOGLE.replace("size (int)", "length (int, optional)"), ("length",)),
        (NUMPY.replace("ANOTHER", "rest"), ()),
        (NUMPY.replace("ANOTHER", "width : float, optional"), ("width",)),
        ("Do it.\n\n    :param int size: How much.\n    :param wide: Or not.\n    :return: It.\n", ("wide",)),
        ("Args: none of them matter.\n", ()),
    ],
)
def test_a_parameter_that_is_none_is_found(docstring: str, found: tuple[str, ...]) -> None:
    """In the three styles in use; words of a description are no names."""
    assert said(docstring) == found


def test_a_call_shown_without_a_result_claims_to_print_nothing() -> None:
    """As doctest reads it; what is assigned, skipped, or no use of the function claims nothing."""
    text = (
        'def f(x):\n    """F.\n\n    >>> f(1)\n    >>> y = f(2)\n    >>> f(3)\n    3\n    >>> print()\n'
        '    >>> f(4)  # doctest: +SKIP\n    """\n    return x\n'
    )
    source = syntax.parse(text.encode())
    found = claims(source, syntax.targets(source)[0])
    assert [(each.call, each.expected) for each in found] == [("f(3)", "3"), ("f(1)", "")]

"""Texts that break the contract are told from those that keep it, whoever wrote them."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python import syntax
from cope_lsp.languages.target import Head

BEFORE = '''import os

LIMIT = 1


class A:
    field: int = 1

    @property
    def m(self, a: int, *rest, b: str = "x", **more) -> int:
        """Doc."""
        ...

    def n(self): ...


def g(): ...
'''
GOOD = BEFORE.replace('"""Doc."""\n        ...', '"""Doc."""\n        return a')


def breaches(after: str, head: Head = Head.FIXED, before: str = BEFORE) -> tuple[str, ...]:
    """Breaches of the contract on `A.m`."""
    source = syntax.parse(before.encode())
    target = syntax.target_named(source, "A.m")
    assert target is not None
    return syntax.breaches(source, target, syntax.parse(after.encode()), head)


BROKEN = {
    "the same text": (BEFORE, "left without a body"),
    "pass": (BEFORE.replace("        ...", "        pass"), "left without a body"),
    "a parameter renamed": (GOOD.replace("a: int", "c: int"), "head of A.m changed"),
    "an annotation dropped": (GOOD.replace("a: int", "a"), "head of A.m changed"),
    "a default changed": (GOOD.replace('"x"', '"y"'), "head of A.m changed"),
    "a kind changed": (GOOD.replace("*rest", "rest"), "head of A.m changed"),
    "the result's type dropped": (GOOD.replace(" -> int", ""), "head of A.m changed"),
    "made async": (GOOD.replace("def m", "async def m"), "head of A.m changed"),
    "a decorator dropped": (GOOD.replace("    @property\n", ""), "head of A.m changed"),
    "the function gone": (GOOD.replace("def m", "def mm"), "A.m is gone"),
    "another function gone": (GOOD.replace("def g(): ...", ""), "no longer defines g"),
    "another method gone": (GOOD.replace("    def n(self): ...\n", ""), "no longer defines A.n"),
    "a field gone": (GOOD.replace("    field: int = 1\n", ""), "no longer defines A.field"),
    "a constant gone": (GOOD.replace("LIMIT = 1\n", ""), "no longer defines LIMIT"),
    "a syntax error in it": (GOOD.replace("return a", "return (a"), ""),
    "a syntax error elsewhere": (GOOD.replace("def g(): ...", "def g( ..."), "no longer"),
    "a placeholder": (GOOD.replace("return a", "# TODO: more\n        return a"), "leaves code out"),
    "an ellipsis in a branch": (
        GOOD.replace("return a", "if a:\n            ...\n        return a"),
        "leaves code out",
    ),
}


@pytest.mark.parametrize(("after", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_a_breach_is_told(after: str, told: str) -> None:
    """Each way to break the contract is found and named."""
    found = breaches(after)
    assert found
    assert told in "; ".join(found)


def test_a_kept_contract_has_no_breach() -> None:
    """A new body, a new import, another layout of the head."""
    assert breaches(GOOD) == ()
    assert breaches("import re\n" + GOOD) == ()
    laid_out = GOOD.replace('(self, a: int, *rest, b: str = "x", **more)', '(\n        self, a: int,\n'
                            '        *rest, b: str = "x", **more,\n    )')  # fmt: skip
    assert breaches(laid_out) == ()


def test_a_free_head_may_change_and_nothing_else() -> None:
    """An instruction about the signature frees it; the rest of the contract holds."""
    changed = GOOD.replace("a: int", "a: str, z=1").replace("    @property\n", "")
    assert breaches(changed) != ()
    assert breaches(changed, Head.FREE) == ()
    assert breaches(changed.replace("LIMIT = 1\n", ""), Head.FREE) != ()


def test_what_was_there_before_is_no_new_breach() -> None:
    """A TODO, an ellipsis and an error elsewhere that the user had are the user's."""
    before = GOOD.replace("return a", "# TODO: mine\n        if a:\n            ...\n        return a")
    assert breaches(before.replace("return a", "return 2"), before=before) == ()
    broken = BEFORE.replace("def g(): ...", "def g( ...")
    assert breaches(GOOD.replace("def g(): ...", "def g( ..."), before=broken) == ()

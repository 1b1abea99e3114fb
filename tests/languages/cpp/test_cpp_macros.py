"""Macros where C++ has no word: the parser does not see them, and what lies around them is found."""

from __future__ import annotations

import random

import pytest

from cope_lsp.languages.cpp.grammar import GRAMMAR
from cope_lsp.languages.cpp.language import CPP
from cope_lsp.languages.cpp.macros import unread
from cope_lsp.languages.grammar import powers
from cope_lsp.languages.text import TextChange
from cope_lsp.workspace.tasting import Since, Taster

QT = b"""#pragma once
QT_BEGIN_NAMESPACE
class Q_GUI_EXPORT Shop final : public QObject
{
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY changed)
    // what is for sale
    Q_DISABLE_COPY(Shop)

public:
    Shop(int count) : count_(count) { fill(); }
    int count() const { return count_; }

private:
    int count_;
};
QT_END_NAMESPACE
"""

UNREAL = b"""UCLASS(Blueprintable, meta=(DisplayName="Shop (big)"))
class GAME_API AShop : public AActor
{
    GENERATED_BODY()

public:
    UPROPERTY(EditAnywhere, Category="Shop")
    int32 Count = 0;

    UFUNCTION(BlueprintCallable)
    int32 Total(int32 Price) const { return Count * Price; }
};
"""


@pytest.mark.parametrize(
    ("text", "names"),
    [(QT, ["Shop.Shop", "Shop.count"]), (UNREAL, ["AShop.Total"])],
    ids=["Qt", "Unreal Engine"],
)
def test_classes_of_frameworks_parse_whole(text: bytes, names: list[str]) -> None:
    """No error is left, and each member is found under its class."""
    source = CPP.syntax.parse(text)
    assert not source.tree.root_node.has_error
    assert [each.qualname for each in CPP.syntax.targets(source)] == names


@pytest.mark.parametrize(
    "text",
    [
        "class FOO final : public X { };",
        "class API;",
        "struct stat st{};",
        "TEST(Shop, Opens)\n{\n}",
        "TEST(Shop, Opens)\n// braces below\n{\n}",
        "HRESULT\nFoo(int x) { return x; }",
        "enum Colour {\n    DARK_RED,\n    DARK_BLUE\n};",
        "int f() {\n    return g(\n        A_B,\n        C_D\n    );\n}",
        "int x = y +\n    A_B\n    - 1;",
    ],
)
def test_what_is_no_such_macro_is_read(text: str) -> None:
    """Types, tests, enumerators and values in capitals stay where they are."""
    assert unread(text.encode()) == ()


def test_a_macro_above_a_function_hides_no_return_type() -> None:
    """A type that old code writes on a line of its own is part of the function's head."""
    source = CPP.syntax.parse(b"int a;\n\nLRESULT\nproc(int x) { return x; }\n")
    assert [each.name for each in CPP.syntax.targets(source)] == ["proc"]


def test_keystrokes_end_in_the_tree_of_a_full_parse() -> None:
    """Also where they make macros, break them and move what is not seen."""
    drawn = random.Random(7)  # noqa: S311 -- a draw, no secret
    pieces = [b"API ", b"{", b"}\n", b"\n", b"class ", b"Q_OBJECT\n", b"(", b"x;\n", b""]
    for first in (QT, UNREAL):
        source = CPP.syntax.parse(first * 3)
        for _ in range(150):
            start = drawn.randrange(len(source.text))
            end = min(len(source.text), start + drawn.choice([0, 0, 1, 4, 12]))
            piece = drawn.choice(pieces)
            text = source.text[:start] + piece + source.text[end:]
            source = CPP.syntax.reparse(source, text, (TextChange(start, end, start + len(piece)),))
            whole = CPP.syntax.parse(text)
            assert [each.qualname for each in CPP.syntax.targets(source)] == [
                each.qualname for each in CPP.syntax.targets(whole)
            ]


@pytest.mark.anyio
async def test_the_child_that_tries_texts_leaves_out_the_same() -> None:
    """From nothing, and after a keystroke that makes a macro of a name."""
    taster = Taster()
    try:
        before = QT.replace(b"Q_GUI_EXPORT ", b"")
        tasted = await taster.follow(CPP.syntax.parser_name, before)
        at = before.index(b"Shop final")
        change = TextChange(at, at, at + len(b"Q_GUI_EXPORT "))
        after = await taster.follow(CPP.syntax.parser_name, QT, Since(tasted.name, change))
        assert (tasted.why, after.why) == ("", "")
        assert after.name
    finally:
        await taster.close()


def test_nothing_hides_in_what_the_parser_does_not_see() -> None:
    """A comment that ends inside such a macro does not cover what comes after it."""
    before = b"int f() {\n    return 1;\n}\n"
    after = b'int f() {\n    /*;\n    X_(*/ system("true") /*)\n    int a; */\n    return 1;\n}\n'
    assert unread(after)
    found = powers.powers(GRAMMAR, CPP.syntax.parse(before), CPP.syntax.parse(after))
    assert found == ("process: system(",)
    assert powers.reaches(GRAMMAR, before, after.replace(b'system("true")', b"fork()"))

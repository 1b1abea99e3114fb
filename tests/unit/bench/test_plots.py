"""The report's plots."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from cope_lsp.bench.attempts import Attempt
from cope_lsp.bench.contrasts import Contrast
from cope_lsp.bench.measures import Yardstick
from cope_lsp.bench.report import palette
from cope_lsp.bench.report.content import Outline, Report, compiled
from cope_lsp.bench.report.labels import Box, Point, placed
from cope_lsp.bench.report.plots import Spot, exits_svg, front, front_svg
from cope_lsp.bench.tariffs import Price
from cope_lsp.cascade.problem import Usage

if TYPE_CHECKING:
    from collections.abc import Callable

SVG = "{http://www.w3.org/2000/svg}"
SHARES = {"large x1": (1.0, 1.0), "small x1": (0.4, 0.0), "paper": (0.7, 0.5), "ours": (0.9, 0.3)}


@pytest.fixture(scope="module")
def report() -> Report:
    """Four strategies by share of right answers and of paid ones, and one that waits for answers."""
    attempts = [
        _attempt(f"set/{number}", name, number / 20, right, paid)
        for name, (right, paid) in SHARES.items()
        for number in range(20)
    ]
    attempts += [Attempt(f"set/{number}", "waiting & <hollow>", 0) for number in range(20)]
    return compiled(
        attempts,
        Outline(
            "Code",
            "small",
            "large",
            (*SHARES, "waiting & <hollow>"),
            (Contrast("ours", "paper"),),
            "ours",
            (),
            Yardstick({"dear": Price(3, 0.3, 15)}),
        ),
    )


def _attempt(task: str, strategy: str, place: float, right: float, paid: float) -> Attempt:
    large = place >= 1 - paid
    usage = Usage(200, 0, 50, 2.0, None, 1) if large else Usage()
    exit_ = "large" if large else "small"
    return Attempt(task, strategy, 0, float(place < right), accepted=True, exits=(exit_,), large=usage)


def texts(svg: str) -> list[str]:
    """What an SVG says, in order."""
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 -- our own


def test_the_plots_are_the_same_twice(report: Report) -> None:
    """No date, no random name: a plot changes in a repository only when its figures do."""
    assert front_svg(report) == front_svg(report)
    assert exits_svg(report) == exits_svg(report)
    assert "dc:date" not in front_svg(report) + exits_svg(report)


def test_the_front_is_labelled_and_so_are_the_strategies_asked_about(report: Report) -> None:
    """Text stays text; *paper* is beaten by *ours* and named all the same; hollow ones are explained."""
    told = texts(front_svg(report))

    assert {"small x1", "ours", "large x1", "paper"} <= set(told)
    assert "waiting & <hollow>" not in told
    assert any("hollow: calls are missing" in text for text in told)


def test_the_bars_name_every_strategy_and_exit(report: Report) -> None:
    """Ours ends in the small model for 70 problems of 100; what waits is a share too."""
    told = texts(exits_svg(report))

    assert {*SHARES, "waiting & <hollow>", "small", "large", "unanswered", "70", "30"} <= set(told)


@pytest.mark.parametrize("draw", [front_svg, exits_svg])
def test_every_colour_has_its_dark_one(report: Report, draw: Callable[[Report], str]) -> None:
    """Whatever colour is drawn is of the palette, which the style sheet replaces on a dark page."""
    svg = draw(report)
    _, drawn = svg.split("</style>", 1)
    used = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", drawn))

    assert used
    assert used <= {colour.light for colour in palette.ALL}
    assert all(f'[style*="fill: {colour}"]' in svg for colour in used)
    assert "prefers-color-scheme: dark" in svg


@pytest.mark.parametrize("colour", [palette.INK, palette.MUTED])
def test_text_contrasts_with_both_pages(colour: palette.Colour) -> None:
    """At least 4.5 to 1, as WCAG's level AA asks."""
    assert _contrast(colour.light, "#ffffff") >= 4.5
    assert _contrast(colour.dark, "#0d1117") >= 4.5


@pytest.mark.parametrize(
    "colour", [palette.BLUE, palette.PURPLE, palette.ORANGE, palette.GREEN, palette.GREY]
)
def test_figures_in_bars_contrast_with_them(colour: palette.Colour) -> None:
    """The page's colour is written on a bar's."""
    assert _contrast(colour.light, palette.PAGE.light) >= 4.5
    assert _contrast(colour.dark, palette.PAGE.dark) >= 4.5


def test_the_front_is_what_none_beats() -> None:
    """As cheap and better, or cheaper and as good, beats; what waits for answers beats nothing."""
    spots = [
        _spot("free", 0, 50),
        _spot("free and worse", 0, 40),
        _spot("waiting", 0, 99, hollow=True),
        _spot("dear", 100, 90),
        _spot("dearer, no better", 120, 90),
        _spot("dearest", 200, 100),
    ]

    assert [spot.name for spot in front(spots)] == ["free", "dear", "dearest"]


def test_labels_in_a_crowd_cover_neither_points_nor_each_other() -> None:
    """Twelve points within a few pixels all get a place of their own."""
    points = [
        Point(300 + 7 * number, 200 + 3 * (number % 4), f"strategy number {number}") for number in range(12)
    ]
    taken = [Box(point.x - 8, point.y - 8, point.x + 8, point.y + 8) for point in points]

    boxes = placed(points, taken, Box(0, 0, 640, 400), 12.0)

    assert not any(one.covers(other) for one, other in combinations([*boxes], 2))
    assert not any(box.covers(point) for box in boxes for point in taken)


def _spot(name: str, usd: float, accuracy: float, *, hollow: bool = False) -> Spot:
    return Spot(name, usd, accuracy, accuracy, accuracy, hollow)


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

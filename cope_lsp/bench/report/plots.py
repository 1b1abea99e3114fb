"""The report's two plots as SVG: cost against accuracy, and where each strategy's problems ended."""

# pyright: reportUnknownMemberType=false
# Most methods of matplotlib's axes are typed in part only.

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cope_lsp.bench.measures import UNANSWERED
from cope_lsp.bench.report import palette
from cope_lsp.bench.report.labels import Box, Point, distance, placed
from cope_lsp.bench.report.tables import GIVEN_UP, exit_names, exit_shares
from cope_lsp.cascade.presets import GUIDED, LARGE, SMALL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from cope_lsp.bench.measures import Summary
    from cope_lsp.bench.report.content import Report
    from cope_lsp.bench.report.palette import Colour

_SIZE = 12.0
_WIDTH = 9.0
_NEAR = 20.0
"""Points within which a label needs no line to its spot."""

_DPI = 72
"""An SVG's own: a pixel of the figure is then a point of the drawing."""

_LEAST_SHARE = 0.06
"""Least share of a bar that is wide enough for its figure."""

_STAGES = {
    SMALL: palette.BLUE,
    GUIDED: palette.PURPLE,
    LARGE: palette.ORANGE,
    GIVEN_UP: palette.GREY,
    UNANSWERED: palette.FAINT,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A strategy between cost and accuracy, with the ends of its accuracy; hollow: calls are missing."""

    name: str
    usd: float
    accuracy: float
    low: float
    high: float
    hollow: bool


def front_svg(report: Report) -> str:
    """Cost against accuracy at the first price, the front drawn, and labels where they matter.

    Labelled are the strategies on the front and those of the primary contrasts.
    """
    price = next(iter(report.outline.yardstick.prices))
    spots = [_spot(summary, price) for summary in report.summaries]
    ahead = front(spots)
    figure, axes = _canvas(5.6)
    _frame(axes, spots)
    _caption(figure, spots)
    axes.set_xlabel(f"US$ for 1M problems, {price}")
    axes.set_ylabel("accuracy, %")
    _draw_front(axes, ahead)
    asked = {name for each in report.outline.primary for name in (each.first, each.second)}
    for spot in sorted(spots, key=lambda spot: spot in ahead or spot.name in asked):
        _draw_spot(axes, spot, _colour(spot, ahead, asked))
    _label(axes, spots, [spot for spot in spots if spot in ahead or spot.name in asked])
    return _svg(figure)


def exits_svg(report: Report) -> str:
    """A bar a strategy, cut into the shares of problems that ended in each stage."""
    rows = len(report.summaries)
    figure, axes = _canvas(0.34 * rows + 1.2)
    names = exit_names(report)
    for place, summary in enumerate(report.summaries):
        _draw_bar(axes, place, exit_shares(summary), names)
    axes.set_yticks(range(rows), [summary.strategy for summary in report.summaries])
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of problems")
    axes.tick_params(axis="y", colors=palette.INK.light)
    _key(figure, names)
    longest = max((len(summary.strategy) for summary in report.summaries), default=0)
    figure.subplots_adjust(left=(0.62 * _SIZE * longest + 20) / (72 * _WIDTH), right=0.98)
    return _svg(figure)


def front(spots: Sequence[Spot]) -> list[Spot]:
    """The spots that no other beats: none is as cheap and more accurate; by cost. Hollow ones stay out."""
    known = sorted((spot for spot in spots if not spot.hollow), key=lambda spot: (spot.usd, -spot.accuracy))
    ahead: list[Spot] = []
    for spot in known:
        if not ahead or spot.accuracy > ahead[-1].accuracy:
            ahead.append(spot)
    return ahead


def _spot(summary: Summary, price: str) -> Spot:
    share = summary.accuracy
    ends = (share.low, share.high) if summary.complete else (share.least, share.most)
    middle = (share.least + share.most) / 2
    usd = summary.at[price].money.value
    return Spot(summary.strategy, usd, 100 * middle, 100 * ends[0], 100 * ends[1], not summary.complete)


def _colour(spot: Spot, ahead: Sequence[Spot], asked: set[str]) -> Colour:
    if spot.name in asked:
        return palette.ORANGE
    return palette.BLUE if spot in ahead else palette.GREY


def _canvas(height: float) -> tuple[Figure, Axes]:
    figure = Figure((_WIDTH, height), dpi=_DPI)
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.09, right=0.98, top=1 - 0.6 / height, bottom=0.6 / height)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(palette.FAINT.light)
    axes.tick_params(labelsize=_SIZE, colors=palette.MUTED.light, length=0, pad=6)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(palette.MUTED.light)
        axis.label.set_fontsize(_SIZE)
    return figure, axes


def _frame(axes: Axes, spots: Sequence[Spot]) -> None:
    dearest = max((spot.usd for spot in spots), default=0.0) or 1.0
    low = min((spot.low for spot in spots), default=0.0)
    axes.set_xlim(-0.03 * dearest, 1.08 * dearest)
    axes.set_ylim(max(-2.0, low - 3), 100 + 0.12 * (100 - low) + 2)
    axes.yaxis.set_major_locator(MaxNLocator(8))
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= 100])  # noqa: PLR2004 -- per cent
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(color=palette.FAINT.light, linewidth=0.8)
    axes.set_axisbelow(True)


def _caption(figure: Figure, spots: Sequence[Spot]) -> None:
    told = "blue: the front · orange: in the primary contrasts · bars: 95 % intervals"
    if any(spot.hollow for spot in spots):
        told += (
            "\nhollow: calls are missing; accuracy is somewhere on the dotted line, the cost is at least this"
        )
    figure.text(0.02, 0.975, told, color=palette.MUTED.light, fontsize=_SIZE - 1, va="top")


def _draw_front(axes: Axes, ahead: Sequence[Spot]) -> None:
    costs, accuracies = [spot.usd for spot in ahead], [spot.accuracy for spot in ahead]
    axes.step(costs, accuracies, where="post", color=palette.BLUE.light, linewidth=1.6)


def _draw_spot(axes: Axes, spot: Spot, colour: Colour) -> None:
    line = "dotted" if spot.hollow else "solid"
    bar = palette.FAINT if colour is palette.GREY and not spot.hollow else colour
    axes.vlines(spot.usd, spot.low, spot.high, color=bar.light, linewidth=1.2, linestyles=line)
    face = palette.PAGE if spot.hollow else colour
    axes.scatter(spot.usd, spot.accuracy, s=64, color=face.light, edgecolors=colour.light, zorder=3)


def _label(axes: Axes, spots: Sequence[Spot], named: Sequence[Spot]) -> None:
    """Names beside their spots; a pixel is a point here, so that boxes and letters have one measure."""
    frame = axes.get_window_extent()
    room = Box(frame.x0, frame.y0, frame.x1, frame.y1)
    points = [_point(axes, spot) for spot in named]
    taken = [_around(_point(axes, spot)) for spot in spots]
    for point, box in zip(points, placed(points, taken, room, _SIZE), strict=True):
        _write(axes, point, box)


def _point(axes: Axes, spot: Spot) -> Point:
    x, y = axes.transData.transform((spot.usd, spot.accuracy))
    return Point(float(x), float(y), spot.name)


def _around(point: Point) -> Box:
    return Box(point.x - 8, point.y - 8, point.x + 8, point.y + 8)


def _write(axes: Axes, point: Point, box: Box) -> None:
    if box.left > point.x:
        side, x = "left", box.left
    else:
        side, x = ("right", box.right) if box.right < point.x else ("center", (box.left + box.right) / 2)
    line = {"arrowstyle": "-", "color": palette.MUTED.light, "linewidth": 0.7, "shrinkA": 2, "shrinkB": 5}
    axes.annotate(
        point.label,
        (point.x, point.y),
        (x, (box.bottom + box.top) / 2),
        xycoords="figure pixels",
        textcoords="figure pixels",
        horizontalalignment=side,
        verticalalignment="center_baseline",
        fontsize=_SIZE,
        color=palette.INK.light,
        bbox={
            "boxstyle": "square,pad=0.1",
            "facecolor": palette.PAGE.light,
            "edgecolor": "none",
            "alpha": 0.8,
        },
        arrowprops=line if distance(point, box) > _NEAR else None,
    )


def _draw_bar(axes: Axes, place: int, shares: Mapping[str, float], names: Sequence[str]) -> None:
    left = 0.0
    for name in names:
        share = shares.get(name, 0.0)
        colour = _stage_colour(name)
        axes.barh(place, 100 * share, 0.72, 100 * left, color=colour.light, edgecolor=palette.PAGE.light)
        if share >= _LEAST_SHARE:
            ink = palette.INK if colour is palette.FAINT else palette.PAGE
            middle = 100 * (left + share / 2)
            told = f"{100 * share:.0f}"
            axes.text(middle, place, told, color=ink.light, fontsize=_SIZE, ha="center", va="center_baseline")
        left += share


def _key(figure: Figure, names: Sequence[str]) -> None:
    """What the colours mean, above the bars."""
    handles = [Patch(color=_stage_colour(name).light, label=name) for name in names]
    figure.legend(
        handles=handles,
        loc="upper left",
        ncols=max(1, len(names)),
        frameon=False,
        fontsize=_SIZE,
        labelcolor=palette.INK.light,
        handlelength=1.0,
        columnspacing=1.6,
        borderaxespad=0.4,
    )


def _stage_colour(name: str) -> Colour:
    return _STAGES.get(name, palette.GREEN)


def _svg(figure: Figure) -> str:
    """The figure as text; the same for the same figure, with fonts left to the reader."""
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "cope-lsp"}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return palette.themed(out.getvalue())

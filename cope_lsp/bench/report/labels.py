"""Where labels of points go, so that none covers a point or another label."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_OUT = (14.0, 60.0, 120.0, 180.0)
_STEPS = tuple(step for up in range(9) for step in (up, -up))
_HEIGHT = 1.25
_LETTER = 0.6
"""Width of a letter in sizes of the font: that of a wide one, since the reader's own font is not known."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in the drawing's points."""

    left: float
    bottom: float
    right: float
    top: float

    def covers(self, other: Box) -> bool:
        """Whether the two have any place in common."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.top <= other.bottom or other.top <= self.bottom)

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly in it."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.bottom <= other.bottom and other.top <= self.top


@dataclass(frozen=True, slots=True)
class Point:
    """A point to be labelled."""

    x: float
    y: float
    label: str


def placed(points: Sequence[Point], taken: Iterable[Box], frame: Box, size: float) -> list[Box]:
    """A box for each point's label in `size` points, in order; the nearest that is free, else beside it."""
    full = list(taken)
    boxes: list[Box] = []
    for point in points:
        tried = list(_candidates(point, size))
        free = (box for box in tried if frame.holds(box) and not any(box.covers(other) for other in full))
        box = next(free, tried[0])
        full.append(box)
        boxes.append(box)
    return boxes


def _candidates(point: Point, size: float) -> Iterator[Box]:
    """Right, left, then ever further up and down, then the same further out."""
    width, height = _LETTER * size * len(point.label), _HEIGHT * size
    for out, step, right in product(_OUT, _STEPS, (True, False)):
        left = point.x + out if right else point.x - out - width
        bottom = point.y + step * height - height / 2
        yield Box(left, bottom, left + width, bottom + height)

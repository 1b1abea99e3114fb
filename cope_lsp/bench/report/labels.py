"""Where labels of points go, so that none covers a point or another label."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OUT = (14.0, 30.0, 60.0, 90.0, 120.0)
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
        tried = _candidates(point, size)
        free = (box for box in tried if frame.holds(box) and not any(box.covers(other) for other in full))
        box = next(free, tried[0])
        full.append(box)
        boxes.append(box)
    return boxes


def distance(point: Point, box: Box) -> float:
    """How far a point is from the nearest side of a box."""
    across = max(box.left - point.x, point.x - box.right, 0.0)
    return hypot(across, max(box.bottom - point.y, point.y - box.top, 0.0))


def _candidates(point: Point, size: float) -> list[Box]:
    """Boxes to the right, to the left, above and below, the nearest first."""
    width, height = _LETTER * size * len(point.label), _HEIGHT * size
    beside = (out for reach in _OUT for out in (reach, -reach - width))
    boxes = [_box(point, across, step, width, height) for across in beside for step in _STEPS]
    boxes += [_box(point, -width / 2, step, width, height) for step in _STEPS]
    return sorted(boxes, key=lambda box: distance(point, box))


def _box(point: Point, across: float, step: int, width: float, height: float) -> Box:
    left, bottom = point.x + across, point.y + step * height - height / 2
    return Box(left, bottom, left + width, bottom + height)

"""Colours for a light and a dark page, and the style sheet by which one SVG has both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour on a light page and on a dark one; no two light ones are equal, for they are its name."""

    light: str
    dark: str


INK = Colour("#1f2328", "#e6edf3")
MUTED = Colour("#59636e", "#9198a1")
FAINT = Colour("#d1d9e0", "#3d444d")
PAGE = Colour("#fefefe", "#0d1117")
BLUE = Colour("#0969da", "#58a6ff")
PURPLE = Colour("#8250df", "#bc8cff")
ORANGE = Colour("#bc4c00", "#f0883e")
GREEN = Colour("#1a7f37", "#3fb950")
GREY = Colour("#6e7781", "#8b949e")

ALL = (INK, MUTED, FAINT, PAGE, BLUE, PURPLE, ORANGE, GREEN, GREY)

_FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif'


def themed(svg: str) -> str:
    """The SVG in the reader's own fonts, with every light colour replaced where the page is dark.

    The light colours stay where they are, so that a viewer without style sheets shows these.
    """
    rules = "".join(_rules(colour) for colour in ALL)
    style = f"text{{font-family: {_FONTS} !important}}\n@media (prefers-color-scheme: dark){{\n{rules}}}"
    return svg.replace("<defs>", f'<style type="text/css">\n{style}\n</style>\n <defs>', 1)


def _rules(colour: Colour) -> str:
    return "".join(
        f'[style*="{part}: {colour.light}"]{{{part}: {colour.dark} !important}}\n'
        for part in ("fill", "stroke")
    )

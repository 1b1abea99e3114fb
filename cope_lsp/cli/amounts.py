"""Prices and paces as they are written on a command line: three numbers with commas between them."""

from __future__ import annotations

import argparse

from cope_lsp.bench.tariffs import Pace, Price


def price(text: str) -> Price:
    """US dollars a million tokens: prompt, cached prompt, reply."""
    return Price(*_numbers(text))


def pace(text: str) -> Pace:
    """Seconds before a reply, tokens a second of the prompt and of the reply."""
    return Pace(*_numbers(text))


def _numbers(text: str) -> tuple[float, float, float]:
    try:
        one, two, three = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not three numbers with commas between them") from None
    return one, two, three

"""A report as files: text for people, numbers for programs, two pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.bench.report.json_report import as_json
from cope_lsp.bench.report.markdown import markdown
from cope_lsp.bench.report.plots import exits_svg, front_svg

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.bench.report.content import Report


def write_report(report: Report, folder: Path) -> None:
    """Write `report.md`, `report.json`, `front.svg` and `exits.svg`. Raises: OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "report.md": markdown(report),
        "report.json": as_json(report),
        "front.svg": front_svg(report),
        "exits.svg": exits_svg(report),
    }
    for name, text in parts.items():
        (folder / name).write_text(f"{text.rstrip()}\n")

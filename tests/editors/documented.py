"""What `docs/editors.md` tells a user to write: the tests start editors with exactly that."""

from __future__ import annotations

import re
from pathlib import Path

_PAGE = (Path(__file__).parents[2] / "docs" / "editors.md").read_text("utf-8")


def configuration(editor: str, language: str) -> list[str]:
    """The blocks of a language in an editor's section, in order."""
    (section,) = re.findall(rf"^## {editor}\n(.*?)(?=^## |\Z)", _PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)

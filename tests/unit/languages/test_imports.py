"""New imports go where the file's own order wants them."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python import imports, tree

ADDED = [
    ("an empty file", "", ["import re"], "import re\n"),
    ("before the first function", "def f(): ...\n", ["import re"], "import re\n\n\ndef f(): ...\n"),
    (
        "below the docstring",
        '"""Doc."""\n\ndef f(): ...\n',
        ["import re"],
        '"""Doc."""\n\nimport re\n\n\ndef f(): ...\n',
    ),
    (
        "below shebang and licence",
        "#!/usr/bin/python\n# MIT\n\nx = 1\n",
        ["import re"],
        "#!/usr/bin/python\n# MIT\n\nimport re\n\nx = 1\n",
    ),
    (
        "above a comment that belongs to the function",
        "# about f\ndef f(): ...\n",
        ["import re"],
        "import re\n\n# about f\ndef f(): ...\n",
    ),
    (
        "below __future__",
        "from __future__ import annotations\nx = 1\n",
        ["import re"],
        "from __future__ import annotations\n\nimport re\nx = 1\n",
    ),
    ("in alphabetical order", "import os\nimport sys\n", ["import re"], "import os\nimport re\nimport sys\n"),
    ("before the first of its kind", "import os\n", ["import abc"], "import abc\nimport os\n"),
    (
        "plain ones before from",
        "import os\nfrom abc import ABC\n",
        ["import re"],
        "import os\nimport re\nfrom abc import ABC\n",
    ),
    ("standard library above others", "import numpy\n", ["import re"], "import re\n\nimport numpy\n"),
    (
        "others below the standard library",
        "import re\n\nx = 1\n",
        ["import numpy"],
        "import re\n\nimport numpy\n\nx = 1\n",
    ),
    (
        "relative ones last",
        "import re\n\nimport numpy\n",
        ["from .a import b"],
        "import re\n\nimport numpy\n\nfrom .a import b\n",
    ),
    (
        "after one over several lines",
        "from abc import (\n    ABC,\n    abstractmethod,\n)\n",
        ["from re import sub"],
        "from abc import (\n    ABC,\n    abstractmethod,\n)\nfrom re import sub\n",
    ),
    (
        "several",
        "import os\n",
        ["import re", "from abc import ABC"],
        "import os\nimport re\nfrom abc import ABC\n",
    ),
    ("a file without a last line break", "import os", ["import re"], "import os\nimport re\n"),
    ("CRLF", "import os\r\n", ["import re"], "import os\r\nimport re\r\n"),
]


@pytest.mark.parametrize(
    ("before", "new", "after"), [row[1:] for row in ADDED], ids=[row[0] for row in ADDED]
)
def test_an_import_finds_its_place(before: str, new: list[str], after: str) -> None:
    """After docstring and `__future__`, in its section, in alphabetical order; line breaks as they are."""
    assert imports.add(tree.parse(before.encode()), new).decode() == after


def test_what_a_file_imports_is_read_with_its_names() -> None:
    """Aliases, several names, relative modules, and imports below a definition left out."""
    text = b"import a.b, c as d\nfrom . import e\nfrom .f import g as h, i\nfrom j import *\n"
    text += b"def k(): ...\nimport l\n"
    found = imports.items(tree.parse(text))
    assert [item.bound for item in found] == ["a", "d", "e", "h", "i"]
    assert imports.render(found) == [
        "import a.b", "import c as d", "from . import e", "from .f import g as h, i",
    ]  # fmt: skip

"""What the step `test` says of each test: one line on standard output.

Lines are `ok NUMBER CODE`, `fail NUMBER BASE64`, `late NUMBER` and `gone NUMBER STATUS`. The code of a test
is known to us and to the launcher alone, so that nothing that a candidate prints passes for it.
"""

from __future__ import annotations

import base64
import sys


def tell(*words: str) -> None:
    """Say a line to the driver."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def encoded(text: str) -> str:
    """A text as one word."""
    return base64.b64encode(text.encode("utf-8", "replace")).decode()

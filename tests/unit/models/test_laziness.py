"""What importing the models costs."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import pkgutil, sys
import cope_lsp.models
for module in pkgutil.iter_modules(cope_lsp.models.__path__, "cope_lsp.models."):
    __import__(module.name)
from cope_lsp.models.connect import connect_large, connect_small
from cope_lsp.models.provider import Hooks
from cope_lsp.settings import LargeModel, Settings
settings = Settings(large=LargeModel(model="gpt-5.1"))
hooks = Hooks(lambda told: None, lambda sent: None)
assert connect_small(settings, hooks) and connect_large(settings, hooks)
heavy = {"openai", "ollama", "httpx", "httpx2", "genai_prices", "xllamacpp"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_no_sdk_is_imported_before_the_first_call() -> None:
    """Importing every module of the layer, and connecting, loads no SDK and no HTTP stack."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

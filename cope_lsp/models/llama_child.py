"""The child process that serves a GGUF file by llama.cpp on loopback.

    python -I -m cope_lsp.models.llama_child PARENT_PID CONTEXT SLOTS MODEL

Prints its address as one line, then serves until its parent ends. The key that callers must show comes in
the environment, where other users cannot read it.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from typing import Any

KEY_VARIABLE = "COPE_LLAMA_KEY"
_LOOK_S = 0.5


def main() -> None:
    """Load the model, say where it is, serve."""
    parent, context, slots, model = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    address_line = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # llama.cpp prints to stdout as it likes
    with address_line:
        server = _serve(model, context, slots, os.environ.pop(KEY_VARIABLE))
        address_line.write(f"{server.listening_address}\n")
    # Linux kills us with our parent; elsewhere we notice that we were handed to another one.
    while os.getppid() == parent:
        time.sleep(_LOOK_S)


def _serve(model: str, context: int, slots: int, key: str) -> Any:  # noqa: ANN401 -- the package has no types
    llama: Any = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = model
    params.n_ctx = context
    params.n_parallel = slots
    params.kv_unified = True  # any slot may use the whole context while the others are idle
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = False
    params.endpoint_slots = False  # it shows prompts
    params.verbosity = 1  # errors
    return llama.Server(params)


if __name__ == "__main__":
    main()

"""The command line: `serve`, `solve`, `demo`, `doctor`, `trust`, `consent`, `stats`, `cache`.

Invariant: parses arguments, calls the engine, shows what comes back.
"""

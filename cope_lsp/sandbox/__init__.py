"""Runs untrusted programs: a workspace's tests and a model's code.

Invariant: nothing of a workspace or a model executes anywhere else, and what runs here reaches
neither the network, nor the user's files, nor another candidate. Knows nothing of languages: it
runs a command over a view of a project and returns what came out. `docs/security.md` says what
holds and how it is proved.
"""

"""The user's project: its roots, files, open documents, and what in it must never leave the machine.

Invariant: a read resolves real paths and stays inside its root; nothing here executes anything.
"""

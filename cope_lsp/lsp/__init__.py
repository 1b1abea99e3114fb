"""The language server protocol: the only layer that speaks it.

Invariant: converts between the protocol's types and ours, and decides nothing about code. A handler
never awaits long work; a job does.
"""

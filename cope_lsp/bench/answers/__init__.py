"""Mathematical answers as a kind of task: draws vote by the final answer, equal ones counted together.

Invariant: what a model wrote is parsed by a grammar, never evaluated as a program, and only if it is short
and its numbers stay small; the hidden answer is read by the score alone.
"""

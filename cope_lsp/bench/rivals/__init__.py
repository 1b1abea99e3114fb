"""Rivals that learn from other problems: a cascade by score, and routers at our rate of escalation.

Invariant: what decides on a task was never fitted on it, nor on anything that ran its code. The oracle
alone looks at what came; that is what it is for. An attempt that is missing or waits for answers teaches
nothing.
"""

"""Code as a kind of task: a stub to implement, gated by what its docstring shows, scored by hidden tests.

Invariant: `Hidden` is read by `scoring` alone; the request that prompts and judges come from lacks it.
"""

"""The paper (arXiv 2506.11578): planner and executor models, small before large, and a ruling.

Invariant: standard library and anyio only. Nothing here knows of code, editors, files or SDKs, so
that the paper's four task kinds share one `solve` and a benchmark swaps data, not code.
"""

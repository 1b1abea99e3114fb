"""The judge beside its rivals on recorded draws: `python -m benchmarks.judge --samples FILE`.

Invariant: what decides (`gathering`, `rules`) is handed `samples.Visible` and findings made from it; what is
hidden (`samples.Hidden`) is read by `truth` alone, and meets a decision only when that is scored.
"""

"""`python -m benchmarks.draw`: a model's draws on problem sets, recorded as sample files.

Prompts, arms and adapters are the product's own, so that a sample is the policy as it runs.
"""

"""What makes a problem a *code* problem: requests, context, edits, evidence, the judge.

Invariant: knows models and storage only through the cascade's ports, and editors not at all.
"""

"""One model provider a file, spoken to through its SDK.

Invariant: only this layer talks to a model; SDKs are imported at first use; every failure leaves as
a `ModelError`; cancelling a call closes its connection.
"""

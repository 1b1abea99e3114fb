"""What outlives the process: plans and solutions, the money ledger, consent and trust, what was sent.

Invariant: nothing is ever unpickled; every store carries a schema version and survives SIGKILL;
folders are 0700.
"""

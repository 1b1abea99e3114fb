"""The program that runs a project's tests and examples on the project's own interpreter.

Invariant: standard library only, Python 3.8 and newer, and nothing of it can be imported once the
first line of the project runs. It reads its work from standard input and writes signed records to
descriptor 3; it never says whether a test counts, only what happened.
"""

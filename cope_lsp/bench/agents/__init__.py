"""Agent tasks: a household to put in order, a repository to repair.

Invariant: every move is one problem that a strategy solves; what a reply does not say is never done, and
whatever it says gets an observation, never an exception.
"""

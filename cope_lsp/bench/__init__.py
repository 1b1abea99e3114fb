"""The cascade and its rivals on problem sets, on the user's own models.

Invariant: what a task keeps hidden (tests, references, answers) is read by its score alone, never by a
prompt, a judge or a strategy; and a model's call is made once, recorded, and from then on replayed.
"""

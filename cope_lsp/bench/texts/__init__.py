"""Open-ended text as a kind of task: the least perplexing draw stands, one above a threshold escalates.

Invariant: the hidden reference and the rubric reach the judge model that grades the chosen reply, and
nobody else; the threshold is fitted on tasks that are held out, never on those it is measured on.
"""

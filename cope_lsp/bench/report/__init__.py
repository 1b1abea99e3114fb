"""From attempts to a report: its content once, then a terminal's, Markdown, JSON and plots.

Invariant: every rendering shows the same figures, those that speak against us among them; what waits for
answers is shown as bounds or as not measurable, never left out.
"""

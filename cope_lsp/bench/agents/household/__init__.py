"""A household in words: rooms, places, things, and a goal that a planner checks. Pure functions."""

"""Calls of a function on generated inputs, as source text; making them executes nothing of the project."""

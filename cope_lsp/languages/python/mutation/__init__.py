"""Mutants: a function with one small fault such as a programmer makes, to see what tests notice."""

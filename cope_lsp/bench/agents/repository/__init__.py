"""A small repository with a failing test, which an agent repairs in memory; nothing of the set is written."""

"""Tests that a model wrote: read, taken apart into single checks, put where the project keeps its tests."""

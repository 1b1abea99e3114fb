"""What a programming language is to us; one folder a language.

Invariant: everything that differs between languages is behind `language.Language`. Pure text and
trees in, frozen values out; no program is started here (a language describes a test run, the
sandbox runs it).
"""

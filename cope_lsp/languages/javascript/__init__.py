"""JavaScript, and what TypeScript shares with it; `language.py` has the languages as values."""

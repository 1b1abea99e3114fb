"""The program that takes steps inside the sandbox; nothing here is imported outside it."""

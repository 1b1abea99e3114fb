"""The program that builds and tests inside the sandbox; nothing here is imported outside it."""

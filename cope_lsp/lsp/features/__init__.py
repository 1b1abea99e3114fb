"""One LSP method or command a file."""

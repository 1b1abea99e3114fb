"""What is said where llama.cpp cannot start."""

from __future__ import annotations

from cope_lsp.models.llama_cpp import remedy


def test_a_missing_system_library_is_told_apart_from_a_bad_file() -> None:
    """A bare Debian has no OpenMP library; the package is named. Anything else points at the file."""
    missing = "ImportError: libgomp.so.1: cannot open shared object file: No such file or directory"
    assert "libgomp1" in remedy(missing)
    assert "GGUF" in remedy("invalid magic characters")

"""The `Running` port of C++: by its tools; an emptied body still compiles, in every kind of function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.grammar import TOKEN
from cope_lsp.languages.toolchain.running import ToolRunning

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target

_BOM = b"\xef\xbb\xbf"
_DECLARED = b'extern "C" long cope_says(int, const void *, unsigned long) __asm__("write");'
_FAILING = (
    b"int cope_early = __builtin_is_constant_evaluated(); "
    b'if (!cope_early) { ::cope_says(2, "%b\\n", %d); __builtin_abort(); }'
)


@dataclass(frozen=True, slots=True)
class CppRunning(ToolRunning):
    """The port; see there for each function."""

    def hollow(self, text: bytes, target: Target) -> bytes:
        """The file's text with a body that says so and aborts before it does anything.

        What it did stays below: a deduced return type, used parameters and `constexpr` hold as before. It
        needs no include, and throws nothing that a test would catch.
        """
        token = TOKEN.encode()
        inner = target.body.start + 1
        failing = b" " + _FAILING % (token, len(token) + 1)
        eol = b"\r\n" if b"\r\n" in text[:4096] else b"\n"
        top = len(_BOM) if text.startswith(_BOM) else 0
        return text[:top] + _DECLARED + eol + text[top:inner] + failing + text[inner:]

    def unwritten(self, text: bytes, target: Target) -> bytes:
        """Likewise: whatever a stub gives back must not be taken for an answer."""
        return self.hollow(text, target)

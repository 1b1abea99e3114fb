"""C++ as one `Language` value."""

from __future__ import annotations

from cope_lsp.languages.cpp import tools
from cope_lsp.languages.cpp.grammar import GRAMMAR
from cope_lsp.languages.cpp.running import CppRunning
from cope_lsp.languages.cpp.syntax import CppSyntax
from cope_lsp.languages.language import Language, Rooted

CPP = Language(
    id="cpp",
    suffixes=(".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".ipp", ".tpp", ".inl"),
    root_markers=("CMakeLists.txt", "compile_commands.json", "meson.build", "Makefile"),
    line_comment="//",
    syntax=CppSyntax(GRAMMAR),
    running=CppRunning(GRAMMAR, tools),
    name="C++",
    test_files=(
        *("*test*.cpp", "*test*.cc", "*test*.cxx", "*Test*.cpp", "*Test*.cc", "*Test*.cxx"),
        *("*spec*.cpp", "*spec*.cc"),
    ),
    rooted=Rooted.OUTERMOST,
)

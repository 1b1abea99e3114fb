"""C++ as a `Grammar`: what its tree does not say."""

from __future__ import annotations

import tree_sitter_cpp

from cope_lsp.languages.cpp.headers import bound, imported
from cope_lsp.languages.cpp.macros import unread
from cope_lsp.languages.grammar.grammar import Grammar

_UNWRITTEN = r"(?:not (?:yet )?implemented|unimplemented|TODO|FIXME|implement (?:me|this)|your code here)"
_SAID = rf'(?i:"[^"]*{_UNWRITTEN}[^"]*")'
_UNUSED = r"(?:(?:\(void\) ?\w+|static_cast<void>\(\w+\)|std::ignore = \w+); )*"
_NOTHING = (
    r'(?:\{ ?\}|-?\d+(?:\.\d*)?[fuUlL]*|""|false|true|nullptr|NULL|std::nullopt'
    r"|[\w:<>, ]+(?:\( ?\)|\{ ?\}))"
)
_GIVEN = rf"(?: return(?: {_NOTHING})?;)?"
_DEAD = r"(?:(?:std::)?(?:abort|terminate|unreachable)\(\)|__builtin_(?:trap|abort|unreachable)\(\))"

_CALL = r"(?<![\w.>:])(?:::)?"
"""Before a function of the system: it is no member, and of no namespace."""

_ENDS = (
    r"(?<![\w.>])(?:_?exit|_Exit|quick_exit|at_quick_exit|atexit|on_exit|exit_group|pthread_exit|thrd_exit"
    r"|longjmp|siglongjmp|set_terminate|sigaction|ptrace|syscall|v?fork|posix_spawnp?|fexecve|freopen|fclose"
    r"|exec(?:[lv]p?e?|vpe)|__builtin_(?:exit|longjmp|return|eh_return)|_start|dlsym|dlopen)\b"
    rf"|(?:{_CALL}|\bstd::|& ?)(?:signal|raise|clone|alarm|dup[23]?|main)\b(?! ?[=;])"
)
_FORGES = (
    r"\btesting::|\bnamespace\s+(?:testing|std|doctest|Catch)\b|\bRUN_ALL_TESTS\b|\bGTEST_\w+|\bUnitTest\b"
    r"|\bdoctest::|\bCatch::|\b(?:__)?asm(?:__)?\b|\b__attribute__\b|\[\[\s*gnu::|\b_Pragma\b|\\\r?\n|/proc/"
    r"|(?:^|\n)\s*(?:#|%:)\s*(?:define|undef|pragma|line|if|ifdef|ifndef)\b|\boperator\s+(?:new|delete)\b"
)
_NETWORK = (
    r"<sys/(?:socket|un)\.h>|<netinet/\w+\.h>|<arpa/inet\.h>|<netdb\.h>|\bboost::asio\b|<boost/asio[^>]*>"
    rf"|\bcurl_\w+|{_CALL}(?:socket|connect|bind|listen|accept4?|getaddrinfo|gethostbyname|sendto|recvfrom)\s*\("
)
_PROCESS = (
    r"<spawn\.h>|<sys/wait\.h>|<sys/ptrace\.h>|\bstd::system\b|\bboost::process\b"
    rf"|{_CALL}(?:system|popen|v?fork|clone|kill|exec(?:[lv]p?e?|vpe)|posix_spawnp?)\s*\("
)
_FILES = (
    r"<fstream>|<filesystem>|<fcntl\.h>|<dirent\.h>|<sys/stat\.h>|\b[io]?fstream\b|\bfilesystem::\w+"
    rf"|{_CALL}(?:f?open(?:at|64)?|freopen|creat|unlink|mkdir|rmdir|chmod|symlink|truncate|tmpfile|opendir)\s*\("
    r'|\b(?:std::)?(?:remove|rename|fopen)\s*\(\s*"'
)
_NATIVE = (
    r"\b(?:__)?asm(?:__)?\b|\breinterpret_cast\b|\bsyscall\b|\bm(?:map|protect)\b|<sys/(?:mman|syscall)\.h>"
    r"|<unistd\.h>"
)
_CODE = (
    r"(?:template|using|namespace|class|struct|enum|union|typedef|static|inline|constexpr|const|auto|void|bool"
    r"|char|int|long|short|unsigned|signed|float|double|return|if|for|while|do|switch|case|try|throw|extern"
    r"|virtual|explicit|public|private|protected|friend|size_t|u?int\d+_t)\b|std::|[}\])]|//|/\*|\[\["
    r"|#\s*(?:include|pragma|define|if|endif)|[\w:]+(?:<[^;]*>)?[ *&]+[\w:~]+ ?[(={;\[]"
    r"|[\w:.\[\]>-]+ ?(?:[-+*/%|&^]|<<|>>)?= |[\w:.>-]+\("
)

GRAMMAR = Grammar(
    load=tree_sitter_cpp.language,
    folder="cope_lsp.languages.cpp",
    comments=frozenset({"comment"}),
    leading=frozenset({"attribute_declaration"}),
    wrappers=frozenset({"template_declaration", "linkage_specification", "friend_declaration"}),
    strings=frozenset({"raw_string_literal"}),
    stubs=(
        rf"{_UNUSED}throw (?:\w+::)*\w+ ?[({{] ?(?:std::string[({{])?{_SAID}[)}}]? ?[)}}];",
        rf"{_UNUSED}throw {_SAID};",
        rf"{_UNUSED}throw (?:\w+::)*(?:not_?implemented\w*|NotImplemented\w*) ?[({{].*[)}}];",
        rf'{_UNUSED}assert\((?:false|0|!"[^"]*"|(?:false|0) && "[^"]*"|"[^"]*" && (?:false|0))\);{_GIVEN}',
        rf"{_UNUSED}(?:NOT_IMPLEMENTED|UNIMPLEMENTED|TODO)\w*\([^)]*\);{_GIVEN}",
    ),
    trivial=rf"{_UNUSED}(?:{_DEAD};{_GIVEN}|return(?: {_NOTHING})?;)?",
    hollow="",
    code=_CODE,
    reaches=f"{_ENDS}|{_FORGES}",
    powers=(
        ("network", _NETWORK),
        ("process", _PROCESS),
        ("files", _FILES),
        ("environment", r"\b(?:secure_)?getenv\b|\b(?:un)?setenv\b|\bputenv\b|\benviron\b"),
        ("eval", r"<dlfcn\.h>|\bdl(?:m?open|v?sym)\b"),
        ("native", _NATIVE),
    ),
    members=(("struct Cope {", "};"),),
    above=True,
    bound=bound,
    imported=imported,
    unread=unread,
)

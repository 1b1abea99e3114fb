"""What Ruby code can do to the machine, and to the tests that judge it, as patterns."""

from __future__ import annotations

_CORE = (
    r"(?:Basic)?Object|Kernel|Module|Class|Comparable|Enumerable|Numeric|Integer|Float|Rational|String|Symbol"
    r"|Array|Hash|Range|NilClass|TrueClass|FalseClass|Proc|Method|Exception|IO|Process|Struct"
)
_EVAL = r"(?:eval|(?:instance|class|module)_eval|(?:instance|class)_exec|binding)"
_BY_NAME = r"(?:__send__|send|public_send|method|instance_method|const_get|define_method)"

REACHES = "|".join(
    (
        # The end of the process.
        r"""(?<!["'\w@$])(?:exit!?|abort|at_exit|exec|fork|trap|SystemExit|SignalException|Interrupt)(?![\w?=:"'])""",
        r"\bProcess\.(?:kill|exit|exec|abort|daemon|fork)|\bThread\.(?:main|exit|kill)\b",
        r"(?m:^)\s*(?:END|BEGIN)\s*\{",
        # What runs the tests, and what can find it.
        r"\b(?:Minitest|MiniTest|RSpec|Test::Unit|ObjectSpace|TracePoint|RubyVM|Fiddle|Ripper|set_trace_func)\b",
        r"""["'](?:minitest|rspec|test/unit|test-unit)(?:/[\w/]+)?["']""",
        rf"\b{_EVAL}\b",
        rf"\b{_BY_NAME}\b[ (]+(?!:[a-z_]\w*[\s,)])",
        # Its report.
        r"(?:\$stdout|\$stderr|STDOUT|STDERR)\b\s*(?:=(?!=)|\.(?:reopen|close))|\bIO\.(?:for_fd|sysopen|new)\b",
        # What it compares with.
        rf"(?m:^)\s*(?:class|module)\s+(?:::)?(?:{_CORE})\b(?!::)",
        r"(?<![.\w])(?:prepend|refine|alias_method|remove_method)\b",
        r"\bdef\s+(?:self\.)?(?:==|===|eql\?|equal\?|coerce|method_missing)",
    )
)

_NETWORK = (
    r"\b(?:(?:TCP|UDP|UNIX)?(?:Socket|Server)|Net::\w+|OpenURI|URI\.open)\b",
    r"\b(?:Faraday|HTTParty|RestClient|Excon|Typhoeus)\b",
    r"""["'](?:socket|net/[\w/]+|open-uri|faraday|httparty|rest-client)["']""",
)
_PROCESS = (
    r"(?<![\w.:@])(?:system|exec|spawn|fork)\b(?!\s*[=:])",
    r"\bKernel\.(?:system|exec|spawn|fork|`)|\bIO\.popen\b|\bOpen3\b|\bPTY\b",
    r"\bProcess\.(?:spawn|kill|daemon|fork|exec|detach)\b",
    r"`[^`\n]+`|%x[\[({|!]",
)
_FILES = (
    r"\bFile\.(?!(?:join|basename|extname|dirname|split)\b)\w+",
    r"\bFileUtils\b|\bDir\b[.\[]|\bTempfile\b|\bPathname\b",
    r"\bIO\.(?:read|write|readlines|foreach|binread|binwrite|copy_stream|sysopen)\b",
    r"(?<![\w.:@])open[ (]",
)
_DYNAMIC = (
    rf"\b(?:{_EVAL}|__send__|send|public_send|const_get|const_set|define_method|instance_variable_set)\b",
    r"\b(?:remove_method|Marshal\.load|YAML\.(?:unsafe_)?load|RubyVM)\b",
)

POWERS = (
    ("network", "|".join(_NETWORK)),
    ("process", "|".join(_PROCESS)),
    ("files", "|".join(_FILES)),
    ("environment", r"\bENV\b|\bARGV\b|\bEtc\b"),
    ("eval", "|".join(_DYNAMIC)),
    ("native", r"\bFiddle\b|\bFFI\b|\bDL\b"),
)

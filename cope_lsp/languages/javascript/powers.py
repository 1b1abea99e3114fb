"""What code of the family can do beyond computing, and what leads into what judges it, as patterns."""

from __future__ import annotations

REACHES = (
    r"\bprocess\b(?!\.(?:env|platform|arch|versions?|hrtime|cwd|uptime|memoryUsage|nextTick|argv)\b)"
    r"|\bprocess\.\w+\s*=(?![=>])|\bconsole\.\w+\s*=(?![=>])|\b(?:globalThis|global)\b"
    r"|\bwindow(?:\.(?:expect|assert|process|describe|it|test|vi|jest|__\w+)\b|\s*\[\s*[\"'`])"
    r"|\.prototype\b(?!\.\w+\.(?:call|apply|bind)\b)|__proto__|\bsetPrototypeOf\b|__define[GS]etter__"
    r"|\.constructor\b(?!\.name\b)|\[\s*[\"'`]constructor|\b(?:eval|Function)\s*\(|\bimport\s*\(|\brequire\b(?!\()"
    r"|\brequire\(\s*(?![\"'])|\bmodule\.(?!exports\b)\w+|\bimport\.meta\b"
    r"|[\"'](?:node:)?(?:test|assert|module|vm|v8|inspector|repl|async_hooks|worker_threads|cluster)(?:/\w+)?[\"']"
    r"|[\"'](?:node:)?process[\"']|[\"'](?:vitest|chai|expect|jest|@jest|@vitest)[\w/@-]*[\"']"
    r"|(?<![.\w])(?:vi|vitest|jest|expect|assert|should)\s*\.|(?<![.\w])(?:expect|describe|it|test)\s*\("
    r"|\b(?:before|after)(?:Each|All)\s*\(|/proc\b|\bwriteSync\s*\(|\bcreateWriteStream\s*\("
    r"|\bError\.(?:prepareStackTrace|captureStackTrace\s*=)|\bwith\s*\("
    r"|\b(?:Object|Array|Math|JSON|Number|String|Promise|Reflect|Symbol|Date|Map|Set)\.\w+\s*=(?![=>])"
)

_NETWORK = (
    r"\bfetch\s*\(|[\"'](?:node:)?(?:https?|http2|net|tls|dgram|dns)(?:/\w+)?[\"']"
    r"|[\"'](?:undici|axios|got|node-fetch|ws|superagent)[\"']|\bnavigator\.sendBeacon\b"
    r"|\b(?:WebSocket|XMLHttpRequest|EventSource|RTCPeerConnection)\b"
)
_PROCESS = (
    r"[\"'](?:node:)?(?:child_process|cluster|worker_threads)[\"']|\b(?:execa|shelljs|zx)\b"
    r"|\b(?:exec|spawn|execFile)(?:Sync)?\s*\((?!/)|\bnew (?:Shared)?Worker\b"
    r"|\bprocess\.(?:kill|exit|abort)\b"
)
_FILES = (
    r"[\"'](?:node:)?fs(?:/promises)?[\"']|[\"'](?:fs-extra|graceful-fs|rimraf|glob)[\"']"
    r"|\b(?:read|write|append|copy|rm|unlink|rename|mkdir|chmod|symlink)\w*Sync\s*\("
    r"|\b(?:localStorage|sessionStorage|indexedDB|Deno|Bun)\b"
)
_ENVIRONMENT = (
    r"\bprocess\.(?:env|argv|cwd|chdir|title|umask)\b|[\"'](?:node:)?os[\"']"
    r"|\bdocument\.cookie\b|\bimport\.meta\.env\b"
)
_EVAL = (
    r"\beval\s*\(|\bFunction\s*\(|[\"'](?:node:)?vm[\"']"
    r"|\bimport\s*\((?!\s*[\"'][^\"']*[\"']\s*\))|\brequire\s*\(\s*(?![\"'])"
    r"|\bset(?:Timeout|Interval)\s*\(\s*[\"'`]|\.constructor\s*[(\[.]|\bglobalThis\s*\["
    r"|\.(?:inner|outer)HTML\b|\bdocument\.write\b|\bdangerouslySetInnerHTML\b"
)
_NATIVE = (
    r"\bprocess\.(?:binding|dlopen|_linkedBinding)\b|\.node[\"']|\bWebAssembly\b"
    r"|[\"'](?:node:)?(?:v8|inspector|ffi)[\"']"
)

POWERS = (
    ("network", _NETWORK),
    ("process", _PROCESS),
    ("files", _FILES),
    ("environment", _ENVIRONMENT),
    ("eval", _EVAL),
    ("native", _NATIVE),
)

"""The macOS rung: a `sandbox-exec` profile that denies by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PROFILE = """\
(version 1)
(deny default)
(allow process-fork)
(allow process-exec)
(allow signal (target same-sandbox))
(allow process-info* (target same-sandbox))
(allow sysctl-read)
(allow file-read-metadata (literal "/private") (literal "/var") (literal "/tmp") (literal "/etc"))
(allow file-read* file-map-executable
  (literal "/")
  (subpath "/usr") (subpath "/bin") (subpath "/sbin")
  (subpath "/System") (subpath "/Library/Developer") (subpath "/Library/Frameworks")
  (subpath "/private/var/db/dyld") (subpath "/private/var/db/timezone")
  (literal "/private/etc/localtime")
  (literal "/dev/random") (literal "/dev/urandom") (literal "/dev/zero"))
(allow file-read* file-write-data file-ioctl (literal "/dev/null"))
(allow ipc-posix-sem)
"""


def profile(writable: Path, readable: tuple[Path, ...]) -> str:
    """What a job may do: read the system and `readable`, write below `writable`; no network, no services."""
    reads = "".join(
        f"(allow file-read* file-map-executable (subpath {_quoted(path)}))\n" for path in readable
    )
    parents = {parent for path in (writable, *readable) for parent in path.parents}
    steps = "".join(f"(allow file-read-metadata (literal {_quoted(path)}))\n" for path in sorted(parents))
    return f"{_PROFILE}{reads}{steps}(allow file-read* file-write* (subpath {_quoted(writable)}))\n"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

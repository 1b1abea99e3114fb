"""How this machine reaches package indexes, passed on to a root; none of it is known here beforehand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_INDEXES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_TRUSTED_HOST",
    "UV_INDEX",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
)
_PASSED = (*_PROXIES, *map(str.lower, _PROXIES), *_INDEXES)
_CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_BUNDLE = "/etc/first-edit.crt"  # not where Debian's own package would overwrite it
_CONFIGURATION = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf")


def lay_network(root: Path) -> dict[str, str]:
    """Write this machine's network configuration into a root; returns the variables to set in there."""
    for name in filter(os.path.isfile, _CONFIGURATION):
        shutil.copyfile(name, root / name.removeprefix("/"))
    (root / "etc/apt/apt.conf.d/90first-edit").write_text(_apt_network())
    variables = {name: os.environ[name] for name in _PASSED if name in os.environ}
    bundles = {name: os.environ[name] for name in _CERTIFICATES if Path(os.environ.get(name, "")).is_file()}
    for bundle in bundles.values():
        shutil.copyfile(bundle, root / _BUNDLE.removeprefix("/"))
    return variables | dict.fromkeys(bundles, _BUNDLE)


def debian_mirror() -> str | None:
    """The mirror that this machine's own apt uses, where it is Debian's; None: debootstrap's default."""
    for source in (*Path("/etc/apt").glob("sources.list*"), *Path("/etc/apt/sources.list.d").glob("*")):
        if source.is_file() and (found := re.search(r"https?://\S+/debian/?(?=\s)", source.read_text())):
            return found[0]
    return None


def _apt_network() -> str:
    if shutil.which("apt-config") is None:
        return ""
    command = ["apt-config", "dump"]
    dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line for line in dump.splitlines() if re.match(r"Acquire::(https?::|Check-)", line)]
    return "".join(f"{line}\n" for line in lines)

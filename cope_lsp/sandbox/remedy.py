"""Why a rung cannot start on this machine and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_WSL = "Run the editor's server in WSL 2 (https://learn.microsoft.com/windows/wsl/install)."
_APPARMOR = (
    "Ubuntu's AppArmor lets only named programs make user namespaces: `sudo apt install bubblewrap "
    "apparmor-profiles && sudo cp /usr/share/apparmor/extra-profiles/bwrap-userns-restrict "
    "/etc/apparmor.d/ && sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict`."
)
_OLD = "Update bubblewrap to 0.11 or newer; until then the one that comes with cope-lsp is used."
_LIMITED = "User namespaces are limited to none: `sudo sysctl -w user.max_user_namespaces=15000`."
_OFF = "User namespaces are switched off: `sudo sysctl -w kernel.unprivileged_userns_clone=1`."
_ELSE = "Install bubblewrap 0.11 or newer and a kernel (5.11 or newer) that has user namespaces."
_CONTAINER = (
    "The container forbids namespaces: start it with `--security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined --security-opt systempaths=unconfined` "
    "(devcontainer.json: `runArgs`)."
)


@dataclass(frozen=True, slots=True)
class Host:
    """What a machine says about user namespaces. `limit` is the most there may be (-1: not said)."""

    system: str
    in_container: bool = False
    apparmor: bool = False
    switched_off: bool = False
    limit: int = -1


def this_host(system: str) -> Host:
    """Read the facts from /proc and the marks that container engines leave."""
    return Host(
        system=system,
        in_container=any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")),
        apparmor=_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1,
        switched_off=_number("/proc/sys/kernel/unprivileged_userns_clone") == 0,
        limit=_number("/proc/sys/user/max_user_namespaces"),
    )


def remedy(host: Host, said: str) -> str:
    """One sentence that tells a person how to get namespaces, given what a failed start said."""
    causes = (
        ("Unknown option" in said, _OLD),
        (host.system == "Windows", _WSL),
        (host.in_container, _CONTAINER),
        (host.limit == 0, _LIMITED),
        (host.switched_off, _OFF),
        (host.apparmor, _APPARMOR),
    )
    return next((fix for holds, fix in causes if holds), _ELSE)


def _number(file: str) -> int:
    try:
        return int(Path(file).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return -1

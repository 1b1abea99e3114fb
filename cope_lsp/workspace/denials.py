"""What is never shown to a model nor to a sandboxed test, whatever any file or setting says; as data.

All in lower case, for lower-case paths: file systems that fold case must not fold a denial away.
"""

from __future__ import annotations

_DATA_SUFFIXES = ("json", "yaml", "yml", "toml", "ini", "cfg", "conf", "properties", "xml", "txt", "csv")

DENIED_NAMES = (
    # environment files and shells' histories
    ".env",
    ".env.*",
    "*.env",
    ".envrc",
    ".*_history",
    # keys and certificates' private halves
    "*.pem",
    "*.key",
    "*.p8",
    "*.p12",
    "*.pfx",
    "*.ppk",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.asc",
    "*.gpg",
    "*.age",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "ssh_host_*_key*",
    # folders and files of credentials
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".gcloud",
    ".dockercfg",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".my.cnf",
    ".npmrc",
    ".yarnrc.yml",
    ".pypirc",
    ".htpasswd",
    ".git-credentials",
    ".gitconfig",
    ".vault-token",
    "*.tfstate",
    "*.tfstate.*",
    "*.tfvars",
    "*.tfvars.json",
    "*.ovpn",
    "*.mobileprovision",
    "kubeconfig",
    "service-account*.json",
    "service_account*.json",
    "client_secret*.json",
    "google-services.json",
    # by name, in forms that hold data rather than code
    *(
        f"{name}.{suffix}"
        for name in ("credential", "credentials", "secret", "secrets", "*.secret", "*.secrets", "passwords")
        for suffix in _DATA_SUFFIXES
    ),
)
"""Globs for the name of a file or of any folder above it."""

DENIED_FILES = frozenset({"credentials", "secrets"})
"""Whole names of files; folders of that name are packages as often as not."""

DENIED_PATHS = (".docker/config.json", ".git/config", ".config/gcloud/")
"""Ends of paths; with a slash at the end, folders."""

NOISE = frozenset({".git", ".hg", ".svn"})
"""Folders with nothing secret by name, but with nothing that a model should read either."""

ENVIRONMENTS = frozenset(
    {
        ".venv",
        "venv",
        "node_modules",
        "site-packages",
        "__pycache__",
        "__pypackages__",
        ".tox",
        ".nox",
        ".pixi",
        ".conda",
        ".direnv",
        ".eggs",
        ".hypothesis",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
    }
)
"""Folders that tools fill: tests need them as they are, and what they hold is not the user's."""

CODE_SUFFIXES = frozenset({".py", ".pyi", ".pyx", ".so", ".pyd", ".dll", ".dylib", ".typed", ".pth"})
"""What tests import; generated and compiled modules are commonly git-ignored."""

"""What stays out of models; for `.gitignore`, git itself is asked."""

from __future__ import annotations

import os
import random
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from cope_lsp.workspace.ignoring import (
    ignore_rules,
    is_cope_ignored,
    is_denied,
    is_git_ignored,
    is_ignored,
    is_noise,
)

if TYPE_CHECKING:
    from pathlib import Path

DENIED = """
.env .env.local .ENV app/.env.production prod.env .envrc id_rsa ID_RSA.bak deploy/id_ed25519.pub server.pem
tls/private.key a.p12 a.pfx a.jks x.kdbx .ssh/config home/.ssh/known_hosts .aws/credentials .netrc .npmrc
.pypirc .git-credentials .git/config x/.git/config .docker/config.json credentials credentials.json
config/secrets.yaml Secrets.YML prod.secrets.toml terraform.tfstate terraform.tfstate.backup x.tfvars
service-account-prod.json client_secret_1.json .kube/config .config/gcloud/x .python_history a/.ssh/b/c
"""


ALLOWED = """
app.py environment.py env/__init__.py secrets.py mypackage/credentials.py credentials/models.py
secrets/vault.py key.py keys/loader.py tests/test_env.py docs/dotenv.md config.json monkey.py
"""


@pytest.mark.parametrize("path", DENIED.split())
def test_files_that_hold_secrets_by_name_are_denied(tmp_path: Path, path: str) -> None:
    """Whatever the lists say: a project cannot take a denial back."""
    (tmp_path / ".gitignore").write_text("!*\n!.env\n")
    (tmp_path / ".copeignore").write_text("!*\n!.env\n")
    assert is_denied(path)
    assert is_ignored(ignore_rules(tmp_path, ["!*", f"!{path}"]), path)


@pytest.mark.parametrize("path", ALLOWED.split())
def test_code_is_not_denied_for_its_name(tmp_path: Path, path: str) -> None:
    """A module may be called secrets, a package credentials."""
    assert not is_denied(path)
    assert not is_ignored(ignore_rules(tmp_path), path)


def test_folders_of_tools_are_noise() -> None:
    """At any depth; a file of such a name is none."""
    assert is_noise(".git/HEAD")
    assert is_noise("a/node_modules/b.js")
    assert is_noise(".venv/lib/x.py")
    assert not is_noise("src/venv")


def test_no_list_takes_back_what_another_ignores(tmp_path: Path) -> None:
    """A project is not trusted to un-ignore the user's files with its own `.copeignore`, or the reverse."""
    (tmp_path / ".gitignore").write_text("data/\n!notes.txt\n")
    (tmp_path / ".copeignore").write_text("notes.txt\n!data/\n!data/x\n")
    rules = ignore_rules(tmp_path, ["mine", "!data/x", "!notes.txt"])
    assert is_ignored(rules, "data/x")
    assert is_ignored(rules, "notes.txt")
    assert is_ignored(rules, "sub/mine")
    assert not is_ignored(rules, "other.txt")


def test_copeignore_is_nested(tmp_path: Path) -> None:
    """As `.gitignore` is."""
    (tmp_path / "sub").mkdir()
    (tmp_path / ".copeignore").write_text("*.csv\n")
    (tmp_path / "sub" / ".copeignore").write_text("!public.csv\n/only-here\n")
    rules = ignore_rules(tmp_path)
    assert is_cope_ignored(rules, "sub/a.csv")
    assert not is_cope_ignored(rules, "sub/public.csv")
    assert is_cope_ignored(rules, "sub/only-here")
    assert not is_cope_ignored(rules, "only-here")


def test_lists_above_the_project_count_up_to_the_repositorys_top(tmp_path: Path) -> None:
    """A monorepo's lists hold in its packages; what lies above the repository does not."""
    package = tmp_path / "repository" / "packages" / "one"
    package.mkdir(parents=True)
    (tmp_path / "repository" / ".git" / "info").mkdir(parents=True)
    (tmp_path / ".gitignore").write_text("*.py\n")
    (tmp_path / "repository" / ".gitignore").write_text("packages/*/private/\n")
    (tmp_path / "repository" / ".git" / "info" / "exclude").write_text("scratch.py\n")
    rules = ignore_rules(package)
    assert is_git_ignored(rules, "private/a.txt")
    assert is_git_ignored(rules, "scratch.py")
    assert not is_git_ignored(rules, "a.py")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe[[[\n*.log\n", b"[\n**a**\n!\n\\\n*.log\n", b"x" * 2**19, b"\x00\n*.log"]
)
def test_a_strange_list_is_survived(tmp_path: Path, content: bytes) -> None:
    """Bytes that are no text, patterns that are none, and a list of half a megabyte."""
    (tmp_path / ".gitignore").write_bytes(content)
    assert is_git_ignored(ignore_rules(tmp_path), "a.log") == (b"*.log" in content)


@pytest.mark.parametrize(
    "pattern", ["*a" * 30, "*a" * 30 + "*b", "?*" * 40 + "/b", "**/a/" * 12 + "b", "a/**/" * 12]
)
def test_a_hostile_pattern_does_not_hang(tmp_path: Path, pattern: str) -> None:
    """A list belongs to the repository, and a regular expression can take for ever."""
    (tmp_path / ".gitignore").write_text(f"{pattern}\n")
    rules, began = ignore_rules(tmp_path), time.process_time()
    for path in ("a" * 250 + "c", "a/" * 200 + "c"):
        is_git_ignored(rules, path)
    assert time.process_time() - began < 2


NAMES = ["a", "b", "build", "x.py", "y.log", "keep"]
PATTERNS = [
    *NAMES,
    "*.py",
    "*.log",
    "/a",
    "/build/",
    "build/",
    "a/",
    "**/b",
    "a/**",
    "a/*/x.py",
    "*",
    "**",
    "a/**/b",
    "b/*",
    "!a/**",
    "!*/",
    "!/b",
    "!*",
    "**/",
    "*/",
    "a/**/",
    "!a/**/",
    "/*/",
    "**/b/**",
    "!b/*",
    "*u*l*",
    "b*i*d*",
    "*?*?*",
    "a/*y*.*g",
    "*/*y*/**/x*",
    "!keep",
    "!*.py",
    "!a/b",
    "!build/",
    "?.py",
    "[ab]",
    "# comment",
    "",
    "\\!keep",
    "keep ",
]


@pytest.mark.parametrize("seed", range(40))
def test_git_agrees(tmp_path: Path, seed: int) -> None:
    """For random trees with random nested lists, every file is ignored exactly where git ignores it."""
    chance = random.Random(seed)  # noqa: S311 -- test data
    files = ["/".join(chance.choices(NAMES, k=chance.randint(1, 4))) for _ in range(25)]
    for file in files:
        _make(tmp_path / file)
    for folder in [tmp_path, *sorted(path for path in tmp_path.rglob("*") if path.is_dir())]:
        if chance.random() < 0.5:
            lines = chance.choices(PATTERNS, k=chance.randint(1, 5))
            (folder / ".gitignore").write_text("\n".join(lines) + "\n")
    real = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    rules = ignore_rules(tmp_path)
    assert {path for path in real if is_git_ignored(rules, path)} == _git_ignores(tmp_path, real)


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    except (FileExistsError, NotADirectoryError):
        return  # a file of that name is there already


def _git_ignores(root: Path, paths: list[str]) -> set[str]:
    env = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "HOME": str(root),
    }
    subprocess.run(["git", "init", "-q", str(root)], check=True, env=env)
    answer = subprocess.run(
        ["git", "check-ignore", "--stdin", "-z", "--no-index"],
        input="\0".join(paths),
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env=env,
    )
    return set(filter(None, answer.stdout.split("\0")))

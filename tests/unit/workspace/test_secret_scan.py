"""Secrets in texts are found, code is not taken for one."""

from __future__ import annotations

import random
import socket
import string
import subprocess
import sys
import time
import typing
from pathlib import Path

import pytest

from cope_lsp.workspace.secret_scan import find_secrets


def some(alphabet: str, length: int) -> str:
    """Random characters, the same in every run."""
    chance = random.Random(5)  # noqa: S311 -- test data
    return "".join(chance.choices(alphabet, k=length))


ALNUM = string.ascii_letters + string.digits

# Put together at run time, so that this file holds no secret itself.
SECRETS = {
    "AWS key": "AKIA" + some(string.ascii_uppercase + string.digits, 16),
    "GitHub token": "ghp_" + some(ALNUM, 36),
    "GitHub fine-grained token": "github_pat_" + some(ALNUM, 40),
    "OpenAI key": "sk-proj-" + some(ALNUM, 48),
    "Anthropic key": "sk-ant-" + some(ALNUM, 60),
    "Google key": "AIza" + some(ALNUM, 35),
    "Hugging Face token": "hf_" + some(ALNUM, 34),
    "Slack token": "xoxb-" + some(string.digits, 12) + "-" + some(ALNUM, 24),
    "Stripe key": "sk_live_" + some(ALNUM, 24),
    "password in a URL": "postgres://me:" + some(ALNUM, 12) + "@db/x",
    "private key": "-----BEGIN ENCRYPTED PRIVATE" + " KEY-----",
    "RSA key": "-----BEGIN RSA PRIVATE" + " KEY-----",
    "PyPI token": "pypi-AgEIcHlwaS5vcmc" + some(ALNUM, 80),
}


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("frame", ["{}", "x = '{}'", "    # see {}", "a\nb\nc {} d\n", '{{"k": ["{}"]}}'])
def test_a_secret_is_found_wherever_it_stands(kind: str, frame: str) -> None:
    """With its line, and without being repeated."""
    text = frame.format(SECRETS[kind])
    hits = find_secrets("a.py", text)
    assert hits
    assert hits[0].line == (3 if frame.startswith("a\n") else 1)
    assert not any(SECRETS[kind] in str(hit) for hit in hits)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'password = "hunter2x"'),
        ("a.py", 'connect(api_key="abcd1234efgh", retries=f(1))'),
        ("a.yaml", "db_password: hunter2x"),
        ("a.toml", 'secret = "s3cr3tvalue"'),
        ("A.INI", "client_secret = abcdef123456"),
        ("a.py", f'token = "{some(ALNUM, 40)}"'),
        ("a.py", f'digest = "{some("0123456789abcdef", 40)}"'),
    ],
)
def test_named_and_random_looking_values_are_found(name: str, text: str) -> None:
    """By how the file's kind writes assignments."""
    assert find_secrets(name, text)


@pytest.mark.parametrize(
    "pragma", ["# pragma: allowlist secret", "# noqa", "# pragma: allowlist nextline secret"]
)
def test_no_pragma_lets_a_secret_through(pragma: str) -> None:
    """The file does not decide what leaves the machine."""
    assert find_secrets("a.py", f'{pragma}\npassword = "hunter2x"  {pragma}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def slugify(title: str) -> str:\n    return title.lower()\n",
        'alphabet = "abcdefghijklmnopqrstuvwxyz"',
        'base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"',
        'password = ""',
        'password = "<password>"',
        'password = "{password}"',
        'password = "******"',
        "password = os.environ['PASSWORD']",
        "def check(password: str, secret: bytes) -> bool: ...",
        "if password == stored_password: pass",
        'see = "https://example.com/a/long/path/to/some/page.html"',
        "x = 1234567890123456789012345678901234567890",
    ],
)
def test_ordinary_code_is_no_secret(text: str) -> None:
    """A gate that cries wolf gets switched off."""
    assert not find_secrets("a.py", text)


def test_real_modules_pass() -> None:
    """Ten thousand lines of the standard library without a hit."""
    folder = Path(typing.__file__).parent
    for name in ("argparse.py", "typing.py", "dataclasses.py", "json/decoder.py", "pathlib.py"):
        assert not find_secrets(name, (folder / name).read_text("utf-8"))


@pytest.mark.parametrize("length", [1, 1775, 2030, 2047, 2048, 2049, 4080, 10_000, 100_000])
@pytest.mark.parametrize("filler", ["x", "x\n"])
def test_no_secret_hides_at_the_edge_of_a_block(length: int, filler: str) -> None:
    """Texts are looked at in blocks; every place in every line is inside one."""
    secret = SECRETS["GitHub token"]
    text = f"{filler * length} {secret} {filler * 3000}"
    assert [hit.line for hit in find_secrets("a.py", text)] == [text[: text.index(secret)].count("\n") + 1]


@pytest.mark.parametrize(
    "text", ["sk-" * 80_000, "eyJ" * 80_000, "://" + "a:" * 120_000, '"' + "ab=c" * 60_000]
)
def test_a_hostile_text_takes_no_minutes(text: str) -> None:
    """Patterns that go back and forth over a long line would."""
    began = time.process_time()
    find_secrets("a.yml", text)
    assert time.process_time() - began < 10


def test_nothing_is_verified_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Detectors can ask the issuer whether a key is live: that would be the leak."""

    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for secret in SECRETS.values():
        assert find_secrets("a.py", f'aws_secret_access_key = "{some(ALNUM, 40)}"\nx = "{secret}"')


def test_the_detectors_are_imported_at_first_use() -> None:
    """They bring an HTTP client with them, which an idle server does not need."""
    modules = "cope_lsp.workspace.readable, cope_lsp.workspace.masking"
    code = f"import sys, {modules}; print('detect_secrets' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"

"""Secrets inside texts, found by detect-secrets' detectors.

They are called directly: a pragma in the text that asks to be let through is not honoured, and nothing
is ever verified over the network.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKENS = (
    ("artifactory", "ArtifactoryDetector"),
    ("aws", "AWSKeyDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("basic_auth", "BasicAuthDetector"),
    ("cloudant", "CloudantDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("github_token", "GitHubTokenDetector"),
    ("gitlab_token", "GitLabTokenDetector"),
    ("ibm_cloud_iam", "IbmCloudIamDetector"),
    ("ibm_cos_hmac", "IbmCosHmacDetector"),
    ("jwt", "JwtTokenDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("npm", "NpmDetector"),
    ("openai", "OpenAIDetector"),
    ("private_key", "PrivateKeyDetector"),
    ("pypi_token", "PypiTokenDetector"),
    ("sendgrid", "SendGridDetector"),
    ("slack", "SlackDetector"),
    ("softlayer", "SoftlayerDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("stripe", "StripeDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
    ("twilio", "TwilioKeyDetector"),
)

_NEWER = (
    ("API key", re.compile(r"\bsk-[A-Za-z]{2,8}-[A-Za-z0-9_-]{20,}")),
    ("API key", re.compile(r"\bsk-[A-Za-z0-9]{40,}")),
    ("Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}")),
    ("Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{30,}")),
    ("GitHub token", re.compile(r"\bgithub_pat_[A-Za-z0-9_]{22,}")),
    ("private key", re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY")),
)
"""Forms that detect-secrets 1.5 does not know."""

_BLOCK = 2048
_OVERLAP = 256


@dataclass(frozen=True, slots=True)
class Hit:
    """A likely secret: where, and of what kind. The secret itself is not kept."""

    file: str
    line: int
    kind: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} ({self.kind})"


def find_secrets(name: str, text: str) -> tuple[Hit, ...]:
    """Likely secrets in a text, by line (from 1); the suffix of `name` says how the file is written."""
    forms = _keyword_forms(name)
    found = {
        (block.line + block.text.count("\n", 0, offset), kind)
        for block in _blocks(text)
        for look in (_newer, _tokens, _keywords, _random_strings)
        for offset, kind in look(block.text, forms)
    }
    return tuple(Hit(name, line, kind) for line, kind in sorted(found))


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    text: str


def _blocks(text: str) -> Iterator[_Block]:
    """The text in blocks of whole lines; longer lines in overlapping pieces.

    One search over a block is much faster than one a line, and over the whole text would let a hostile
    file make the detectors' patterns take minutes.
    """
    first, lines, size = 1, list[str](), 0
    for number, line in enumerate(text.split("\n"), 1):
        if size + len(line) > _BLOCK and lines:
            yield _Block(first, "\n".join(lines))
            first, lines, size = number, [], 0
        if len(line) > _BLOCK:
            yield from (_Block(number, piece) for piece in _pieces(line))
            first = number + 1
        else:
            lines.append(line)
            size += len(line) + 1
    yield _Block(first, "\n".join(lines))


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, len(line) - _OVERLAP, _BLOCK - _OVERLAP):
        yield line[start : start + _BLOCK]


def _newer(text: str, _: object) -> Iterator[tuple[int, str]]:
    for kind, pattern in _NEWER:
        for match in pattern.finditer(text):
            yield match.start(), kind


def _tokens(text: str, _: object) -> Iterator[tuple[int, str]]:
    """A search over the block finds the lines that are worth a detector's own look."""
    for detector, patterns in _token_detectors():
        for pattern in patterns:
            for match in pattern.finditer(text):
                start = text.rfind("\n", 0, match.start()) + 1
                end = text.find("\n", match.end())
                lines = text[start : None if end < 0 else end].split("\n")
                if any(any(detector.analyze_string(line)) for line in lines):
                    yield match.start(), detector.secret_type


def _keywords(text: str, forms: object) -> Iterator[tuple[int, str]]:
    detector, worth, offset = _keyword_detector(), _keyword_line(), 0
    if not worth.search(text):
        return
    for line in text.split("\n"):
        if worth.search(line):
            values = detector.analyze_string(line, denylist_regex_to_group=forms)
            if not all(_is_plain(value) for value in values):
                yield offset, detector.secret_type
        offset += len(line) + 1


def _random_strings(text: str, _: object) -> Iterator[tuple[int, str]]:
    for detector in _entropy_detectors():
        for match in detector.regex.finditer(text):
            value = match.group(2)
            if detector.calculate_shannon_entropy(value) > detector.entropy_limit and not _is_plain(value):
                yield match.start(), detector.secret_type


def _is_plain(value: str) -> bool:
    """Alphabets and place-holders: shaped like secrets and common in code."""
    heuristic = _heuristic()
    return (
        heuristic.is_sequential_string(value)
        or heuristic.is_templated_secret(value)
        or heuristic.is_not_alphanumeric_string(value)
    )


@cache
def _heuristic() -> Any:  # noqa: ANN401 -- an untyped module
    return importlib.import_module("detect_secrets.filters.heuristic")


@cache
def _token_detectors() -> tuple[tuple[Any, tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (detector, tuple(re.compile(form.pattern, form.flags | re.MULTILINE) for form in detector.denylist))
        for detector in (_plugin(module, name) for module, name in _TOKENS)
    )


@cache
def _entropy_detectors() -> tuple[Any, ...]:
    module = "high_entropy_strings"
    return (_plugin(module, "Base64HighEntropyString"), _plugin(module, "HexHighEntropyString"))


def _keyword_forms(name: str) -> object:
    keyword = importlib.import_module("detect_secrets.plugins.keyword")
    filetype = importlib.import_module("detect_secrets.util.filetype")
    kind = filetype.determine_file_type(name.lower())
    return keyword.REGEX_BY_FILETYPE.get(kind, keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP)


@cache
def _keyword_detector() -> Any:  # noqa: ANN401 -- an untyped class
    return _plugin("keyword", "KeywordDetector")


@cache
def _keyword_line() -> re.Pattern[str]:
    words = importlib.import_module("detect_secrets.plugins.keyword").DENYLIST
    return re.compile("|".join(words), re.IGNORECASE)


def _plugin(module: str, name: str) -> Any:  # noqa: ANN401 -- untyped classes
    return getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)()

"""Which answer a reply ends with."""

from __future__ import annotations

import re

from cope_lsp.bench.answers.latex import braced


def final_answer(reply: str) -> str | None:
    """The answer that a whole reply states; where it states none, its last number. None: there is neither."""
    return stated_answer(reply) or _last_number(_said(reply))


def stated_answer(reply: str) -> str | None:
    r"""The answer that a reply marks as such: in the last `\boxed{}`, after `####`, after "the answer is"."""
    said = _said(reply)
    return boxed(said) or _below_hashes(said) or _declared(said)


def boxed(text: str) -> str | None:
    r"""What the last `\boxed{}` holds that is closed and not empty."""
    held = (braced(text, box.end()) for box in _BOX.finditer(text))
    return next(reversed([each.strip() for each in held if each and each.strip()]), None)


def _said(reply: str) -> str:
    return _THINKING.sub("", reply)


def _below_hashes(text: str) -> str | None:
    return next(reversed(_HASHES.findall(text)), None)


def _declared(text: str) -> str | None:
    """What follows the last "the answer is" in its sentence; of a longer phrase, its mathematics."""
    declared = next(reversed(_DECLARATION.findall(text)), None)
    if declared is None:
        return None
    phrase = declared.strip(" *_`")
    formula = _FORMULA.search(phrase)
    if formula is not None:
        return formula[1] or formula[2]
    if len(_WORD.findall(phrase)) <= 1:
        return phrase
    number = _NUMBER.search(phrase)
    return None if number is None else number[0]


def _last_number(text: str) -> str | None:
    return next(reversed(_NUMBER.findall(text)), None)


_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_BOX = re.compile(r"\\(?:boxed|fbox)\s*(?=\{)")
_HASHES = re.compile(r"####[ \t]*(\S[^\n]*?)[ \t]*$", re.MULTILINE)
_DECLARATION = re.compile(
    r"\banswer\b[*_ \t]*(?:is|=|:)(?:[:*_ \t]|\bis\b)*(\S[^\n]*?)[ \t]*(?:[.!](?=\s|\*|\Z)|$)",
    re.IGNORECASE | re.MULTILINE,
)
_FORMULA = re.compile(r"\$([^$]+)\$|\\[(\[](.+?)\\[)\]]")
_WORD = re.compile(r"[A-Za-z]{3,}")
_NUMBER = re.compile(r"(?:(?<![\w)])-)?(?:\d+(?:,\d{3})*(?:\.\d+)?|(?<![\w.])\.\d+)(?:/\d+)?%?")

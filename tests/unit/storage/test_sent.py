"""What was sent can be seen."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.errors import CallRefused
from cope_lsp.storage.sent import SentRequest, keep_sent, sent_markdown, sent_requests

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-0123456789"


def request(body: bytes, job: str = "job", at: float | None = None) -> SentRequest:
    """A request that leaves now."""
    return SentRequest(job, "api.example", "https://api.example/v1", "large", body, at or time.time(), 0.01)


def test_a_request_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """Also one that is neither JSON nor UTF-8; other jobs' are apart, the oldest comes first."""
    folder = tmp_path / "sent"
    bodies = [b'{"messages": []}\r\n', b"\xff\x00", "ü".encode()]
    for number, body in enumerate(bodies):
        keep_sent(folder, request(body, at=time.time() + number), [])
    keep_sent(folder, request(b"other", job="other"), [])
    assert [sent.body for sent in sent_requests(folder, "job")] == bodies
    assert len(sent_requests(folder)) == 4


def test_no_key_is_kept(tmp_path: Path) -> None:
    """Neither from the body nor from the address; an empty key removes nothing."""
    folder = tmp_path / "sent"
    sent = SentRequest("j", "h", f"https://h/?key={KEY}", "m", f"before {KEY} after".encode(), time.time())
    keep_sent(folder, sent, ["", KEY])
    (kept,) = sent_requests(folder)
    assert kept.body == b"before [key removed] after"
    assert KEY not in kept.url
    assert not any(KEY.encode() in path.read_bytes() for path in folder.iterdir())


def test_what_was_sent_is_for_the_user_alone(tmp_path: Path) -> None:
    """It holds the user's code."""
    keep_sent(tmp_path / "sent", request(b"x"), [])
    (file,) = (tmp_path / "sent").glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_goes_after_a_week(tmp_path: Path) -> None:
    """When the list is next looked at."""
    keep_sent(tmp_path / "sent", request(b"x"), [])
    (file,) = (tmp_path / "sent").glob("*.json")
    os.utime(file, (0, time.time() - 8 * 86400))
    assert sent_requests(tmp_path / "sent") == ()
    assert not file.exists()


def test_what_cannot_be_kept_is_not_sent(tmp_path: Path) -> None:
    """The refusal names the folder."""
    (tmp_path / "sent").mkdir(mode=0o755)
    with pytest.raises(CallRefused, match="nothing was sent") as refused:
        keep_sent(tmp_path / "sent", request(b"x"), [])
    assert str(tmp_path / "sent") in refused.value.fix


def test_a_damaged_record_hides_no_other(tmp_path: Path) -> None:
    """It is left out."""
    keep_sent(tmp_path / "sent", request(b"x"), [])
    (tmp_path / "sent" / "000.json").write_text('{"job": 1}')
    (tmp_path / "sent" / "001.json").write_text("not json")
    assert [sent.body for sent in sent_requests(tmp_path / "sent")] == [b"x"]


def test_nothing_of_a_body_lives_in_markdown(tmp_path: Path) -> None:
    """Pictures, links and HTML stand inside fences that they cannot end."""
    evil = "![x](http://evil/)\n````\n<img src=http://evil>\n`````json\n"
    body = b'{"messages": [{"role": "user", "content": "' + evil.replace("\n", "\\n").encode() + b'"}]}'
    keep_sent(tmp_path / "sent", request(body), [])
    text = sent_markdown(sent_requests(tmp_path / "sent"))
    assert evil.splitlines()[0] in text
    assert body.decode() in text
    outside = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    assert "evil" not in outside


def test_nothing_sent_is_said_in_words(tmp_path: Path) -> None:
    """An empty page would look broken."""
    assert "Nothing left this machine" in sent_markdown(sent_requests(tmp_path / "none"))

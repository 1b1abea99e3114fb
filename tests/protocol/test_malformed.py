"""Whatever comes in, the server answers, lives, and writes nothing but messages."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from cope_lsp.lsp import protocol
from tests.protocol.raw import framed, initialize, messages, packed

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 1000
METHODS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
    types.CANCEL_REQUEST,
    types.INITIALIZE,
    types.INITIALIZED,
    types.SET_TRACE,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    protocol.SOLVE,
    protocol.DID_CHANGE_TRUST,
    protocol.PROPOSAL,
    "no/such/method",
    "",
)


def test_a_thousand_malformed_messages_neither_end_the_server_nor_leave_a_stray_byte(tmp_path: Path) -> None:
    """Afterwards it still answers; every request of the thousand with an id was answered."""
    chance = random.Random(20260701)  # noqa: S311 -- reproducible junk
    bad = [malformed(chance, number) for number in range(COUNT)]
    data = packed(types.INITIALIZE, initialize(tmp_path.as_uri(), None), "hello")
    data += b"".join(data for data, _ in bad)
    data += packed(types.SHUTDOWN, None, "goodbye") + packed(types.EXIT)
    done = converse(tmp_path, data)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    answered = {message.get("id") for message in messages(done.stdout) if "method" not in message}
    expected = {identifier for _, identifier in bad if identifier is not None}
    assert {"hello", "goodbye"} | expected <= answered


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", types.ErrorCodes.ParseError),
        (b"\xff\xfe", types.ErrorCodes.ParseError),
        (b"[" * 100_000, types.ErrorCodes.ParseError),
        (b"[]", types.ErrorCodes.InvalidRequest),
        (b'{"id": 1}', types.ErrorCodes.InvalidRequest),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "textDocument/codeAction"}', types.ErrorCodes.InvalidParams),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "no/such"}', types.ErrorCodes.MethodNotFound),
        (
            b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}',
            types.ErrorCodes.InvalidRequest,
        ),
        (
            b'{"jsonrpc": "2.0", "id": 1, "method": "cope/solve", "params": {"uri": 1}}',
            types.ErrorCodes.InvalidParams,
        ),
    ],
)
def test_a_malformed_message_is_answered_with_the_error_that_it_is(
    tmp_path: Path, body: bytes, code: types.ErrorCodes
) -> None:
    """JSON-RPC's codes, and never a traceback."""
    data = packed(types.INITIALIZE, initialize(tmp_path.as_uri(), None), "hello")
    done = converse(
        tmp_path, data + framed(body) + packed(types.SHUTDOWN, None, "goodbye") + packed(types.EXIT)
    )
    (error,) = [message["error"] for message in messages(done.stdout) if "error" in message]
    assert error["code"] == code
    assert error.get("data") is None
    assert "Traceback" not in error["message"]


def test_nothing_is_answered_before_initialize_but_with_the_error_for_it(tmp_path: Path) -> None:
    """`ServerNotInitialized`."""
    done = converse(tmp_path, packed(types.TEXT_DOCUMENT_CODE_ACTION, {}, 1) + packed(protocol.SOLVE, {}, 2))
    codes = {message["id"]: message["error"]["code"] for message in messages(done.stdout)}
    assert codes.get(2) == types.ErrorCodes.ServerNotInitialized


def test_a_header_may_be_spelled_in_any_case_and_come_with_others(tmp_path: Path) -> None:
    """Some clients write `content-length`."""
    body = json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}}
    )
    data = f"content-type: application/json\r\ncontent-length: {len(body)}\r\nx-more: 1\r\n\r\n{body}"
    (answer,) = messages(converse(tmp_path, data.encode()).stdout)
    assert answer["id"] == 1
    assert "capabilities" in answer["result"]


PRINTS = """
import os, sys

def on(event, arguments):
    if event == "exec" and arguments[0].co_filename.endswith("initialize.py"):
        print("stray print", flush=True)
        os.system("echo stray child; cat")

sys.addaudithook(on)
"""


def test_what_a_library_prints_or_a_child_reads_never_touches_the_protocol(tmp_path: Path) -> None:
    """Descriptor 1 is stderr and descriptor 0 is empty once the server serves."""
    (tmp_path / "sitecustomize.py").write_text(PRINTS)
    data = packed(types.INITIALIZE, initialize(tmp_path.as_uri(), None), 1)
    data += packed(types.SHUTDOWN, None, 2) + packed(types.EXIT)
    done = converse(tmp_path, data, PYTHONPATH=str(tmp_path))
    assert [message["id"] for message in messages(done.stdout)] == [1, 2]
    assert b"stray print" in done.stderr
    assert b"stray child" in done.stderr


def converse(tmp_path: Path, data: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Send everything, read to the end."""
    command = [sys.executable, "-m", "cope_lsp", "--stdio"]
    env = {**os.environ, "COPE_HOME": str(tmp_path), **environment}
    return subprocess.run(command, input=data, capture_output=True, env=env, check=False, timeout=60)


def malformed(chance: random.Random, number: int) -> tuple[bytes, object]:
    """Bytes that no client should send, and the id that must be answered (None: nothing must)."""
    match chance.randrange(6):
        case 0:
            return framed(chance.randbytes(chance.randrange(1, 200))), None
        case 1:
            return chance.randbytes(chance.randrange(1, 60)).replace(b"\n", b"") + b"\r\n", None
        case 2:
            return framed(json.dumps(junk(chance, 4)).encode()), None
        case 3:
            body = json.dumps({"jsonrpc": "2.0", "method": chance.choice(METHODS), "params": junk(chance, 3)})
            short = chance.randrange(1, len(body))
            return b"Content-Length: %d\r\n\r\n" % short + body.encode() + b"\r\n", None
        case 4:
            message = {"jsonrpc": "2.0", "id": number, chance.choice(("result", "error")): junk(chance, 3)}
            return framed(json.dumps(message).encode()), None
        case _:
            identifier = chance.choice((number, f"id-{number}"))
            return packed(chance.choice(METHODS[:-1]), junk(chance, 4), identifier), identifier


def junk(chance: random.Random, depth: int) -> Any:  # noqa: ANN401 -- any JSON
    """A random JSON value, with keys that LSP uses."""
    kind = chance.randrange(9 if depth else 6)
    if kind >= 7:
        keys = (
            "uri",
            "textDocument",
            "range",
            "start",
            "line",
            "command",
            "arguments",
            "jsonrpc",
            "id",
            "kind",
        )
        return {chance.choice(keys): junk(chance, depth - 1) for _ in range(chance.randrange(4))}
    if kind == 6:
        return [junk(chance, depth - 1) for _ in range(chance.randrange(4))]
    return (None, True, -1, 1e300, 10**30, "file:///x\ud800.py")[kind]

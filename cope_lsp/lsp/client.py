"""An editor without a face: a real LSP client over a server process's stdio, for the demo and for tests."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient

from cope_lsp import __version__
from cope_lsp.lsp import protocol
from cope_lsp.lsp.client_files import create, write
from cope_lsp.lsp.client_manners import Applies, Manners, listen
from cope_lsp.lsp.documents import Documents
from cope_lsp.lsp.endpoint import make_converter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
    from pathlib import Path

    from cattrs import Converter

    from cope_lsp.lsp.documents import OpenDocument

__all__ = ["EVERYTHING", "Applies", "Editor", "Manners", "client_converter", "connect"]

_PATIENCE_S = 5.0

EVERYTHING = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf16]),
    text_document=types.TextDocumentClientCapabilities(
        code_action=types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                types.ClientCodeActionKindOptions([types.CodeActionKind.Empty])
            ),
            tag_support=types.CodeActionTagOptions([types.CodeActionTag.LlmGenerated]),
        )
    ),
    window=types.WindowClientCapabilities(
        work_done_progress=True, show_document=types.ShowDocumentClientCapabilities(support=True)
    ),
    workspace=types.WorkspaceClientCapabilities(
        apply_edit=True,
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
        ),
        configuration=True,
        workspace_folders=True,
    ),
)
"""A client that can do all that cope-lsp makes use of."""


@dataclass(slots=True)
class Editor:
    """One editor on one server; what the server sends is kept in the lists, in order."""

    client: LanguageClient
    manners: Manners = field(default_factory=Manners)
    documents: Documents = field(default_factory=Documents)
    messages: list[types.ShowMessageParams] = field(default_factory=list[types.ShowMessageParams])
    logged: list[types.LogMessageParams] = field(default_factory=list[types.LogMessageParams])
    questions: list[types.ShowMessageRequestParams] = field(
        default_factory=list[types.ShowMessageRequestParams]
    )
    edits: list[types.ApplyWorkspaceEditParams] = field(default_factory=list[types.ApplyWorkspaceEditParams])
    progress: list[tuple[types.ProgressToken, dict[str, Any]]] = field(
        default_factory=list[tuple[types.ProgressToken, dict[str, Any]]]
    )
    tokens: list[types.ProgressToken] = field(default_factory=list[types.ProgressToken])
    shown: list[types.ShowDocumentParams] = field(default_factory=list[types.ShowDocumentParams])
    statuses: list[protocol.Status] = field(default_factory=list[protocol.Status])
    proposals: list[protocol.Proposal] = field(default_factory=list[protocol.Proposal])
    inquiries: list[protocol.Question] = field(default_factory=list[protocol.Question])
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        listen(self)

    async def initialize(
        self,
        folders: Sequence[Path],
        capabilities: types.ClientCapabilities = EVERYTHING,
        options: object = None,
    ) -> types.InitializeResult:
        """Open folders on the server."""
        named = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]
        result = await self.client.initialize_async(
            types.InitializeParams(
                capabilities=capabilities,
                process_id=os.getpid(),
                client_info=types.ClientInfo("cope-lsp client", __version__),
                root_uri=named[0].uri if named else None,
                workspace_folders=named,
                initialization_options=options,
            )
        )
        self.documents.encoding = types.PositionEncodingKind(
            result.capabilities.position_encoding or types.PositionEncodingKind.Utf16
        )
        self.client.initialized(types.InitializedParams())
        return result

    def open(self, uri: str, text: str, language_id: str = "python") -> OpenDocument:
        """Open a document."""
        item = types.TextDocumentItem(uri, language_id, 1, text)
        self.documents.open(item)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return self.document(uri)

    def document(self, uri: str) -> OpenDocument:
        """An open document as the editor has it."""
        document = self.documents.get(uri)
        if document is None:
            raise KeyError(uri)
        return document

    def change(self, uri: str, *edits: types.TextEdit) -> None:
        """Type: apply edits, none of which overlap, and tell the server."""
        document = self.document(uri)
        last_first = sorted(edits, key=lambda edit: document.offset_at(edit.range.start), reverse=True)
        changes = [types.TextDocumentContentChangePartial(edit.range, edit.new_text) for edit in last_first]
        identifier = types.VersionedTextDocumentIdentifier(document.version + 1, uri)
        params = types.DidChangeTextDocumentParams(identifier, changes)
        self.documents.change(params)
        self.client.text_document_did_change(params)

    async def actions(
        self,
        uri: str,
        place: types.Range,
        only: Sequence[str] | None = None,
        diagnostics: Sequence[types.Diagnostic] = (),
    ) -> list[types.CodeAction | types.Command]:
        """The code actions at a place."""
        context = types.CodeActionContext(list(diagnostics), only=list(only) if only is not None else None)
        identifier = types.TextDocumentIdentifier(uri)
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(identifier, place, context)
        )
        return list(found or [])

    async def execute(self, command: types.Command) -> Any:  # noqa: ANN401 -- a command's own answer
        """Execute a command."""
        params = types.ExecuteCommandParams(command.command, list(command.arguments or []))
        return await self.client.workspace_execute_command_async(params)

    async def solve(self, argument: protocol.RunArguments) -> protocol.Outcome:
        """Ask `cope/solve` and await the outcome."""
        raw = await self.client.protocol.send_request_async(protocol.SOLVE, argument)
        return cast("protocol.Outcome", raw)

    async def until(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait until what the server sent makes the condition hold. Raises: TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def leave(self) -> None:
        """Shut the server down as LSP wants it."""
        await self.client.shutdown_async(None)
        self.client.exit(None)

    def note(self) -> None:
        """Wake those who wait for something from the server."""
        self._news.set()

    def apply(self, edit: types.WorkspaceEdit) -> bool:
        """Apply a workspace edit, to files on disk where they are not open.

        False where a document is at another version, or a file to be created is there already.
        """
        wanted: list[tuple[str, Sequence[types.TextEdit]]] = list((edit.changes or {}).items())
        for change in edit.document_changes or ():
            if isinstance(change, types.CreateFile) and create(change):
                continue
            if not isinstance(change, types.TextDocumentEdit):
                return False
            document = self.documents.get(change.text_document.uri)
            if change.text_document.version not in (None, document.version if document else None):
                return False
            plain = [each for each in change.edits if isinstance(each, types.TextEdit)]
            wanted.append((change.text_document.uri, plain))
        for uri, edits in wanted:
            if self.documents.get(uri) is None:
                write(self.documents, uri, edits)
            else:
                self.change(uri, *edits)
        return True


@asynccontextmanager
async def connect(
    command: Sequence[str], env: Mapping[str, str] | None = None
) -> AsyncGenerator[LanguageClient]:
    """A client of a server process; when the context ends, the process has ended."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=env
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The server has no pipes.")
    client = LanguageClient("cope-lsp client", __version__, converter_factory=client_converter)
    client.protocol.set_writer(process.stdin)
    reading = asyncio.create_task(run_async(threading.Event(), process.stdout, client.protocol))
    try:
        yield client
    finally:
        await _end(process)
        await reading


def client_converter() -> Converter:
    """The server's converter, and code actions with a command that are not taken for commands."""
    converter = make_converter()

    def action(value: dict[str, Any], _: object) -> types.CodeAction | types.Command:
        is_command = isinstance(value.get("command"), str)
        return converter.structure(value, types.Command if is_command else types.CodeAction)

    converter.register_structure_hook(cast("type[Any]", types.Command | types.CodeAction), action)
    return converter


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

"""What a client can do, read once from `initialize`. A client is believed only where it advertises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.capabilities import get_capability

from cope_lsp.lsp import protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Abilities:
    """A client's abilities; the defaults are a client that advertises nothing.

    `protocol_version` is 0 for a client that knows nothing of ours; the rich parts (`preview_edits`,
    `status`, `questions`) are on only where its version is the server's.
    """

    apply_edit: bool = False
    document_changes: bool = False
    create_files: bool = False
    code_action_literals: bool = False
    tags: bool = False
    progress: bool = False
    show_document: bool = False
    configuration: bool = False
    dynamic_configuration: bool = False
    protocol_version: int = 0
    preview_edits: bool = False
    status: bool = False
    questions: bool = False


def read_abilities(params: types.InitializeParams) -> Abilities:
    """A client's abilities, from its capabilities and `initializationOptions`."""
    own = client_options(params)
    version = _integer(own.get("protocolVersion"))
    rich = version == protocol.VERSION
    operations = _capability(params, "workspace.workspace_edit.resource_operations", ())
    tags = _capability(params, "text_document.code_action.tag_support.value_set", ())
    return Abilities(
        apply_edit=_flag(params, "workspace.apply_edit"),
        document_changes=_flag(params, "workspace.workspace_edit.document_changes"),
        create_files=types.ResourceOperationKind.Create in operations,
        code_action_literals=_capability(
            params, "text_document.code_action.code_action_literal_support", None
        )
        is not None,
        tags=types.CodeActionTag.LlmGenerated in tags,
        progress=_flag(params, "window.work_done_progress"),
        show_document=_flag(params, "window.show_document.support"),
        configuration=_flag(params, "workspace.configuration"),
        dynamic_configuration=_flag(params, "workspace.did_change_configuration.dynamic_registration"),
        protocol_version=version,
        preview_edits=rich and own.get("previewEdits") is True,
        status=rich and own.get("status") is True,
        questions=rich and own.get("questions") is True,
    )


def client_options(params: types.InitializeParams) -> Mapping[str, object]:
    """The client's `initializationOptions` (protocol.ClientOptions).

    Under them `experimental.cope` of its capabilities. An empty Lua table arrives as `[]`.
    """
    experimental = as_table(as_table(params.capabilities.experimental).get("cope"))
    return {**experimental, **as_table(params.initialization_options)}


def as_table(value: object) -> Mapping[str, object]:
    """A JSON object; anything else, such as Lua's `{}` that arrives as `[]`, is an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _flag(params: types.InitializeParams, name: str) -> bool:
    return _capability(params, name, default=False) is True


def _capability(params: types.InitializeParams, name: str, default: Any) -> Any:  # noqa: ANN401 -- as LSP types it
    value = cast("Any", get_capability(params.capabilities, name, default))
    return default if value is None else value


def _integer(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0

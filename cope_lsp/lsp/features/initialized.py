"""`initialized`: the client listens now, so settings are asked for and their problems told."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lsprotocol import types

from cope_lsp.lsp import configuration, protocol

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, _: types.InitializedParams) -> None:
    """Ask for the settings, and to be told when they change."""
    abilities = session.abilities
    if abilities.protocol_version not in (0, protocol.VERSION):
        text = (
            f"The editor's Cope client speaks version {abilities.protocol_version} of its protocol and this "
            f"server version {protocol.VERSION}: previews and status are off. Update the older of the two."
        )
        session.client.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))
    if abilities.dynamic_configuration:
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        registration = types.Registration("cope-configuration", method, {"section": "cope"})
        session.client.client_register_capability(types.RegistrationParams([registration]))
    await configuration.refresh(session)
    import_module("cope_lsp.lsp.features.code_action")  # the first light bulb does not wait for imports

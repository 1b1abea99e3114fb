"""The settings: one frozen tree, the layers it is made of, and who may set what.

Invariant: what arrives over LSP can only tighten; a bad field never takes another one with it; no
problem text holds the value of a text field.
"""

from __future__ import annotations

from cope_lsp.settings.layers import Layer, Origin, Parsed, Problem, Source, leaves, parse
from cope_lsp.settings.proposal import Proposal, project_layer, read_proposal
from cope_lsp.settings.reference import schema, settings_table
from cope_lsp.settings.sources import (
    command_line_layer,
    config_file,
    editor_layer,
    load,
    policy_file,
    policy_layer,
    user_layer,
)
from cope_lsp.settings.tree import (
    Budget,
    Cache,
    Cloud,
    LargeModel,
    Network,
    Preset,
    Price,
    Python,
    Sandbox,
    Settings,
    SmallModel,
    Tests,
    Worth,
)

__all__ = [
    "Budget",
    "Cache",
    "Cloud",
    "LargeModel",
    "Layer",
    "Network",
    "Origin",
    "Parsed",
    "Preset",
    "Price",
    "Problem",
    "Proposal",
    "Python",
    "Sandbox",
    "Settings",
    "SmallModel",
    "Source",
    "Tests",
    "Worth",
    "command_line_layer",
    "config_file",
    "editor_layer",
    "leaves",
    "load",
    "parse",
    "policy_file",
    "policy_layer",
    "project_layer",
    "read_proposal",
    "schema",
    "settings_table",
    "user_layer",
]

"""Imports an SDK at its first use."""

from __future__ import annotations

import importlib

import anyio.to_thread


async def import_sdk(name: str) -> None:
    """Import a package in a thread: it takes up to a second, and the editor must not notice."""
    await anyio.to_thread.run_sync(importlib.import_module, name)

"""The generated references."""

from __future__ import annotations

from cope_lsp.settings import leaves, schema, settings_table


def test_every_setting_has_a_description_and_a_row() -> None:
    """The README's table and the schema come from the same tree, with nothing left out."""
    table = settings_table()
    for path, info in leaves().items():
        row = next(line for line in table.splitlines() if line.startswith(f"| `{path}` |"))
        assert row.count(" | ") == 3
        assert info.description
        assert "\n" not in row


def test_the_schema_holds_the_defaults() -> None:
    """An extension's settings are generated from it."""
    properties = schema()["properties"]
    assert properties["samples"]["default"] == 8
    assert "description" in properties["samples"]
    assert schema()["$defs"]["Budget"]["properties"]["per_day_usd"]["default"] == 1.0

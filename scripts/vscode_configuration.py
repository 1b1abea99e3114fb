"""Writes the server's settings into the VS Code extension: `python scripts/vscode_configuration.py`.

From the settings' schema come the second group of `contributes.configuration` in its `package.json`, the
settings that an untrusted workspace may not set, and `src/serverSettings.json`, which tells the extension
which values are tighter. The first group is the extension's own and stays as it is. From the registry of
languages come `src/languages.json`, when the extension starts and where its commands are offered.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from cope_lsp.languages.registry import LANGUAGES
from cope_lsp.settings import leaves, schema
from cope_lsp.settings.tightening import LOOSER, TIGHTENING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

EXTENSION = Path(__file__).resolve().parent.parent / "editors" / "vscode"

_ABOUT_LANGUAGE = re.compile(r"editorLangId (?:== \w+|=~ /[^/]*/)")
_Json: TypeAlias = dict[str, Any]
_KEPT = ("enum", "minimum", "maximum", "exclusiveMinimum", "items", "properties", "required")
"""Keywords of JSON schema that VS Code's settings take, too."""


def manifest(extension: Path = EXTENSION) -> _Json:
    """The extension's `package.json` as it has to be."""
    found: _Json = json.loads((extension / "package.json").read_text("utf-8"))
    own, generated = found["contributes"]["configuration"]
    generated["properties"] = {f"cope.{path}": _property(path) for path in leaves()}
    restricted = [
        name for group in (own, generated) for name, each in group["properties"].items() if _is_private(each)
    ]
    found["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = restricted
    found["activationEvents"] = [f"onLanguage:{name}" for name in languages()]
    ours = f"editorLangId =~ /^(?:{'|'.join(languages())})$/"
    _offer_where(found["contributes"], ours)
    return found


def languages() -> list[str]:
    """Every language that the server writes in, by the name that editors have for it."""
    return [language.id for language in LANGUAGES]


def _offer_where(node: object, ours: str) -> None:
    """Put the condition `ours` in place of any other about a language, wherever there is one."""
    if isinstance(node, dict):
        for key, value in cast("_Json", node).items():
            if key == "when" and isinstance(value, str):
                cast("_Json", node)[key] = _ABOUT_LANGUAGE.sub(lambda _: ours, value)
            else:
                _offer_where(value, ours)
    elif isinstance(node, list):
        for each in cast("list[object]", node):
            _offer_where(each, ours)


def server_settings() -> list[_Json]:
    """Every setting of the server: its default, and the values of it that are tighter, if it has an order."""
    return [{"name": path, "default": _default(path), "order": _order(path)} for path in leaves()]


def main() -> None:
    """Write both files."""
    _write(EXTENSION / "package.json", manifest())
    _write(EXTENSION / "src" / "serverSettings.json", server_settings())
    _write(EXTENSION / "src" / "languages.json", languages())


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _is_private(found: Mapping[str, object]) -> bool:
    return found["scope"] == "machine"


def _property(path: str) -> _Json:
    found = _schema_of(path)
    default = _default(path)
    return {
        "type": _types(found),
        "default": default,
        # What has no order could be anything: only the user's own settings may hold it.
        "scope": "resource" if path in TIGHTENING else "machine",
        "markdownDescription": " ".join((_info(path).description or "").split()),
        **_plain(found),
    }


def _info(path: str) -> FieldInfo:
    return leaves()[path]


def _default(path: str) -> object:
    value = _info(path).get_default(call_default_factory=True)
    return json.loads(json.dumps(value, default=str))


def _schema_of(path: str) -> _Json:
    node = schema()
    for name in path.split("."):
        node = _resolved(node)["properties"][name]
    return node


def _resolved(node: _Json) -> _Json:
    """A schema without references, and without the alternative `null`."""
    if "$ref" in node:
        return _resolved(schema()["$defs"][cast("str", node["$ref"]).rsplit("/", 1)[1]])
    if "anyOf" in node:
        return next(_resolved(each) for each in node["anyOf"] if each.get("type") != "null")
    return node


def _plain(node: _Json) -> _Json:
    """What VS Code knows of a schema; that of an object's fields, too."""
    found = _resolved(node)
    kept = {name: found[name] for name in _KEPT if name in found}
    if "properties" in kept:
        fields = {
            name: {"type": _types(each), "description": each.get("description", ""), **_plain(each)}
            for name, each in kept["properties"].items()
        }
        return {**kept, "properties": fields, "additionalProperties": False}
    return kept


def _types(node: _Json) -> str | list[str]:
    kind = _resolved(node).get("type", "string")
    nullable = any(each.get("type") == "null" for each in node.get("anyOf", ()))
    return [kind, "null"] if nullable else kind


def _order(path: str) -> str | dict[str, list[str]] | None:
    """`lower`, `false`, `more`, `fewer`; of an enumeration what is tighter than each; None: no order."""
    rule = TIGHTENING.get(path)
    if rule is None:
        return None
    kind = _resolved(_schema_of(path))
    values: list[str] | None = kind.get("enum")
    if values is not None:
        return {
            value: [other for other in values if other != value and rule(value, other) is not LOOSER]
            for value in values
        }
    if kind["type"] == "boolean":
        return "false"
    if kind["type"] == "array":
        return "fewer" if rule(("a",), ("a", "b")) is LOOSER else "more"
    return "lower"


if __name__ == "__main__":
    main()

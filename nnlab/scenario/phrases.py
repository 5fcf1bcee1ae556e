"""What the schema allows, and what a file holds instead, in plain words."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from nnlab.scenario.keys import KeyPath, lookup
from nnlab.scenario.schema import Node, scenario_schema

_LONGEST_VALUE = 60
"""Characters of a wrong value that a message repeats."""


def node_at(path: KeyPath, raw: Any) -> Node:
    """Schema of the key at `path` in the document `raw`; {} where the schema knows no such key."""
    node: Node = scenario_schema()
    for depth, part in enumerate(path):
        node = _child(_resolve(node, lookup(raw, path[:depth])), part)
    return _resolve(node, lookup(raw, path))


def keys_at(path: KeyPath, raw: Any) -> tuple[str, ...]:
    """Keys that the table at `path` may hold."""
    return tuple(node_at(path, raw).get("properties", {}))


def allowed_values(node: Node) -> str:
    """What a key may hold: "a whole number of at least 1", "one of a, b, c"."""
    if "anyOf" in node and not all("enum" in form or "const" in form for form in node["anyOf"]):
        *forms, last = (allowed_values(form) for form in node["anyOf"])
        return f"{', '.join(forms)} or {last}"
    names = choices(node)
    if names:
        return f"one of {', '.join(names)}" if len(names) > 1 else value_text(names[0])
    return _TYPE_PHRASES.get(node.get("type", ""), _table_phrase)(node)


def range_phrase(node: Node) -> str:
    """The bounds of a number: "from 1 to 9", "at least 0 and below 1", "above 0", or ""."""
    if "minimum" in node and "maximum" in node:
        return f"from {value_text(node['minimum'])} to {value_text(node['maximum'])}"
    bounds = (
        ("at least", "minimum"),
        ("above", "exclusiveMinimum"),
        ("at most", "maximum"),
        ("below", "exclusiveMaximum"),
    )
    return " and ".join(f"{word} {value_text(node[key])}" for word, key in bounds if key in node)


def choices(node: Node) -> tuple[str, ...]:
    """Names that a key may hold, whether alone or as one of several forms."""
    if "anyOf" in node:
        return tuple(name for choice in node["anyOf"] for name in choices(choice))
    if "enum" in node:
        return tuple(map(str, node["enum"]))
    return (str(node["const"]),) if "const" in node else ()


def homes_of(key: str) -> tuple[str, ...]:
    """Dotted keys that end in `key`, in whatever table they may stand."""
    return tuple(dotted for dotted in _all_keys() if dotted.rsplit(".", 1)[-1] == key)


@cache
def _all_keys() -> tuple[str, ...]:
    """Every key in a table of the scenario, of every kind."""
    found = []
    for table, node in scenario_schema()["properties"].items():
        kinds = node["discriminator"]["mapping"] if "discriminator" in node else [None]
        found += [f"{table}.{key}" for kind in kinds for key in keys_at((table,), {table: {"kind": kind}})]
    return tuple(dict.fromkeys(found))


def value_text(value: Any) -> str:
    """A value as TOML writes it, shortened."""
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, float):
        text = f"{value:.12g}"
    elif isinstance(value, list | tuple):
        text = f"[{', '.join(map(value_text, value))}]"
    elif isinstance(value, dict):
        text = "a table"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _number_phrase(node: Node) -> str:
    noun = "a whole number" if node["type"] == "integer" else "a number"
    bounds = range_phrase(node).replace("at least", "of at least", 1)
    return f"{noun} {bounds}" if bounds else noun


def _text_phrase(node: Node) -> str:
    return f"a lower-case word such as {', '.join(node['examples'])}" if "pattern" in node else "text"


def _switch_phrase(_: Node) -> str:
    return "true or false"


def _table_phrase(_: Node) -> str:
    return "a table"


def _list_phrase(node: Node) -> str:
    if "prefixItems" in node:
        items = node["prefixItems"]
        return f"a list of {len(items)}, each {allowed_values(items[0])}"
    items = node.get("items", {})
    if "$ref" in items or items.get("type") == "object":
        return "a list of tables"
    return f"a list, each {allowed_values(items)}" if items else "a list"


_TYPE_PHRASES: dict[str, Callable[[Node], str]] = {
    "array": _list_phrase,
    "boolean": _switch_phrase,
    "integer": _number_phrase,
    "number": _number_phrase,
    "string": _text_phrase,
}


def _resolve(node: Node, value: Any) -> Node:
    """Follow references and pick the type of a table by its `kind`."""
    if "$ref" in node:
        return _resolve(_definition(node["$ref"]), value)
    if "discriminator" in node:
        kind = value.get("kind") if isinstance(value, dict) else None
        mapping = node["discriminator"]["mapping"]
        if isinstance(kind, str) and kind in mapping:
            return _definition(mapping[kind])
        return {"type": "object", "properties": {"kind": {"enum": list(mapping)}}}
    return node


def _child(node: Node, part: str | int) -> Node:
    for form in node.get("anyOf", [node]):
        shape = _resolve(form, None)
        if isinstance(part, int):
            if "prefixItems" in shape:
                return dict(shape["prefixItems"][min(part, len(shape["prefixItems"]) - 1)])
            if "items" in shape:
                return dict(shape["items"])
        elif part in shape.get("properties", {}):
            return dict(shape["properties"][part])
        elif isinstance(shape.get("additionalProperties"), dict):
            return dict(shape["additionalProperties"])
    return {}


def _definition(reference: str) -> Node:
    definition: Node = scenario_schema()["$defs"][reference.rsplit("/", 1)[-1]]
    return definition

"""pydantic's errors as issues: one per wrong key, in plain words."""

import math
from collections.abc import Iterable
from typing import Any

from pydantic_core import ErrorDetails

from nnlab.scenario.errors import Issue
from nnlab.scenario.keys import KeyPath, lookup, nearest
from nnlab.scenario.phrases import allowed_values, choices, homes_of, keys_at, node_at, range_phrase, value_text
from nnlab.scenario.schema import scenario_schema

_BY_KIND = ("data", "model")
"""Tables whose type goes by their kind; pydantic puts the kind into the place of an error."""


def issues_of(errors: Iterable[ErrorDetails], raw: dict[str, Any]) -> list[Issue]:
    """The issues behind the errors (`ValidationError.errors()`) of the scenario document `raw`."""
    by_path: dict[KeyPath, ErrorDetails] = {}
    for details in errors:
        path = _path(details, raw)
        if _explains_more(details, by_path.get(path)):
            by_path[path] = details
    return [
        _issue(path, details["type"], raw)
        for path, details in by_path.items()
        if not any(other[: len(path)] == path and len(other) > len(path) for other in by_path)
    ]


def _path(details: ErrorDetails, raw: Any) -> KeyPath:
    """Where in the document the error is: pydantic's place without the names of union members."""
    place = details["loc"]
    path: KeyPath = ()
    node = raw
    for depth, part in enumerate(place):
        if depth == 1 and place[0] in _BY_KIND and isinstance(node, dict) and part == node.get("kind"):
            continue
        if isinstance(node, dict):
            if part in node:
                path += (part,)
                node = node[part]
            elif details["type"] == "missing" and depth == len(place) - 1:
                path += (part,)
        elif isinstance(node, list | tuple) and isinstance(part, int) and part < len(node):
            path += (part,)
            node = node[part]
    return (*path, "kind") if details["type"].startswith("union_tag") else path


def _explains_more(new: ErrorDetails, old: ErrorDetails | None) -> bool:
    """Of the members of a union that all refuse a value, the one that takes its type but not its range says most."""
    return old is None or (old["type"].endswith("_type") and not new["type"].endswith("_type"))


def _issue(path: KeyPath, kind: str, raw: dict[str, Any]) -> Issue:
    node = node_at(path, raw)
    value = lookup(raw, path)
    allowed = allowed_values(node)
    if kind == "extra_forbidden":
        return _unknown_key(path, raw)
    if (kind == "missing" and value is None) or kind == "union_tag_not_found":
        what = f"is required: {allowed}" if node.get("type") != "object" else f"the table [{path[-1]}] is required"
        return Issue(path, what, allowed)
    if isinstance(value, str) and choices(node):
        guess = nearest(value, choices(node))
        message = f"unknown {_noun(path)} {value_text(value)}{_did_you_mean(guess)} ({allowed})"
        return Issue(path, message, allowed, guess)
    got = "" if isinstance(value, dict) else f", got {value_text(value)}"
    return Issue(path, f"{_demand(path, kind, node, value)}{got}", allowed)


def _demand(path: KeyPath, kind: str, node: dict[str, Any], value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"must be a finite number, {range_phrase(node)}".rstrip(", ")
    if range_phrase(node) and not kind.endswith("_type"):
        return f"must be {range_phrase(node)}"
    if isinstance(value, dict) and node.get("type") == "array":
        return f"must be {allowed_values(node)}; write [[{path[-1]}]]"
    if isinstance(value, list | tuple) and node.get("type") == "object":
        return f"must be one table; write [{path[-1]}]"
    return f"must be {allowed_values(node)}"


def _unknown_key(path: KeyPath, raw: dict[str, Any]) -> Issue:
    table, name = path[:-1], str(path[-1])
    options = keys_at(table, raw)
    allowed = ", ".join(options)
    guess = nearest(name, options)
    if guess:
        return Issue(path, f'unknown key "{name}"{_did_you_mean(guess)}', allowed, guess)
    kinds = _kinds_with(table, name)
    if kinds:
        own = lookup(raw, (*table, "kind"))
        message = f"{table[0]} of kind {value_text(own)} has no such key; it belongs to {', '.join(kinds)}"
        return Issue(path, message, allowed)
    homes = homes_of(name)
    if homes:
        return Issue(path, f'unknown key "{name}" here; did you mean {" or ".join(homes)}?', allowed, homes[0])
    return Issue(path, f'unknown key "{name}"; allowed here: {allowed}', allowed)


def _kinds_with(table: KeyPath, name: str) -> list[str]:
    """Kinds of the table that have the key."""
    if len(table) != 1 or table[0] not in _BY_KIND:
        return []
    mapping = scenario_schema()["properties"][table[0]]["discriminator"]["mapping"]
    return [kind for kind in mapping if name in keys_at(table, {table[0]: {"kind": kind}})]


def _noun(path: KeyPath) -> str:
    return f"{path[-2]} kind" if path[-1] == "kind" and len(path) > 1 else "value"


def _did_you_mean(guess: str) -> str:
    return f'; did you mean "{guess}"?' if guess else ""

"""JSON Schema of the scenario file, from the types: for editors, and for the words of error messages."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from nnlab.resources import PACKAGE
from nnlab.scenario.scenario import Scenario

SHIPPED = PACKAGE / "scenario.schema.json"
"""The generated file that the package carries (a test holds it to the types)."""

Node = dict[str, Any]


@cache
def scenario_schema() -> Node:
    """JSON Schema (draft 2020-12) of a scenario file. TOML has no null, so none is offered. Not to be changed."""
    schema = _without_null(Scenario.model_json_schema())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "nnlab scenario",
    }


def schema_text() -> str:
    """The schema as the shipped file holds it."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


def write(path: Path = SHIPPED) -> None:
    """Generate the shipped file anew: `python -c "from nnlab.scenario.schema import write; write()"`."""
    path.write_text(schema_text(), encoding="utf-8")


def _without_null(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: value if key == "enum" else _without_null(value)
        for key, value in node.items()
        if not (key == "default" and value is None)
    }
    if "anyOf" in kept:
        choices = [choice for choice in kept["anyOf"] if choice != {"type": "null"}]
        if len(choices) == 1:
            return {**choices[0], **{key: value for key, value in kept.items() if key != "anyOf"}}
        kept["anyOf"] = choices
    if isinstance(kept.get("default"), dict):
        kept["default"] = {key: value for key, value in kept["default"].items() if value is not None}
    return kept

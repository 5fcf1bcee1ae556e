"""The JSON Schema that ships is the one that the types make."""

from typing import Any

from nnlab.scenario.schema import SHIPPED, scenario_schema, schema_text


def test_the_shipped_schema_is_current() -> None:
    hint = 'python -c "from nnlab.scenario.schema import write; write()"'
    assert SHIPPED.read_text(encoding="utf-8") == schema_text(), f"out of date; run {hint}"


def test_no_key_may_be_null() -> None:
    def forms(node: Any) -> list[Any]:
        if isinstance(node, dict):
            return [node, *(inner for value in node.values() for inner in forms(value))]
        return [inner for item in node for inner in forms(item)] if isinstance(node, list) else []

    assert not [node for node in forms(scenario_schema()) if node.get("type") == "null"]


def test_tables_close_and_say_what_they_are() -> None:
    for name, definition in scenario_schema()["$defs"].items():
        assert definition["description"], name
        assert definition["additionalProperties"] is (name == "Phase"), name

"""A scenario written as TOML loads as the same scenario."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.scenario.dump import dump
from nnlab.scenario.load import load_text
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.schema import scenario_schema

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


def values(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema allows."""
    if "$ref" in node:
        return values(scenario_schema()["$defs"][node["$ref"].rsplit("/", 1)[-1]])
    for several in ("anyOf", "oneOf"):
        if several in node:
            return st.one_of([values(form) for form in node[several]])
    if "const" in node:
        return st.just(node["const"])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    return BY_TYPE[node["type"]](node)


def tables(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "properties" not in node:
        return st.dictionaries(TEXT, values(node["additionalProperties"]), max_size=2)
    parts = {key: values(part) for key, part in node["properties"].items()}
    required = {key: part for key, part in parts.items() if key in node.get("required", ())}
    return st.fixed_dictionaries(required, optional={key: parts[key] for key in parts.keys() - required.keys()})


def lists(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "prefixItems" in node:
        return st.tuples(*map(values, node["prefixItems"]))
    return st.lists(values(node["items"]), min_size=node.get("minItems", 0), max_size=3).map(tuple)


def numbers(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.floats(
        node.get("minimum", node.get("exclusiveMinimum", -1e9)),
        node.get("maximum", node.get("exclusiveMaximum", 1e9)),
        exclude_min="exclusiveMinimum" in node,
        exclude_max="exclusiveMaximum" in node,
    )


BY_TYPE: dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "object": tables,
    "array": lists,
    "number": numbers,
    "boolean": lambda _: st.booleans(),
    "string": lambda node: (
        st.just("own-family") if "pattern" in node else TEXT.filter(lambda text: len(text) >= node.get("minLength", 0))
    ),
    "integer": lambda node: st.integers(node.get("minimum", -9), min(node.get("maximum", 10**6), 10**6)),
}


def tuples(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: tuples(value) for key, value in node.items()}
    return tuple(map(tuples, node)) if isinstance(node, list) else node


@settings(max_examples=60)
@given(values(scenario_schema()))
def test_every_scenario_reads_back(document: dict[str, Any]) -> None:
    scenario = Scenario.model_validate(document, strict=True)
    assert Scenario.model_validate(tuples(tomli.loads(dump(scenario))), strict=True) == scenario


def test_it_reads_as_a_person_would_write_it() -> None:
    text = """\
title = "T"
story = \"\"\"
one
two\"\"\"

[data]
kind = "blobs"
samples = 200

[[data.phases]]
from_step = 10
noise = 2.0

[model]
kind = "mlp"
hidden = [8, 8]

[objective]
kind = "cross_entropy"

[knobs.lr]
min = 0.001

[[script]]
at = 5
set = { lr = 0.5, "fault.flip_gradient" = true }
"""
    assert dump(load_text(text, "x", Path("/nowhere")).scenario) == text

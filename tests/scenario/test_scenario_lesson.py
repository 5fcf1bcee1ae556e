"""`[lesson]`: what can come true loads, and what cannot is told in plain words with its line."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.scenario.check_lesson import CONDITIONS
from nnlab.scenario.errors import ScenarioErrors
from nnlab.scenario.load import load_text
from nnlab.scenario.schema import scenario_schema

HEAD = 'data = { kind = "moons" }\nmodel = { kind = "mlp", hidden = [8] }\nobjective = { kind = "cross_entropy" }\n'
STEP = HEAD + '[[lesson.steps]]\ntext = "look"\n'
LINE = 6
"""Of what a test writes after `STEP`."""


def problem(text: str) -> tuple[int, str, str]:
    with pytest.raises(ScenarioErrors) as caught:
        load_text(text, "x", Path("/nowhere"))
    (found,) = caught.value.errors
    return found.line, found.key, found.message


@pytest.mark.parametrize(
    ("wait_for", "key", "words"),
    [
        ("{ }", "", "needs exactly one of finding, cleared, metric"),
        ('{ finding = "healthy", step = 3 }', "", "needs exactly one of finding, cleared, metric, knob, setting, step, "
         "after, opened, got finding and step"),
        ('{ finding = "overfiting" }', ".finding", 'did you mean "overfitting"?'),
        ('{ finding = "healthy", to = 3 }', ".to", "belongs to knob and setting, not to finding"),
        ('{ metric = "val/accuracy" }', ".metric", "needs above or below"),
        ('{ metric = "Val accuracy!", above = 1 }', ".metric", "must be"),
        ('{ metric = "val/loss", above = 2, below = 1 }', ".above", "must be below the other limit"),
        ('{ knob = "margin" }', ".knob", "this scenario has no knob margin"),
        ('{ knob = "droput" }', ".knob", 'unknown knob "droput"; did you mean "dropout"?'),
        ('{ knob = "lr", to = 1000.0 }', ".to", "must be a number from"),
        ('{ knob = "lr", to = 0.1, above = 0.01 }', ".to", "cannot be given with above"),
        ('{ knob = "optimizer", above = 1 }', ".above", "optimizer has no limits; use to"),
        ('{ knob = "dropout", above = 1.0 }', ".above", "dropout is at most"),
        ('{ knob = "clip_norm", below = 0 }', ".below", "clip_norm is at least 0, got 0"),
        ('{ setting = "model.norm" }', ".setting", "needs to"),
        ('{ setting = "model.nrom", to = "layer" }', ".setting", 'did you mean "norm"?'),
        ('{ setting = "model.norm", to = "layr" }', ".setting", 'did you mean "layer"?'),
        ("{ step = 0 }", ".step", "must be at least 1, got 0"),
        ('{ opened = "colapse" }', ".opened", 'did you mean "collapse"?'),
        ('{ metrik = "val/loss" }', ".metrik", 'did you mean "metric"?'),
    ],
)  # fmt: skip
def test_what_cannot_come_true_is_refused(wait_for: str, key: str, words: str) -> None:
    line, named, message = problem(STEP + f"wait_for = {wait_for}\n")
    assert (line, named) == (LINE, f"lesson.steps[0].wait_for{key}")
    assert words in message


def test_a_lesson_has_steps_and_a_hint_for_its_time() -> None:
    assert problem(HEAD + "[lesson]\nsteps = []\n")[1:] == ("lesson.steps", "must be a list of tables, got []")
    assert problem(STEP + "hint_after = 5\n") == (LINE, "lesson.steps[0].hint_after", "needs a hint")


def test_the_readmes_lesson_is_right() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    example = readme.partition("<!-- own lesson -->\n```toml\n")[2].partition("```")[0]
    lesson = load_text(f"{HEAD}{example}", "x", Path("/nowhere")).scenario.lesson
    assert lesson is not None
    assert len(lesson.steps) == 2


def test_a_lesson_is_about_the_scenario_as_it_is_written() -> None:
    text = STEP.replace("[[lesson", 'optimizer = { kind = "sgd" }\n[[lesson') + 'wait_for = { knob = "momentum" }\n'
    loaded = load_text(text, "x", Path("/nowhere"), ["optimizer=adam"])
    assert loaded.scenario.lesson is not None
    assert "no knob momentum" in problem(text.replace('"sgd"', '"adam"'))[2]


def forms(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema allows for a key of wait_for."""
    if "anyOf" in node:
        return st.one_of([forms(form) for form in node["anyOf"]])
    if "enum" in node or "const" in node:
        return st.sampled_from(node.get("enum", [node.get("const")]))
    return {
        "string": st.sampled_from(["val/accuracy", "lr", "dropout", "optimizer", "model.norm", "layer", "adam"]),
        "integer": st.integers(1, 5000),
        "number": st.floats(-10, 10),
        "boolean": st.booleans(),
        "array": st.lists(st.integers(1, 9), max_size=2),
    }[node["type"]]


AWAITED = scenario_schema()["$defs"]["Awaited"]["properties"]


@settings(max_examples=50)
@given(st.fixed_dictionaries({}, optional={key: forms(node) for key, node in AWAITED.items()}))
def test_whatever_is_waited_for_is_one_thing_or_refused_with_its_place(wait_for: dict[str, Any]) -> None:
    try:
        load_text(f"{STEP}[lesson.steps.wait_for]\n{tomli_w.dumps(wait_for)}", "x", Path("/nowhere"))
    except ScenarioErrors as error:
        assert all(found.key.startswith("lesson.steps[0].wait_for") and found.line for found in error.errors)
    else:
        assert sum(key in wait_for for key in CONDITIONS) == 1

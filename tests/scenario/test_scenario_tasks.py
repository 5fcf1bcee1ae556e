"""Tasks in sequence, replay and consolidation: what a scenario can ask for, and where it has no effect."""

from pathlib import Path

import pytest

from nnlab.scenario.data import Tasks
from nnlab.scenario.errors import ScenarioErrors
from nnlab.scenario.knobs import knobs
from nnlab.scenario.load import Loaded, load_text

REST = "[model]\nkind = 'mlp'\n[objective]\nkind = 'cross_entropy'\n"
PHASES = "[[data.phases]]\nfrom_step = 10\nshift = 1.0\n"


def loaded(data: str, objective: str = "") -> Loaded:
    return load_text(f"[data]\n{data}\n{REST}{objective}", "x", Path("/nowhere"))


def test_tasks_have_defaults_and_both_knobs() -> None:
    scenario = loaded("kind = 'tasks'").scenario
    assert isinstance(scenario.data, Tasks)
    assert (scenario.data.variant, scenario.data.count, scenario.data.steps_per_task) == ("permuted", 3, None)
    assert {"replay", "ewc"} <= {knob.id for knob in knobs(scenario)}


@pytest.mark.parametrize(
    ("data", "has"),
    [("kind = 'stream'", True), (f"kind = 'moons'\n{PHASES}", True), ("kind = 'moons'", False)],
)
def test_the_knobs_are_there_where_the_data_change(data: str, has: bool) -> None:
    here = {knob.id for knob in knobs(loaded(data).scenario)}
    assert ({"replay", "ewc"} <= here) is has and (here.isdisjoint({"replay", "ewc"}) is not has)


@pytest.mark.parametrize(
    ("data", "objective", "key", "words"),
    [
        ("kind = 'tasks'\nvariant = 'split'", "", "data.classes", "at least 6, two for each of the 3 tasks"),
        ("kind = 'tasks'\nvariant = 'mixed'", "", "data.variant", "permuted, rotated, split"),
        ("kind = 'tasks'\ncount = 1", "", "data.count", "from 2 to 20"),
        (f"kind = 'tasks'\n{PHASES}", "", "data.phases", "take no phases"),
        ("kind = 'moons'\nreplay = 0.1", "", "data.replay", "has no effect here: only tasks, streams"),
        ("kind = 'moons'", "ewc = 10.0", "objective.ewc", "has no effect here: only tasks, streams"),
        ("kind = 'tasks'\nreplay = 2.0", "", "data.replay", "from 0 to 1"),
        ("kind = 'tasks'", "ewc = -1.0", "objective.ewc", "at least 0"),
    ],
)
def test_what_does_not_fit_is_one_clear_message(data: str, objective: str, key: str, words: str) -> None:
    with pytest.raises(ScenarioErrors) as raised:
        loaded(data, objective)
    (problem,) = raised.value.errors
    assert problem.key == key
    assert words in f"{problem.message} {problem.allowed}"

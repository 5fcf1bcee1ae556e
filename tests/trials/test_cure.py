"""A cure applied to a scenario, as turns of knobs or as a new beginning."""

from pathlib import Path

import pytest

from nnlab.diagnosis.finding import Finding, Remedy
from nnlab.scenario.errors import ScenarioErrors
from nnlab.scenario.load import Loaded, load_text
from nnlab.scenario.steering import Intervention
from nnlab.trials.cure import begun_again, first_remedy, treated, turned

TEXT = """
data = { kind = "moons" }
model = { kind = "mlp", hidden = [8] }
objective = { kind = "cross_entropy" }
script = [{ at = 5, set = { lr = 0.1 } }]
"""


@pytest.fixture
def sick() -> Loaded:
    """A scenario whose script turns a knob already."""
    return load_text(TEXT, "sick", Path())


def test_turns_join_the_script_and_the_run_up_to_them_is_the_same(sick: Loaded) -> None:
    cured = turned(sick, {"lr": 1e-3, "dropout": 0.2}, 40)
    assert cured.scenario.script == (*sick.scenario.script, Intervention(at=40, set={"lr": 1e-3, "dropout": 0.2}))
    assert cured.scenario.model_copy(update={"script": sick.scenario.script}) == sick.scenario


def test_a_new_beginning_sets_keys_and_knobs(sick: Loaded) -> None:
    settings = {"model.hidden": (16, 16), "lr": 0.5, "script": (), "model.init": "zeros"}
    scenario = begun_again(sick, settings).scenario
    assert (scenario.model.hidden, scenario.optimizer.lr, scenario.script) == ((16, 16), 0.5, ())  # type: ignore[union-attr]
    assert scenario.model.init == "zeros"  # type: ignore[union-attr]
    with pytest.raises(ScenarioErrors, match=r"model\.depth"):
        begun_again(sick, {"model.depth": 3})


def test_remedies_become_turns_or_a_new_beginning(sick: Loaded) -> None:
    live = Remedy("two turns", ({"turn": "lr", "to": 0.01}, {"turn": "shuffle", "to": False}))
    cured, anew = treated(sick, live, 30)
    assert not anew
    assert cured.scenario.script[-1] == Intervention(at=30, set={"lr": 0.01, "shuffle": False})
    wider = Remedy("wider", ({"action": "restart", "set": {"model.hidden": "[64, 64]", "data.standardize": True}},))
    cured, anew = treated(sick, wider, 30)
    assert anew
    assert cured.scenario.model.hidden == (64, 64)  # type: ignore[union-attr]
    assert cured.scenario.script == sick.scenario.script


def test_the_first_remedy_is_the_first_that_does_something() -> None:
    advice, live = Remedy("think"), Remedy("act", ({"turn": "lr", "to": 0.01},))
    assert first_remedy(Finding("plateau", "warning", 1.0, 0, 0, None, "", remedies=(advice, live))) == live
    assert first_remedy(Finding("plateau", "warning", 1.0, 0, 0, None, "", remedies=(advice,))) is None

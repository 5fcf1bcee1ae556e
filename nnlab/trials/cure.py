"""A cure applied to a scenario: knobs turned at a step, or a new beginning with other settings.

A turn becomes an entry of the scenario's script, so that the cured run is the sick one, bit for bit, up to that step.
"""

from collections.abc import Mapping
from dataclasses import replace

from nnlab.diagnosis.finding import Finding, Remedy
from nnlab.scenario.load import Loaded, load_text
from nnlab.scenario.override import argument
from nnlab.scenario.steering import Intervention, KnobValue, Setting


def turned(loaded: Loaded, turns: Mapping[str, KnobValue], at: int) -> Loaded:
    """The scenario with these knobs turned before step `at`."""
    cure = Intervention(at=at, set=dict(turns))
    scenario = loaded.scenario.model_copy(update={"script": (*loaded.scenario.script, cure)})
    return replace(loaded, scenario=scenario)


def begun_again(loaded: Loaded, settings: Mapping[str, Setting]) -> Loaded:
    """The scenario with these keys (or knobs) set from the start. Raises ScenarioErrors where they do not fit."""
    options = [argument(key, value) for key, value in settings.items()]
    return replace(load_text(loaded.text, loaded.name, loaded.base_dir, options), path=loaded.path)


def first_remedy(finding: Finding) -> Remedy | None:
    """The first remedy that can be applied; None where there is advice only."""
    return next((remedy for remedy in finding.remedies if remedy.commands), None)


def changes(remedy: Remedy) -> tuple[dict[str, KnobValue], dict[str, KnobValue]]:
    """The knobs that a remedy turns, and the keys that it begins again with."""
    turns: dict[str, KnobValue] = {}
    settings: dict[str, KnobValue] = {}
    for command in remedy.commands:
        wanted, knob, value = command.get("set"), command.get("turn"), command.get("to")
        if isinstance(wanted, dict):
            settings |= wanted
        elif isinstance(knob, str) and value is not None and not isinstance(value, dict):
            turns[knob] = value
    return turns, settings


def treated(loaded: Loaded, remedy: Remedy, at: int) -> tuple[Loaded, bool]:
    """The scenario under a remedy given at step `at`, and whether it begins again. Raises ScenarioErrors."""
    turns, settings = changes(remedy)
    if settings:
        return begun_again(loaded, settings | turns), True
    return turned(loaded, turns, at), False

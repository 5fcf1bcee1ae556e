"""What `[lesson]` asks of a scenario, held against what it has."""

from collections.abc import Iterator, Mapping

from nnlab.scenario.check_steering import name_issues, value_issues
from nnlab.scenario.errors import Issue
from nnlab.scenario.keys import KeyPath
from nnlab.scenario.knobs import Knob, knobs
from nnlab.scenario.lesson import Awaited
from nnlab.scenario.phrases import value_text
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import Setting

CONDITIONS = ("finding", "cleared", "metric", "knob", "setting", "step", "after", "opened")
"""Of which a step waits for exactly one."""

BELONG: dict[str, tuple[str, ...]] = {
    "to": ("knob", "setting"),
    "above": ("metric", "knob"),
    "below": ("metric", "knob"),
}
"""Keys that only some conditions have."""


def lesson_issues(scenario: Scenario) -> Iterator[Issue]:
    """Everything that a lesson waits for and that cannot come."""
    here = {knob.id: knob for knob in knobs(scenario)}
    for index, step in enumerate(scenario.lesson.steps if scenario.lesson else ()):
        if step.wait_for is not None:
            path: KeyPath = ("lesson", "steps", index, "wait_for")
            yield from _shape_issues(path, step.wait_for)
            yield from _knob_issues(path, step.wait_for, here, scenario)
        if step.hint_after is not None and not step.hint:
            yield Issue(("lesson", "steps", index, "hint_after"), "needs a hint")


def begun_again(scenario: Scenario) -> Iterator[tuple[KeyPath, Mapping[str, Setting]]]:
    """The settings that steps of the lesson wait for, with the places of their values."""
    for index, step in enumerate(scenario.lesson.steps if scenario.lesson else ()):
        awaited = step.wait_for
        if awaited is not None and awaited.setting is not None and awaited.to is not None:
            yield ("lesson", "steps", index, "wait_for", "setting"), {awaited.setting: awaited.to}


def _shape_issues(path: KeyPath, awaited: Awaited) -> Iterator[Issue]:
    """Conditions and limits that do not go together."""
    given = [name for name in CONDITIONS if getattr(awaited, name) is not None]
    allowed = ", ".join(CONDITIONS)
    if len(given) != 1:
        got = f", got {' and '.join(given)}" if given else ""
        yield Issue(path, f"needs exactly one of {allowed}{got}", allowed)
        return
    for key, owners in BELONG.items():
        if getattr(awaited, key) is not None and given[0] not in owners:
            message = f"belongs to {' and '.join(owners)}, not to {given[0]}"
            yield Issue((*path, key), message, uses=((*path, given[0]),))
    low, high = awaited.above, awaited.below
    if awaited.metric is not None and low is None and high is None:
        yield Issue((*path, "metric"), "needs above or below")
    if awaited.setting is not None and awaited.to is None:
        yield Issue((*path, "setting"), "needs to, the value that it is begun again with")
    if low is not None and high is not None and low >= high:
        message = f"must be below the other limit: above ({value_text(low)}), below ({value_text(high)})"
        yield Issue((*path, "above"), message, uses=((*path, "below"),))


def _knob_issues(path: KeyPath, awaited: Awaited, here: Mapping[str, Knob], scenario: Scenario) -> Iterator[Issue]:
    """A knob, or a value of it, that the scenario has not got."""
    if awaited.knob is None:
        return
    unknown = name_issues((*path, "knob"), awaited.knob, here, scenario)
    yield from unknown
    if unknown:
        return
    knob, limits = here[awaited.knob], [key for key in ("above", "below") if getattr(awaited, key) is not None]
    if awaited.to is not None:
        if limits:
            yield Issue((*path, "to"), f"cannot be given with {limits[0]}; keep one of them")
        if isinstance(awaited.to, tuple):
            yield Issue((*path, "to"), "must be one value, got a list")
        else:
            yield from value_issues((*path, "to"), knob, awaited.to)
    if limits and knob.scale in {"choice", "switch"}:
        yield Issue((*path, limits[0]), f"{knob.id} has no limits; use to")
    elif awaited.above is not None and awaited.above >= knob.high:
        yield Issue((*path, "above"), f"{knob.id} is at most {knob.high:.12g}, got {value_text(awaited.above)}")
    elif awaited.below is not None and awaited.below <= (least := 0.0 if knob.zero_ok else knob.low):
        yield Issue((*path, "below"), f"{knob.id} is at least {least:.12g}, got {value_text(awaited.below)}")

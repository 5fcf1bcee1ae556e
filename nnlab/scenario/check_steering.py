"""What `[[script]]`, `[expect]` and `[knobs]` ask of a scenario, held against what it has."""

from collections.abc import Iterator, Mapping

from nnlab.scenario import DEFAULT_STEPS
from nnlab.scenario.data import Stream
from nnlab.scenario.errors import Issue
from nnlab.scenario.keys import KeyPath, nearest
from nnlab.scenario.knob_table import BY_ID
from nnlab.scenario.knobs import Knob, accept, knobs, why_not
from nnlab.scenario.phrases import value_text
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import Expect, Intervention, KnobValue
from nnlab.scenario.training import KnobRange

HEALTHY = ("learning", "converged")

_PARTS: tuple[KeyPath, ...] = (
    ("data", "kind"), ("data", "drift"), ("model",), ("objective", "kind"), ("optimizer", "kind"),
)  # fmt: skip
"""Keys that decide which knobs there are."""


def steering_issues(scenario: Scenario) -> Iterator[Issue]:
    """Everything that these tables ask for and the scenario cannot do."""
    here = {knob.id: knob for knob in knobs(scenario)}
    for index, intervention in enumerate(scenario.script):
        path: KeyPath = ("script", index)
        yield from _intervention_issues(path, intervention, isinstance(scenario.data, Stream))
        yield from _turn_issues((*path, "set"), intervention.set, here, scenario)
    yield from _expect_issues(scenario.expect)
    yield from _turn_issues(("expect", "cure"), scenario.expect.cure, here, scenario)
    for name, chosen in scenario.knobs.items():
        yield from name_issues(("knobs", name), name, here, scenario) or _range_issues(here[name], chosen)


def _intervention_issues(path: KeyPath, it: Intervention, stream: bool) -> Iterator[Issue]:
    if (it.at is None) == (it.at_epoch is None):
        yield Issue(path, "needs exactly one of at and at_epoch", uses=((*path, "at"), (*path, "at_epoch")))
    elif it.at_epoch is not None and stream:
        yield Issue((*path, "at_epoch"), "a stream has no epochs; use at", uses=(("data", "kind"),))
    if bool(it.set) == (it.action is not None):
        yield Issue(path, "needs exactly one of set and action", uses=((*path, "set"), (*path, "action")))
    if it.action == "rewind" and it.step is None:
        yield Issue(path, "rewind needs the step to go back to", uses=((*path, "action"),))
    if it.action == "rewind" and it.step is not None and it.at is not None and it.step >= it.at:
        yield Issue((*path, "step"), f"must be below at ({it.at}), got {it.step}", uses=((*path, "at"),))
    if it.step is not None and it.action != "rewind":
        yield Issue((*path, "step"), "only rewind has a step", uses=((*path, "action"),))
    if it.action == "note" and not it.text:
        yield Issue(path, "a note needs text", uses=((*path, "text"),))


def _turn_issues(
    path: KeyPath, turns: Mapping[str, KnobValue], here: Mapping[str, Knob], scenario: Scenario
) -> Iterator[Issue]:
    for name, value in turns.items():
        unknown = name_issues((*path, name), name, here, scenario)
        yield from unknown
        if not unknown:
            yield from value_issues((*path, name), here[name], value)


def value_issues(path: KeyPath, knob: Knob, value: KnobValue) -> Iterator[Issue]:
    """A value at `path` that the knob does not take."""
    try:
        accept(knob, value)
    except ValueError as error:
        message = f"{error}, got {value_text(value)}"
        yield Issue(path, message, str(error).removeprefix("must be "), uses=_own_keys(knob.id))


def _own_keys(knob: str) -> tuple[KeyPath, ...]:
    """Keys that decide a knob's bounds."""
    return (*_PARTS, tuple(BY_ID[knob].key.split(".")), ("knobs", knob))


def name_issues(path: KeyPath, name: str, here: Mapping[str, Knob], scenario: Scenario) -> list[Issue]:
    """A knob named at `path` that the scenario has not got."""
    if name in here:
        return []
    allowed = ", ".join(here)
    if name in BY_ID:
        message = f"this scenario has no knob {name}: {why_not(name, scenario)}"
        return [Issue(path, message, allowed, uses=_PARTS)]
    guess = nearest(name, here)
    hint = f'; did you mean "{guess}"?' if guess else f"; knobs here: {allowed}"
    return [Issue(path, f'unknown knob "{name}"{hint}', allowed, guess)]


def _range_issues(knob: Knob, chosen: KnobRange) -> list[Issue]:
    kind = BY_ID[knob.id]
    path: KeyPath = ("knobs", knob.id)
    if kind.scale in {"choice", "switch", "action"} or kind.id == "fault.detach_layer":
        return [
            Issue((*path, key), f"{knob.id} has no range to change; only label can be given")
            for key in ("min", "max", "step")
            if getattr(chosen, key) is not None
        ]
    found = []
    log = kind.scale in {"log", "log_integer"}
    low = kind.low if chosen.min is None else chosen.min
    high = kind.high if chosen.max is None else chosen.max
    for key, value in (("min", chosen.min), ("max", chosen.max)):
        if value is not None and log and value <= 0:
            found.append(Issue((*path, key), f"must be above 0 (the scale is logarithmic), got {value_text(value)}"))
        elif value is not None and not kind.floor <= value <= kind.ceiling:
            bounds = f"from {kind.floor:.12g} to {kind.ceiling:.12g}"
            found.append(Issue((*path, key), f"must be {bounds}, got {value_text(value)}", bounds))
    if low >= high:
        key = "min" if chosen.max is None else "max"
        message = f"min ({value_text(low)}) must be below max ({value_text(high)})"
        found.append(Issue((*path, key), message, uses=((*path, "min"), (*path, "max"))))
    if chosen.step is not None and log and chosen.step <= 1:
        message = f"must be above 1 (a factor, as the scale is logarithmic), got {value_text(chosen.step)}"
        found.append(Issue((*path, "step"), message))
    return found


def _expect_issues(expect: Expect) -> Iterator[Issue]:
    for key in ("by_step", "cure", "restart"):
        if getattr(expect, key) and not expect.finding:
            yield Issue(("expect", key), "needs finding", uses=(("expect", "finding"),))
    if expect.cured_by_step and not (expect.cure or expect.restart):
        yield Issue(("expect", "cured_by_step"), "needs cure or restart", uses=(("expect", "cure"),))
    if expect.cure and expect.restart:
        message = "a cure is either turned or begun again with; keep one of cure and restart"
        yield Issue(("expect", "restart"), message, uses=(("expect", "cure"),))
    if expect.cure and expect.by_step and expect.cured_by_step and expect.cured_by_step <= expect.by_step:
        message = f"must be above by_step ({expect.by_step}), got {expect.cured_by_step}"
        yield Issue(("expect", "cured_by_step"), message, uses=(("expect", "by_step"),))
    for key in ("finding", "verdict"):
        named = getattr(expect, key)
        if named and named not in HEALTHY and (expect.never == "any" or named in expect.never):
            message = f"{named} is expected and must never stand at once; change this or {key}"
            yield Issue(("expect", "never"), message, uses=(("expect", key),))


def budget_issues(scenario: Scenario) -> Iterator[Issue]:
    """Steps by which something is expected that the run never reaches."""
    planned = scenario.train.steps
    if planned is None and scenario.train.epochs is None:
        planned = DEFAULT_STEPS
    for key in ("by_step",) if scenario.expect.restart else ("by_step", "cured_by_step"):
        step = getattr(scenario.expect, key)
        if planned is not None and step is not None and step > planned:
            message = f"must be at most {planned}, the planned steps, got {step}"
            yield Issue(("expect", key), message, uses=(("train",),))

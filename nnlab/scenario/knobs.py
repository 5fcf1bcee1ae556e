"""The knobs of a scenario: which of them it has, within which bounds, and which values they take.

Scripts, cures, command lines and the engine all judge a knob's value by `accept`, so that what `nnlab check` lets pass
the engine does not refuse.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nnlab.scenario.data import Triplets
from nnlab.scenario.keys import lookup, parse_dotted
from nnlab.scenario.knob_table import BY_ID, KNOBS, KnobKind, Scale, layer_count
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import KnobValue
from nnlab.scenario.training import KnobRange

FREEZE = "freeze"
NEGATIVES = "negatives"
DETACH = "fault.detach_layer"
WEIGHTS = "class_weights"


@dataclass(frozen=True, slots=True)
class Knob:
    """A knob as a scenario has it at the start. The fields but `key` are those of `nnlab.wire.values.KnobSpec`.

    `low`, `high` bound numbers (inclusive) and always include `value` and what the data's phases set; a log-scaled
    knob with `zero_ok` also takes 0. `step` is added on a linear scale and multiplies on a log scale. The choice knob
    `freeze` takes any list of layer numbers with commas between ("0,2"), not only those in `choices`; its `high` is
    the last layer. The knob `class_weights` also offers the scenario's own weights, in the same way.
    """

    id: str
    label: str
    value: KnobValue
    scale: Scale
    unit: str
    low: float
    high: float
    step: float
    zero_ok: bool
    choices: tuple[str, ...]
    help: str
    key: str


def knobs(scenario: Scenario) -> tuple[Knob, ...]:
    """The knobs that the scenario's parts have, in the order in which the lab shows them."""
    return tuple(_knob(kind, scenario) for kind in KNOBS if not kind.why_not(scenario))


def why_not(knob: str, scenario: Scenario) -> str:
    """Why the scenario lacks the knob, as a sentence part; "" where it has it. Raises KeyError for no knob at all."""
    return BY_ID[knob].why_not(scenario)


def accept(knob: Knob, value: KnobValue) -> KnobValue:
    """The value as the knob holds it. Raises ValueError saying what is allowed."""
    match knob.scale:
        case "switch":
            if not isinstance(value, bool):
                raise ValueError("must be true or false")
            return value
        case "action":
            if value is not True:
                raise ValueError("must be true: it is done once")
            return value
        case "choice":
            return _frozen_layers(knob, value) if knob.id == FREEZE else _choice(knob, value)
        case _:
            return _number(knob, value)


def from_key(knob: str, value: object) -> object:
    """A scenario key's value as the knob's: None is -1 for detach_layer, lists become text."""
    if isinstance(value, list | tuple):
        return ",".join(f"{item:g}" for item in value)
    return -1 if knob == DETACH and value is None else value


def to_key(knob: str, value: object) -> object:
    """A knob's value as the scenario key's; None where the key is left out. What cannot be turned stays as it is."""
    if knob == FREEZE and not isinstance(value, bool):
        parts = [part.strip() for part in str(value).split(",") if part.strip()] if not isinstance(value, list) else []
        return [int(part) for part in parts] if parts and all(map(str.isdecimal, parts)) else value or []
    if knob == WEIGHTS and "," in str(value) and isinstance(value, str):
        return [float(part) for part in value.split(",")]
    return None if knob == DETACH and value == -1 and not isinstance(value, bool) else value


def _knob(kind: KnobKind, scenario: Scenario) -> Knob:
    value = from_key(kind.id, _at(scenario, kind.key)) if kind.key else False
    assert isinstance(value, bool | int | float | str)
    chosen = scenario.knobs.get(kind.id, KnobRange())
    low = kind.low if chosen.min is None else chosen.min
    high = kind.high if chosen.max is None else chosen.max
    choices = kind.choices
    if kind.id in {FREEZE, DETACH}:
        last = layer_count(scenario) - 1
        low, high = (0 if kind.id == FREEZE else -1), last
        choices = _freezes(last, str(value)) if kind.id == FREEZE else ()
    elif kind.id == WEIGHTS:
        choices = tuple(dict.fromkeys((*choices, str(value))))
    elif kind.id == NEGATIVES and isinstance(scenario.data, Triplets) and scenario.data.passages == 1:
        choices = tuple(choice for choice in choices if choice != "same-query")
    for planned in (value, *_of_phases(kind, scenario)):
        if kind.id not in {FREEZE, DETACH} and not isinstance(planned, str) and (planned or not kind.zero_ok):
            low, high = min(low, planned), max(high, planned)
    return Knob(
        id=kind.id,
        label=kind.label if chosen.label is None else chosen.label,
        value=value,
        scale=kind.scale,
        unit=kind.unit,
        low=low,
        high=high,
        step=kind.step if chosen.step is None else chosen.step,
        zero_ok=kind.zero_ok,
        choices=choices,
        help=kind.help,
        key=kind.key,
    )


def _of_phases(kind: KnobKind, scenario: Scenario) -> Iterator[int | float]:
    """Numbers that the phases of the data give to the knob."""
    if not kind.key.startswith("data."):
        return
    _, name = parse_dotted(kind.key)
    for phase in scenario.data.phases:
        planned = phase.drift if kind.id == "drift" else (phase.model_extra or {}).get(str(name))
        if isinstance(planned, int | float) and not isinstance(planned, bool):
            yield planned


def _freezes(last: int, value: str) -> tuple[str, ...]:
    """None, each layer alone, and the layers from the input up; the scenario's own choice too."""
    layers = [str(layer) for layer in range(last + 1)]
    stacks = [",".join(layers[:count]) for count in range(2, last + 2)]
    return tuple(dict.fromkeys(["", *layers, *stacks, value]))


def _at(scenario: Scenario, key: str) -> object:
    part, name = parse_dotted(key)
    return lookup(getattr(scenario, str(part)).__dict__, (name,))


def _choice(knob: Knob, value: KnobValue) -> str:
    if value not in knob.choices:
        raise ValueError(f"must be one of {', '.join(knob.choices)}")
    return str(value)


def _frozen_layers(knob: Knob, value: KnobValue) -> str:
    parts = [] if value == "" else [part.strip() for part in str(value).split(",")]
    layers = {int(part) for part in parts if part.isdecimal() and len(part) < 10}
    if isinstance(value, bool) or not all(map(str.isdecimal, parts)) or max(layers, default=0) > knob.high:
        raise ValueError(f'must be layer numbers from 0 to {knob.high:.0f} with commas between, or "" for none')
    return ",".join(map(str, sorted(layers)))


def _number(knob: Knob, value: KnobValue) -> int | float:
    whole = knob.scale in {"integer", "log_integer"}
    noun = "a whole number" if whole else "a number"
    bounds = f"{noun} from {knob.low:.12g} to {knob.high:.12g}{', or 0' if knob.zero_ok and knob.low > 0 else ''}"
    if isinstance(value, bool | str):
        raise ValueError(f"must be {bounds}")
    within = knob.low <= value <= knob.high or (knob.zero_ok and value == 0)
    if not within or (whole and value != int(value)):
        raise ValueError(f"must be {bounds}")
    return int(value) if whole else float(value)

"""What the optimizer still remembers of a time before a change, as far as the turns tell and the probes measure.

Moments are moving averages: k updates after a change, β^k of what they hold is of before it (with the bias correction,
after t updates in all: (β^k − β^t) / (1 − β^t)). Whether that matters is measured: how long a gradient the second
moment expects against how long it is, and whether the first moment still points along it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlab.scenario.knob_table import RESET
from nnlab.telemetry.history import History
from nnlab.ui import format as write
from nnlab.ui.views.held import in_force
from nnlab.wire.events import KnobTurned
from nnlab.wire.values import KnobValue

FADED = 0.05
"""Share of the memory below which a change counts as forgotten."""
OFF = 2.0
"""The expected length of the gradient is wrong beyond this factor: so much are Adam's steps too short or too long."""
RECENT = 20
"""Gradient norms whose root mean square is the length as it is."""
NEW_DATA = "new data"
"""What stands in the place of a knob where a phase or task of the data has begun."""
MOVES_INPUTS = ("input_scale", "drift", "augment", "fault.leak_validation")
"""Knobs that change what a batch norm counts at once."""
NORM_STEPS = 29
"""Steps after which a batch norm's statistics (momentum 0.1) have forgotten 95 % of what was before."""


def _far(times: float) -> Callable[[KnobValue, KnobValue], bool]:
    def differ(old: KnobValue, new: KnobValue) -> bool:
        small, large = sorted((float(old), float(new)))
        return small != large and (small == 0.0 or large / small >= times * 0.999)

    return differ


def _thawed(old: KnobValue, new: KnobValue) -> bool:
    return bool(set(str(old).split(",")) - set(str(new).split(",")) - {""})


def _other(old: KnobValue, new: KnobValue) -> bool:
    return old != new


CHANGES: dict[str, Callable[[KnobValue, KnobValue], bool]] = {
    "lr": _far(10.0), "batch_size": _far(2.0), "freeze": _thawed, "input_scale": _far(2.0),
} | dict.fromkeys(
    ("clip_norm", "clip_value", "label_smoothing", "class_weights", "margin", "temperature", "negatives", "ewc",
     "fault.flip_gradient", "fault.missing_zero_grad", "fault.detach_layer", "fault.double_softmax"),
    _other,
)  # fmt: skip
"""Turns after which gradients are not what the moments were gathered from: knob → whether the two values differ so
much. Another optimizer begins with empty moments, so it is none of them."""


@dataclass(frozen=True, slots=True)
class Stale:
    """`share` of the memory is of before `step`, when `knob` was turned (or the data changed).

    Its second moment expects gradients `off` times as long as they are, its first moment has the cosine `agreement` to
    the gradient; NaN where that is not measured.
    """

    share: float
    knob: str
    step: int
    off: float
    agreement: float

    @property
    def matters(self) -> bool:
        """Whether the memory misleads: a wrong scale or a wrong way; where neither is measured, its share decides."""
        if np.isnan(self.off) and np.isnan(self.agreement):
            return self.share > 0.5
        return not 1 / OFF <= (1.0 if np.isnan(self.off) else self.off) <= OFF or self.agreement < 0.0

    def told(self) -> tuple[str, ...]:
        """In words, from the longest to the shortest."""
        share = write.percent(self.share)
        if not np.isnan(self.off):
            misled = f"{_factor(self.off)} off" if not 1 / OFF <= self.off <= OFF else "fits"
        else:
            misled = "uphill" if self.agreement < 0.0 else ""
        beside = f", {misled}" if misled else ""
        before = f"{share} from before {self.knob} at {write.count(self.step)}"
        return f"{before}{beside}", f"{share} of before{beside}", f"{share} old{beside}", f"{share} old"


def stale(history: History, step: int) -> Stale | None:
    """What is stale at a step; None where the memory is of the present, or the rule has none."""
    turns = [turn for turn in history.turns if turn.step <= step]
    begun = max((turn.step for turn in turns if turn.knob in (RESET, "optimizer")), default=0)
    kept = keeps(history, step)
    since = [turn for turn in turns if turn.step > begun and turn.knob in CHANGES]
    of_knobs = {turn.knob: [other for other in since if other.knob == turn.knob] for turn in since}
    shares = {knob: _of_before(changes, begun, step, kept) for knob, changes in of_knobs.items()}
    ends = {knob: changes[-1].step for knob, changes in of_knobs.items()}
    for mark in history.marks:
        if mark.kind == "phase" and begun < mark.step <= step:
            shares[NEW_DATA], ends[NEW_DATA] = _weight(0, mark.step - begun, step - begun, kept), mark.step
    knob = max(shares, key=lambda name: shares[name], default="")
    if not knob or shares[knob] < FADED:
        return None
    at = ends[knob]
    off, agreement = _off(history, step, at), _reading(history, "optimizer/agreement", step, at)
    return Stale(shares[knob], knob, at, off, agreement)


def leaves_stale(turn: KnobTurned) -> bool:
    """Whether a turn by itself leaves moments that were gathered under other conditions."""
    return turn.knob in CHANGES and CHANGES[turn.knob](turn.old, turn.new)


def _of_before(changes: list[KnobTurned], begun: int, step: int, kept: float) -> float:
    """Share of a memory begun at `begun` that was gathered while the knob of these turns differed from what it is."""
    share, start, value = 0.0, begun, changes[0].old
    for turn in changes:
        if CHANGES[turn.knob](value, changes[-1].new):
            share += _weight(start - begun, turn.step - begun, step - begun, kept)
        start, value = turn.step, turn.new
    return share


def _weight(first: int, end: int, updates: int, kept: float) -> float:
    """Share that the updates `first` to `end` - 1 have in a memory of so many updates."""
    if kept in (0.0, 1.0):  # nothing is remembered, or a sum forgets nothing
        return kept * (end - first) / updates
    return float((kept ** (updates - end) - kept ** (updates - first)) / (1.0 - kept**updates))


def keeps(history: History, step: int) -> float:
    """What the slowest moment of the rule in force keeps at an update; 0 for a rule without memory."""
    facts, held = history.info.facts, in_force(history.info.knobs, history.turns, step)
    momentum = float(held.get("momentum", facts.get("optimizer.momentum", 0.0)))
    match held.get("optimizer"):
        case "adam" | "adamw":
            return float(str(facts.get("optimizer.betas", "0.9,0.999")).split(",")[-1])
        case "rmsprop":
            return max(float(facts.get("optimizer.alpha", 0.99)), momentum)
        case "sgd":
            return momentum
        case "adagrad":
            return 1.0
    return 0.0


def _off(history: History, step: int, since: int) -> float:
    """How many times as long as it is the gradient is expected to be, by the last reading after the change."""
    expected, lengths = _reading(history, "optimizer/expected_norm", step, since), history.get("grad/norm")
    if lengths is None or np.isnan(expected):
        return float("nan")
    recent = lengths.since(since)
    seen = recent.values[recent.steps < step][-RECENT:]
    clip = float(in_force(history.info.knobs, history.turns, step).get("clip_norm", 0.0))
    seen = np.minimum(seen, clip) if clip else seen
    length = float(np.sqrt(np.mean(seen**2))) if len(seen) else 0.0
    return expected / length if length > 0.0 else float("nan")


def _reading(history: History, name: str, step: int, since: int) -> float:
    """The last reading up to a step that is not older than a change; NaN if there is none."""
    series = history.get(name)
    if series is None:
        return float("nan")
    recent = series.since(since)
    values = recent.values[recent.steps <= step]
    return float(values[-1]) if len(values) else float("nan")


def _factor(off: float) -> str:
    return f"{write.number(off, 2)} ×" if off >= 1.0 else f"1/{write.number(1.0 / off, 2)} ×"

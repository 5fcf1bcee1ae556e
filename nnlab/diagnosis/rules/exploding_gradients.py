"""exploding-gradients: the gradient grows without bound, or overflows.

Three ways to see it, none of which looks at an absolute size (honest losses of unscaled regression are huge):

* overflow: a non-finite loss or gradient on finite data, after growth or in the very first steps;
* growth: log‖g‖ rises by orders of magnitude within the window while the loss does not improve;
* spikes: log‖g‖ far outside its recent spread in most of the last steps, and the loss with it.

A jump that an over-large learning rate makes once and that does not go on is lr-too-high's business.
"""

import math

import numpy as np

from nnlab.diagnosis import climbing, remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.points import Points
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.rules.nonfinite import overflowing_layer, tiny_eps
from nnlab.diagnosis.rules.unscaled_inputs import extreme_features
from nnlab.diagnosis.words import num, percent, steps, times

GROWTH = 100.0
"""Growth of ‖g‖ over the window that counts: ×1.6 per step (FAILURE_MODES) passes it in ten steps; SOURCES C speaks
of 0.01 to hundreds in one batch, SOURCES D of 1.2 to 234 in twenty steps."""
GROWTH_WINDOW = 200
"""Steps over which growth is measured."""
LEAST_STEPS = 8
"""Steps before a slope means anything."""
WORSE = 4.0
"""Growth must come with a loss this many times the earlier one."""
SPIKE_Z = 6.0
"""Robust z of log‖g‖ (median and MAD of SPIKE_WINDOW steps) in SPIKE_COUNT of the last 5 steps (FAILURE_MODES)."""
SPIKE_WINDOW = 50
SPIKE_COUNT = 3
SPIKE_FACTOR = 10.0
"""A spike is at least this many times the median, however small the spread."""
OVERFLOW_FACTOR = 1e3
"""Growth of loss or gradient before a non-finite value that makes the value an overflow."""
WIDENED = 100.0
"""Spread of a layer's first activations over the first layer's, from which the weights began too wide."""
LOST = 100.0
"""Loss over that of a constant guess from which a smaller step comes too late: the weights have been thrown away."""
EARLY = 20
"""A non-finite value within these first steps is an overflow of the forward or backward pass itself."""


def check(look: Look) -> Answer:
    if look.number("nonfinite_inputs", 0) + look.number("nonfinite_targets", 0) > 0:
        return None
    norms = look.recent("grad/norm")
    losses = look.recent("train/loss")
    overflow = _overflow(look, norms, losses)
    if overflow is not None:
        return overflow
    norms, losses = norms.finite(), losses.finite()
    if len(norms) < LEAST_STEPS:
        return f"{len(norms)} of {LEAST_STEPS} steps since the last change"
    return _growth(look, norms, losses) or _spikes(look, norms, losses)


def _overflow(look: Look, norms: Points, losses: Points) -> Reading | None:
    """Non-finite numbers now, out of finite data, because numbers grew."""
    breaks = {
        name: int(points.steps[np.argmax(~np.isfinite(points.values))])
        for name, points in (("grad/norm", norms), ("train/loss", losses))
        if len(points) and not math.isfinite(points.last)
    }
    if not breaks:
        return None
    series = min(breaks, key=lambda name: breaks[name])
    first = breaks[series]
    grown = max(_grown(norms, first), _grown(losses, first))
    early = first - look.start <= EARLY
    if grown < OVERFLOW_FACTOR and (not early or tiny_eps(look)):
        return None
    own = _grown(norms if series == "grad/norm" else losses, first)
    if own >= WORSE:
        text = f"grew {times(own)} before it stopped being a number at step {first}"
        headline = f"{series} grew {times(own)} within {steps(first - look.start)} and overflowed at step {first}."
    else:
        text = f"not a number at step {first}, {steps(first - look.start)} after the start, on finite data"
        headline = (
            f"The numbers overflow at once: loss or gradient is not finite at step {first} although the data are."
        )
    return Reading(
        strength=max(2.0, math.log10(grown)),
        headline=headline,
        because=_cause(look),
        since_step=max(look.start, first - EARLY),
        severity="critical",
        confidence=0.97,
        evidence=(Evidence(series, text, own, OVERFLOW_FACTOR, step=first), *_widest(look)),
        remedies=_restarts(look, untrained=first == 0),
        explains=(*_explained(look), *(("bad-init",) if early else ())),
    )


def _grown(points: Points, first: int) -> float:
    """Growth of a series from its first value to its largest before a step; at least 1."""
    before = points.values[np.isfinite(points.values) & (points.steps < first)]
    return max(1.0, float(before.max()) / float(before[0])) if len(before) and before[0] > 0 else 1.0


def _growth(look: Look, norms: Points, losses: Points) -> Reading | None:
    """Sustained growth over the window, still going on."""
    window = norms.since(look.step - GROWTH_WINDOW)
    losses = losses.since(look.step - GROWTH_WINDOW)
    if len(window) < LEAST_STEPS or len(losses) < LEAST_STEPS or not losses.last > look.constant_loss:
        return None
    few = max(2, len(losses) // 8)
    worse = stats.median(losses.tail(few)) / max(stats.median(losses.values[:few]), 1e-30)
    if not worse >= WORSE:
        return None
    logs = np.log(np.maximum(stats.bin_means(window.values, 40), 1e-30))
    edge = max(1, len(logs) // 8)
    grown = math.exp(min(700.0, stats.median(logs[-edge:]) - stats.median(logs[:edge])))
    tau, p = stats.mann_kendall(logs)
    half = logs[len(logs) // 2 :]
    if not (tau > 0.6 and p < 1e-3 and stats.theil_sen(half) > 0):
        return None
    strength = math.log(grown) / math.log(GROWTH)
    if strength < 0.5:
        return None
    per_step = grown ** (1 / max(1, window.steps[-1] - window.steps[0]))
    return Reading(
        strength=strength,
        headline=f"The gradient norm grew {times(grown)} in {steps(int(window.steps[-1] - window.steps[0]))}, "
        f"to {num(window.last)}, and the loss {times(worse)} with it.",
        because=_cause(look),
        since_step=int(window.steps[0]),
        severity="critical",
        confidence=0.95,
        evidence=(
            Evidence(
                "grad/norm", f"grew {times(grown)}, a factor {num(per_step)} per step", grown, GROWTH, step=look.step
            ),
            Evidence("train/loss", f"is {times(worse)} what it was at step {int(window.steps[0])}", worse, WORSE),
        ),
        remedies=_remedies(look, norms),
        explains=_explained(look),
    )


def _spikes(look: Look, norms: Points, losses: Points) -> Reading | None:
    """Most of the last five norms far outside the spread of those before."""
    if min(len(norms), len(losses)) < SPIKE_WINDOW // 2 + 5 or losses.last < look.constant_loss:
        return None
    logs = np.log(np.maximum(norms.tail(SPIKE_WINDOW + 5), 1e-30))
    reference, last = logs[:-5], logs[-5:]
    limit = stats.median(reference) + max(SPIKE_Z * stats.MAD_TO_SIGMA * stats.mad(reference), math.log(SPIKE_FACTOR))
    above = int((last > limit).sum())
    before = stats.median(losses.tail(SPIKE_WINDOW + 5)[:-5])
    worse = stats.median(losses.tail(5)) / max(before, 1e-30)
    if above < SPIKE_COUNT or worse < WORSE:
        return None
    factor = math.exp(min(700.0, stats.median(last) - stats.median(reference)))
    return Reading(
        strength=1.0 + above / 5,
        headline=f"The gradient norm jumped to {num(norms.last)}, {times(factor)} its median of the last "
        f"{SPIKE_WINDOW} steps, and the loss {times(worse)}.",
        because=_cause(look),
        since_step=int(norms.steps[-5]),
        severity="critical",
        confidence=0.9,
        evidence=(
            Evidence(
                "grad/norm",
                f"{above} of the last 5 steps lie over the limit {num(math.exp(limit))}",
                norms.last,
                math.exp(limit),
                step=look.step,
            ),
            Evidence("train/loss", f"{times(worse)} its earlier median", worse, WORSE),
        ),
        remedies=_remedies(look, norms),
    )


def _explained(look: Look) -> tuple[str, ...]:
    """Targets out of scale are part of an explosion; inputs out of scale are its cause."""
    return () if extreme_features(look) else ("unscaled-inputs",)


def _cause(look: Look) -> str:
    """What makes the numbers grow, as far as it is measured."""
    if climbing.climbs(look):
        return climbing.BECAUSE
    born = [float(values[0]) for name in look.layer_names if len(values := look.early(f"layer/{name}/act_std", 1))]
    if born and (not np.isfinite(born).all() or max(born) > WIDENED * max(born[0], 1e-30)):
        return "The activations grow from layer to layer, and the gradient with them: initial weights or activation."
    if extreme_features(look):
        largest = num(look.number("feature_std_max"))
        return f"Inputs with a standard deviation of {largest} make the first layer's gradients as many times larger."
    updates = [look.recent(f"layer/{name}/update_ratio").finite().tail(3) for name in look.layer_names]
    moves = [stats.median(values) for values in updates if len(values)]
    if moves and max(moves) > 0.1:
        return f"Each update moves the weights by {percent(max(moves))}: the learning rate {num(look.lr)} is too large."
    return f"At learning rate {num(look.lr)} each step overshoots more than the one before."


def _widest(look: Look) -> tuple[Evidence, ...]:
    """The first layer whose activations left the range of floating point although the weights had not."""
    name = overflowing_layer(look)
    if not name:
        return ()
    text = f"activations of {name} are not finite"
    return (Evidence(f"layer/{name}/act_std", text, math.inf, WIDENED, layer=name),)


def _remedies(look: Look, norms: Points) -> tuple[Remedy, ...]:
    """Clipping goes to the 90th percentile of the norms before they grew, where it rarely bites."""
    early = norms.finite().values[:20]
    clip = float(np.clip(np.percentile(early, 90), 0.01, 100.0)) if len(early) else 1.0
    return remedies.ranked(
        climbing.turned_round(look),
        *(_restarts(look)[:1] if _lost(look) else ()),
        remedies.turn(look, "lr", look.base_lr / 10, "a tenth of the learning rate"),
        remedies.turn(
            look, "clip_norm", clip, f"clip gradients at {num(clip)}, the 90th percentile of the early norms"
        ),
        *_restarts(look)[1 if _lost(look) else 0 :],
    )


def _lost(look: Look) -> bool:
    """Whether the run is beyond what a live turn can mend: the loss has left all that was learned far behind."""
    return not look.loss < LOST * look.constant_loss


def _restarts(look: Look, untrained: bool = False) -> tuple[Remedy, ...]:
    """The weights are lost: begin again. Where numbers overflow before the first update no step size is to blame."""
    scaled = look.number("feature_std_max", 1.0) > 5 and not look.info.facts.get("data.standardize", False)
    forward = remedies.steadier_forward(look)
    return remedies.ranked(
        remedies.restart("restart with standardised inputs", data__standardize=True) if scaled else None,
        *(forward if untrained else ()),
        remedies.restart("restart with a tenth of the learning rate", optimizer__lr=look.base_lr / 10),
        remedies.restart(
            "restart with clipping at norm 1 and a tenth of the learning rate",
            train__clip_norm=1.0,
            optimizer__lr=look.base_lr / 10,
        ),
        *(() if untrained else forward),
    )


RULE = Rule("exploding-gradients", check, needs=("grad/norm",), confirm=(1, 1), clear=8, patient=False)

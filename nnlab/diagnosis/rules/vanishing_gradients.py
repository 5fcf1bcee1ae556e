"""vanishing-gradients: early layers get a vanishing share of the gradient, and nothing is learned.

A small ratio between layers alone is no evidence (healthy 17-layer tanh nets reach 1e-2), nor is a small gradient (a
converged run has one): both must come with a rel_gain near zero that lasts. Layers that stand still because a later
layer is dead, frozen or cut off have a gradient of exactly zero, which other rules explain, unless the gradient was
already vanishing while they were still alive.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

RATIO = 1e-3
"""Smallest to largest layer gradient, median of PROBES probes (FAILURE_MODES; healthy minimum here 1e-2)."""
PROBES = 5
STUCK_GAIN = 0.2
"""rel_gain under which nothing is learned (FAILURE_MODES)."""
WAIT = 0.08
"""Share of the budget after which an initial vanishing is believed: it may recover by itself (FAILURE_MODES: 10 %)."""
DEAD_LAYER = 0.9
"""Share of dead units that makes a layer a dead one (FAILURE_MODES, dead-units)."""
FADED = 1e-6
"""The whole norm against its early level: SOURCES D has 1e-1 to 1e-7."""


def check(look: Look) -> Answer:
    if math.isnan(look.gain):
        return None
    if len(look.layer_names) < 2:
        return _faded(look, STUCK_GAIN / max(look.gain, 1e-3)) if look.budget >= WAIT else None
    ratios = layer_ratios(look)
    if len(ratios) < PROBES:
        return f"{len(ratios)} of {PROBES} probes"
    starved = 0 < ratios[0] < RATIO and not ratios[-PROBES:].any()
    if not starved and (look.budget < WAIT or look.age < WAIT * look.planned / 2):
        return f"an early vanishing may recover: judged from step {round(WAIT * look.planned)} on"
    stuck = STUCK_GAIN / max(look.gain, 1e-3)
    recent = ratios[-PROBES:]
    alive = recent[recent > 0]
    if len(alive) >= 3:
        ratio = stats.median(alive)
    elif starved:
        ratio = float(ratios[0])
    else:
        return _faded(look, stuck)
    strength = min(math.log10(1 / max(ratio, 1e-30)) / -math.log10(RATIO), stuck)
    if strength < 0.5:
        return _faded(look, stuck)
    weakest = look.layer_names[0]
    dying = len(alive) < 3
    word = f"only {num(ratio)} of the strongest layer's gradient"
    return Reading(
        strength=strength,
        headline=f"The first layer gets {word}, and the loss has gained {percent(max(0.0, look.gain))} on a "
        "constant guess.",
        because=_cause(look),
        since_step=look.start,
        severity="critical",
        confidence=0.95 if ratio < RATIO / 10 else 0.85,
        evidence=(
            Evidence(
                f"layer/{weakest}/grad_norm",
                f"weakest to strongest layer: {num(ratio)}, limit {num(RATIO)}",
                ratio,
                RATIO,
                layer=weakest,
                step=look.step,
            ),
            Evidence(
                look.loss_name,
                f"loss {num(look.loss)} against {num(look.constant_loss)} for a constant guess",
                look.gain,
                STUCK_GAIN,
                step=look.step,
            ),
        ),
        remedies=_remedies(look),
        explains=_symptoms(look) if dying or ratio < RATIO else (),
    )


def _symptoms(look: Look) -> tuple[str, ...]:
    """Units that die of a vanished gradient are its symptom; a layer that was dead from the start is its cause."""
    dead = [float(values[0]) for name in look.layer_names if len(values := look.early(f"layer/{name}/dead", 1))]
    return ("bad-init", "no-gradient", *(("dead-units",) if max(dead, default=0.0) < DEAD_LAYER else ()))


def layer_ratios(look: Look) -> stats.Floats:
    """For each probe of the regime, the smallest layer gradient over the largest; frozen layers left out."""
    frozen = {name for index, name in enumerate(look.layer_names) if str(index) in look.text("model.freeze").split(",")}
    columns = [
        points.values
        for name in look.layer_names
        if name not in frozen and len(points := look.recent(f"layer/{name}/grad_norm"))
    ]
    if len(columns) < 2:
        return np.empty(0)
    length = min(map(len, columns))
    table = np.stack([column[-length:] for column in columns])
    largest = table.max(axis=0)
    return stats.floats(np.where(largest > 0, table.min(axis=0) / np.maximum(largest, 1e-300), 0.0))


def vanished_at_birth(look: Look) -> bool:
    """Whether the first layers got next to no gradient before anything had been trained."""
    first = [float(values[0]) for name in look.layer_names if len(values := look.early(f"layer/{name}/grad_norm", 1))]
    return len(first) > 1 and max(first) > 0 and min(first) < RATIO * max(first)


def _faded(look: Look, stuck: float) -> Reading | None:
    """The norm of the whole gradient went to (nearly) nothing."""
    norms = look.recent("grad/norm").finite()
    if len(norms) < 40:
        return None
    early, now = stats.median(look.early("grad/norm", 20)), stats.median(norms.tail(20))
    if not 0 < now < FADED * early:
        return None
    return Reading(
        strength=min(2.0, stuck),
        headline=f"The gradient norm fell from {num(early)} to {num(now)} while the loss is still {num(look.loss)}.",
        because="Nothing is left to move the weights, although almost nothing has been learned.",
        since_step=look.start,
        severity="critical",
        confidence=0.85,
        evidence=(Evidence("grad/norm", f"median of 20 steps {num(now)}, early {num(early)}", now, FADED * early),),
        remedies=_remedies(look),
    )


def _cause(look: Look) -> str:
    kinds = {layer.activation for layer in look.info.layers[:-1]}
    depth = len(look.layer_names)
    stds = [float(points.values[0]) for name in look.layer_names if len(points := look.points(f"layer/{name}/act_std"))]
    if len(stds) > 2 and 0 <= stds[-2] < 0.05 * stds[0]:
        return (
            f"The initial weights shrink the signal from layer to layer: standard deviation {num(stds[0])} after the "
            f"first layer, {num(stds[-2])} before the last; the gradient shrinks the same way back."
        )
    if kinds & {"sigmoid", "tanh"}:
        slope = "at most 1/4" if "sigmoid" in kinds else "below 1"
        return f"Backwards through {depth} layers the gradient is multiplied by slopes of {slope} each time."
    return f"Backwards through {depth} layers the gradient is multiplied by factors below 1 each time."


def _remedies(look: Look) -> tuple[Remedy, ...]:
    if len(look.layer_names) < 2:
        return remedies.ranked(remedies.advice("check that output activation and loss belong together"))
    kinds = {layer.activation for layer in look.info.layers[:-1]}
    relu = remedies.initialised(
        look, "restart with ReLU and He initialisation", "kaiming_normal", model__activation="relu"
    )
    init = remedies.initialised(look, "restart with He initialisation", "kaiming_normal")
    return remedies.ranked(
        relu if kinds & {"sigmoid", "tanh"} else init,
        remedies.restart("restart with layer normalisation", model__norm="layer"),
        remedies.restart("restart with residual connections", model__residual=True),
        remedies.restart("restart with Adam", optimizer__kind="adam") if not look.adaptive else None,
        remedies.advice("use fewer layers"),
    )


RULE = Rule("vanishing-gradients", check, needs=("train/probe_loss",), confirm=(2, 3), clear=3)

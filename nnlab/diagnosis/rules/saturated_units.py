"""saturated-units: tanh or sigmoid units of hidden layers sit at their flat ends, where the slope is nearly zero.

Saturation of the output is confidence and no fault. Healthy hidden layers reach 0.54.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

SATURATED = 0.75
"""Share of a hidden layer's activations at the flat ends (FAILURE_MODES)."""
PROBES = 3
WAIT = 0.05
"""Share of the budget after which a run has shown whether it learns with such units."""
WIDE_INPUTS = 20.0
"""Largest input from which a unit of usual initial weights starts at its end; standardised data stay under 5."""
GOOD_GAIN = 0.5
"""rel_gain from which a saturated layer evidently does its work."""


def check(look: Look) -> Answer:
    shares = {name: values for name, values in look.layers("saturated", PROBES).items() if name != look.layer_names[-1]}
    if not shares:
        return None
    if look.budget < WAIT or min(map(len, shares.values())) < PROBES:
        return f"{min(map(len, shares.values()))} of {PROBES} probes"
    worst = max(shares, key=lambda name: stats.median(shares[name]))
    rate = stats.median(shares[worst])
    strength = min(rate / SATURATED, GOOD_GAIN / max(look.gain, 1e-3)) if math.isfinite(look.gain) else 0.0
    if strength < 0.7 or (look.improving and look.gain > 0.1 and look.trend.change < -0.05):
        return None
    return Reading(
        strength=strength,
        headline=f"{percent(rate)} of the activations of {worst} sit at the flat ends of their curve.",
        because=_cause(look, worst),
        since_step=look.start,
        confidence=0.9,
        evidence=(
            Evidence(
                f"layer/{worst}/saturated",
                f"{percent(rate)} in {PROBES} probes, limit {percent(SATURATED)}",
                rate,
                SATURATED,
                layer=worst,
                step=look.step,
            ),
            against_a_guess(look.loss_name, look.gain, GOOD_GAIN, look.step),
        ),
        remedies=_remedies(look, worst),
    )


def _wide_inputs(look: Look) -> bool:
    return look.number("feature_abs_max", 0.0) > WIDE_INPUTS


def _born(look: Look, layer: str) -> bool:
    """Whether the units were at their ends before anything had been trained."""
    first = look.early(f"layer/{layer}/saturated", 1)
    return bool(len(first) and first[0] >= SATURATED)


def _cause(look: Look, layer: str) -> str:
    if not _born(look, layer):
        return f"Updates at learning rate {num(look.lr)} pushed the weights until the units reached their ends."
    if _wide_inputs(look):
        return f"Inputs of up to {num(look.number('feature_abs_max'))} push every unit to its end from the start."
    return "The initial weights are so large that the units start at their ends."


def _remedies(look: Look, layer: str) -> tuple[Remedy, ...]:
    scaled = bool(look.info.facts.get("data.standardize", False))
    inputs = remedies.restart("restart with standardised inputs", data__standardize=True) if not scaled else None
    init = remedies.initialised(look, "restart with Xavier initialisation", "xavier_uniform")
    slower = remedies.restart("restart with a tenth of the learning rate", optimizer__lr=look.base_lr / 10)
    if not _born(look, layer):
        first: tuple[Remedy | None, ...] = (slower, init, inputs)
    else:
        first = (inputs, init, slower) if _wide_inputs(look) else (init, inputs, slower)
    return remedies.ranked(
        *first,
        remedies.restart("restart with layer normalisation", model__norm="layer"),
        remedies.restart("restart with ReLU", model__activation="relu"),
    )


RULE = Rule("saturated-units", check, needs=("train/probe_loss",), confirm=(2, 3), clear=3)

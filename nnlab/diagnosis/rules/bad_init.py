"""bad-init: the weights begin where training cannot or can hardly start.

* symmetry: all units of a hidden layer begin equal and get equal gradients, so they stay one unit;
* size: the first loss is many times that of a constant guess, because the outputs are huge;
* scale: activations grow from layer to layer. (Where they shrink, vanishing-gradients says so once it hurts.)

A zero-initialised output layer alone is fine. Measured before step 0, so it is a fact rather than a symptom; it clears
when the run has learned all the same.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.neighbours import lag
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.rules.unscaled_inputs import extreme_features
from nnlab.diagnosis.words import num, percent, times

LOUD = 4.0
"""First loss over that of a constant guess (FAILURE_MODES); a badly scaled first guess of a healthy run here 3.6."""
WIDE = 25.0
"""Regression has no natural scale of outputs: there the first loss may be this much larger still."""
GROWTH = 50.0
"""Activation spread of the last hidden layer over the first (FAILURE_MODES: 20; healthy raw inputs reach that)."""
RECOVERED = 0.3
"""rel_gain that shows that the beginning did no harm."""
CLEAR_BELOW = 0.5
"""Share of the limit under which the distance to the neighbours no longer counts (FAILURE_MODES, discipline)."""
CLEARLY = 2.0
"""Strength from which it is a problem at once."""
GRACE = 0.1
"""Share of the budget in which a loud beginning may settle before it is called a problem."""


def check(look: Look) -> Answer:
    hidden = [layer for layer in look.info.layers[:-1] if layer.outputs > 1]
    symmetric = _symmetric(look)
    if symmetric and hidden and look.number("features", 2) >= 1:
        return (
            _reading(
                look,
                2.0,
                "All units of a layer start with the same weights, so they get the same gradient and stay one unit.",
                f"Initialisation {look.text('model.init', 'constant')!r} breaks no symmetry.",
                Evidence("row_symmetry", f"{percent(symmetric)} of the layers have identical rows", symmetric, 0),
            )
            if look.gain < 2 * RECOVERED or math.isnan(look.gain) or _kept_back(look)
            else None
        )
    first = look.early(look.loss_name, 1)
    if not len(first):
        return "the first loss"
    if look.gain > 0 or len(look.info.layers) < 2:
        return None
    loud = _loud(look, float(first[0]))
    growth = _growth(look)
    if not math.isfinite(growth) and look.step <= look.info.diagnose_every:
        return None
    if loud >= 1:
        return _reading(
            look,
            loud,
            f"The very first loss is {num(float(first[0]))}, {times(float(first[0]) / look.constant_loss)} "
            "that of a constant guess.",
            "The initial weights make huge, confidently wrong outputs, which must be unlearned first.",
            Evidence(look.loss_name, f"first loss {num(float(first[0]))}", float(first[0]), LOUD * look.constant_loss),
        )
    if growth >= GROWTH and math.isfinite(growth):
        return _reading(
            look,
            growth / GROWTH,
            f"The signal grows {times(growth)} from the first to the last hidden layer.",
            "The initial weights are too large for the width of the layers.",
            Evidence("act_std", f"spread of the activations {times(growth)}, limit {times(GROWTH)}", growth, GROWTH),
        )
    return None


def _kept_back(look: Look) -> bool:
    """Whether a run that gets on as one unit does falls short of what the inputs tell."""
    found = lag(look)
    return found is not None and found.strength >= CLEAR_BELOW


def _symmetric(look: Look) -> float:
    """Share of identical-row layers, where a hidden layer must be among them: the output alone may be zero."""
    share = look.number("row_symmetry", 0.0)
    layers = max(1, len(look.info.layers))
    outputs = look.info.layers[-1].outputs if look.info.layers else 1
    only_output = share * layers <= 1.01 and layers > 1 and outputs > 1 and not _constant_init(look)
    return 0.0 if share <= 0 or only_output or layers == 1 else share


def _constant_init(look: Look) -> bool:
    names = look.text("model.init", "default").split(",")
    return names[0] in ("zeros", "constant")


def _loud(look: Look, first: float) -> float:
    """First loss over the limit; regression targets away from zero are measured against a guess of zero."""
    reference = max(look.constant_loss, math.log(max(2.0, look.number("classes", 2))))
    if extreme_features(look):
        return 0.0
    if look.task != "classification":
        reference = look.constant_loss * WIDE
        largest = max(abs(look.number("target_min", 0.0)), abs(look.number("target_max", 0.0)))
        reference = max(reference, largest**2 if look.text("objective.kind") == "mse" else largest)
        if look.text("objective.reduction", "mean") == "sum":
            reference *= look.batch_size
    if not math.isfinite(first):
        return 0.0
    return first / (LOUD * reference) if reference > 0 else 0.0


def _growth(look: Look) -> float:
    stds = [float(values[0]) for name in look.layer_names[:-1] if len(values := look.early(f"layer/{name}/act_std", 1))]
    if len(stds) < 2 or not np.isfinite(stds).all():
        return 1.0
    return max(stds[1:]) / stds[0] if stds[0] > 0 else 1.0


def _settles(look: Look) -> bool:
    """Whether the run may still be unlearning its beginning: at first, and while it heads for a good end."""
    return look.budget <= GRACE or (look.improving and look.forecast > RECOVERED)


def _reading(look: Look, strength: float, headline: str, because: str, evidence: Evidence) -> Reading:
    return Reading(
        strength=min(strength, 5.0),
        headline=headline,
        because=because,
        severity="critical" if strength >= CLEARLY else "note" if _settles(look) else "warning",
        confidence=0.95,
        evidence=(evidence,),
        remedies=remedies.ranked(
            remedies.initialised(
                look, "restart with He initialisation and zero bias", "kaiming_normal", model__bias_init=0.0
            )
            if "relu" in {layer.activation for layer in look.info.layers}
            else remedies.initialised(look, "restart with Xavier initialisation", "xavier_uniform"),
            remedies.initialised(
                look, "restart with torch's own initialisation", "default", model__bias_init="default"
            ),
            remedies.restart("restart with layer normalisation", model__norm="layer"),
        ),
    )


RULE = Rule("bad-init", check, confirm=(1, 1), clear=2, patient=False)

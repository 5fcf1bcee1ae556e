"""nonfinite: NaN or ±inf in the data, the loss or the gradient.

An absolute limit on the loss would be wrong (unscaled regression has huge honest losses): only values that are not
numbers count. The cause is read from what broke first: the data before step 0, the weights although loss and gradient
of the step before were numbers (the update), the loss (a logarithm or division in it), or the gradient alone (the way
back). Whether it came out of growing numbers is the question of exploding-gradients, which then explains this finding.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num

WATCHED = ("train/loss", "grad/norm", "train/probe_loss", "weight/norm")
"""Of two that break at the same step the earlier one is named: the loss comes before its gradient."""
SMALLEST = 2.0**-149
"""Smallest positive float32; half of it and less is rounded to 0 (IEEE 754)."""
DIVIDING = ("adam", "adamw", "rmsprop", "adagrad")
"""Optimizers that divide by a running size of the gradient, plus eps."""
ON_PROBABILITIES = ("categorical_cross_entropy", "binary_cross_entropy")
"""Losses that take the logarithm of the network's output themselves."""


def check(look: Look) -> Answer:
    bad = int(look.number("nonfinite_inputs", 0)) + int(look.number("nonfinite_targets", 0))
    if bad:
        return _in_data(look, bad)
    broken = [
        (int(points.steps[np.argmax(~np.isfinite(points.values))]), place, name)
        for place, name in enumerate(WATCHED)
        if len(points := look.points(name)) and not math.isfinite(points.last)
    ]
    if not broken:
        return None
    step, _, name = min(broken)
    points = look.points(name)
    first = int(np.argmax(~np.isfinite(points.values)))
    before = num(float(points.values[first - 1])) if first else "nothing: it was the first value"
    value = float(points.values[first])
    because, cures = _cause(look, name, step, value)
    return Reading(
        strength=2.0,
        headline=f"{name} stopped being a number at step {step} (before it: {before}).",
        because=f"{because} From here on every weight that the update touches is NaN too: only a restart helps.",
        since_step=step,
        severity="critical",
        confidence=1.0,
        evidence=(Evidence(name, f"{num(value)} at step {step}; before it {before}", value, math.inf, step=step),),
        remedies=remedies.ranked(*cures, *_restarts(look)),
    )


def tiny_eps(look: Look) -> bool:
    """Whether the optimizer divides by a number that rounds to 0 wherever a gradient has always been 0."""
    return look.text("optimizer.kind") in DIVIDING and look.number("optimizer.eps", 1e-8) < SMALLEST


def _cause(look: Look, name: str, step: int, value: float) -> tuple[str, tuple[Remedy, ...]]:
    """Why, from what broke first, and what mends that."""
    if tiny_eps(look):
        eps = num(look.number("optimizer.eps"))
        return (
            f"The optimizer divides by the root of a running mean of squared gradients plus eps, and eps = {eps} is 0 "
            "in single precision: a weight whose gradient has always been 0 gets 0/0.",
            (remedies.restart("restart with eps 1e-8", optimizer__eps=1e-8),),
        )
    layer = overflowing_layer(look)
    if layer:
        return f"The activations of {layer} leave the range of floating point on the way forward.", tuple(
            remedy for remedy in remedies.steadier_forward(look) if remedy
        )
    if name == "grad/norm":
        what = (
            "is too long for floating point" if math.isinf(value) else "is none: something on the way back divides by 0"
        )
        return f"The loss still is a number, its gradient {what}.", ()
    if look.text("objective.kind") in ON_PROBABILITIES:
        stable = "cross_entropy" if look.text("objective.kind") == "categorical_cross_entropy" else "bce_with_logits"
        return (
            "This loss divides by the sum of the outputs and takes their logarithm: outputs of 0 leave 0/0 or log 0.",
            (
                remedies.restart(
                    "restart with the loss on raw outputs", objective__kind=stable, model__output_activation="none"
                ),
            ),
        )
    return ("The very first loss has no value." if step == 0 else "The last update was more than the numbers bear."), ()


def overflowing_layer(look: Look) -> str:
    """The first layer in forward order whose activations were not finite while the weights were; empty if none."""
    weights = look.points("weight/norm")
    sound = set(weights.steps[np.isfinite(weights.values)].tolist())
    for name in look.layer_names:
        points = look.points(f"layer/{name}/act_std")
        if any(int(step) in sound for step in points.steps[~np.isfinite(points.values)]):
            return name
    return ""


def _restarts(look: Look) -> tuple[Remedy, ...]:
    slower = look.base_lr / 10
    return (
        remedies.restart("restart with a tenth of the learning rate", optimizer__lr=slower),
        remedies.restart(
            "restart with gradients clipped at norm 1 and a tenth of the learning rate",
            train__clip_norm=1.0,
            optimizer__lr=slower,
        ),
        remedies.restart("restart with a warm-up over the first tenth", schedule__warmup_steps=look.planned // 10),
    )


def _in_data(look: Look, bad: int) -> Reading:
    inputs = int(look.number("nonfinite_inputs", 0))
    where = f"{inputs} input value{'s' * (inputs != 1)}" if inputs else f"{bad} target values"
    table = look.text("data.kind") == "table" and inputs == bad
    return Reading(
        strength=2.0,
        headline=f"{where} of the training set are NaN or infinite: every batch that holds one ruins the weights.",
        because="One NaN in a batch makes the loss, every gradient and after one update every weight NaN.",
        severity="critical",
        confidence=1.0,
        evidence=(Evidence("data", f"{where} not finite", bad, 0),),
        remedies=remedies.ranked(
            remedies.restart("restart without the rows that hold one", data__drop_nonfinite=True) if table else None,
            remedies.advice("fill the missing values in the data file, or drop their rows"),
        ),
        explains=("exploding-gradients", "objective-mismatch", "no-gradient", "bad-init", "unscaled-inputs"),
    )


RULE = Rule("nonfinite", check, confirm=(1, 1), clear=1, patient=False)

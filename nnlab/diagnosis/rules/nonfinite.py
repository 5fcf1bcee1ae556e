"""nonfinite: NaN or ±inf in the data, the loss or the gradient.

An absolute limit on the loss would be wrong (unscaled regression has huge honest losses): only values that are not
numbers count. Whether they came out of growing gradients is the question of exploding-gradients.
"""

import numpy as np

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num

WATCHED = ("train/loss", "grad/norm", "train/probe_loss", "weight/norm")


def check(look: Look) -> Answer:
    bad = int(look.number("nonfinite_inputs", 0)) + int(look.number("nonfinite_targets", 0))
    if bad:
        return _in_data(look, bad)
    for name in WATCHED:
        points = look.points(name)
        broken = ~np.isfinite(points.values)
        if not broken.any() or not broken[-1]:
            continue
        first = int(np.argmax(broken))
        step = int(points.steps[first])
        before = num(float(points.values[first - 1])) if first else "nothing: it was the first value"
        text = f"{name} is {num(float(points.values[first]))} at step {step}; before it {before}"
        return Reading(
            strength=2.0,
            headline=f"{name} stopped being a number at step {step} (before it: {before}).",
            because="From here on every weight that the update touches is NaN too: only a restart helps.",
            since_step=step,
            severity="critical",
            confidence=1.0,
            evidence=(Evidence(name, text, float(points.values[first]), float("inf"), step=step),),
            remedies=remedies.ranked(
                remedies.restart("restart with a tenth of the learning rate", optimizer__lr=look.base_lr / 10),
                remedies.restart(
                    "restart with gradients clipped at norm 1 and a tenth of the learning rate",
                    train__clip_norm=1.0,
                    optimizer__lr=look.base_lr / 10,
                ),
                remedies.restart(
                    "restart with a warm-up over the first tenth", schedule__warmup_steps=look.planned // 10
                ),
            ),
        )
    return None


def _in_data(look: Look, bad: int) -> Reading:
    inputs = int(look.number("nonfinite_inputs", 0))
    where = f"{inputs} input values" if inputs else f"{bad} target values"
    return Reading(
        strength=2.0,
        headline=f"{where} of the training set are NaN or infinite: every batch that holds one ruins the weights.",
        because="One NaN in a batch makes the loss, every gradient and after one update every weight NaN.",
        severity="critical",
        confidence=1.0,
        evidence=(Evidence("data", f"{where} are not finite", bad, 0),),
        remedies=remedies.ranked(remedies.advice("drop or fill the rows with missing values in the data file")),
        explains=("exploding-gradients", "objective-mismatch", "no-gradient", "bad-init"),
    )


RULE = Rule("nonfinite", check, confirm=(1, 1), clear=1, patient=False)

"""objective-mismatch: loss, output and labels do not fit one another.

Facts of the configuration and of the targets, known before step 0. What cannot work at all is critical. What works
badly is a warning once the run shows it. Many real programs live with an odd pair: those are left alone.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

LOGIT_LOSSES = ("cross_entropy", "bce_with_logits")
PROBABILITY_LOSSES = ("categorical_cross_entropy", "binary_cross_entropy")
DISTANCES = ("mse", "mae", "huber")
RANGES = {
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "exponential": (0.0, math.inf),
}
"""What an output activation can reach."""
OUTSIDE = 0.05
"""Part of the targets' range that may lie outside, for noise."""
SUM_BATCH = 16.0
"""A summed loss multiplies the gradient by the batch size; from here on the learning rate is off by a decade."""
SUM_GRADIENT = 100.0
"""First gradient norm of a summed loss that is out of any usual scale."""
GOOD_GAIN = 0.7
"""rel_gain from which a doubtful pair evidently works."""
WAIT = 0.05
"""Share of the budget before a doubtful pair is blamed."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit. `certain`: it cannot work, whatever the run shows."""

    headline: str
    because: str
    value: float
    limit: float
    certain: bool
    remedy: Remedy | None


def check(look: Look) -> Answer:
    found = sorted(_misfits(look), key=lambda misfit: not misfit.certain)
    if not found:
        return None
    misfit = found[0]
    shown = misfit.certain or (look.budget >= WAIT and not look.gain >= GOOD_GAIN)
    return Reading(
        strength=2.0 if shown or look.budget < WAIT else 0.4,
        headline=misfit.headline,
        because=misfit.because,
        severity="critical" if misfit.certain else "warning" if shown else "note",
        confidence=1.0 if misfit.certain else 0.8,
        evidence=(Evidence("configuration", misfit.headline, misfit.value, misfit.limit),),
        remedies=remedies.ranked(misfit.remedy),
        explains=("nonfinite", "exploding-gradients") if misfit.certain else (),
    )


def _misfits(look: Look) -> Iterator[Misfit]:
    loss, output = look.text("objective.kind"), look.text("model.output_activation", "none")
    width = look.number("output_width", look.number("outputs", 1))
    if output == "softmax" and width == 1:
        yield Misfit(
            "A softmax over a single output is always 1: the model cannot answer anything else, and its gradient is 0.",
            "Softmax divides each output by the sum of all outputs, and there is only one.",
            1,
            2,
            True,
            remedies.restart("restart without an output activation", model__output_activation="none"),
        )
        return
    if loss in DISTANCES and look.task in ("regression", "multilabel"):
        yield from _range(look, output, width)
    if loss in LOGIT_LOSSES and output in ("softmax", "sigmoid", "relu", "tanh"):
        yield _squashed(look, loss, output)
    if loss in LOGIT_LOSSES and look.info.facts.get("fault.double_softmax", False):
        yield Misfit(
            f"A softmax is applied before {loss}, which applies its own.",
            "Two in a row can only tell classes apart by a factor e, so the loss stays high.",
            2,
            1,
            True,
            remedies.turn(look, "fault.double_softmax", False, "switch the second softmax off"),
        )
    if loss in PROBABILITY_LOSSES and output in ("none", "linear", "relu", "tanh", "exponential"):
        yield Misfit(
            f"{loss} takes probabilities, but the output ({output}) is not between 0 and 1.",
            "Values are clipped into the range, and what is clipped has no gradient.",
            1,
            0,
            False,
            remedies.restart(
                "restart with a fitting output activation",
                model__output_activation="softmax" if loss.startswith("categorical") else "sigmoid",
            ),
        )
    if look.text("objective.reduction", "mean") == "sum":
        yield from _summed(look)


def _range(look: Look, output: str, width: float) -> Iterator[Misfit]:
    low, high = RANGES.get(output, (-math.inf, math.inf))
    least, most = look.number("target_min"), look.number("target_max")
    slack = OUTSIDE * (most - least)
    if least < low - slack or most > high + slack:
        missing = (max(0.0, low - least) + max(0.0, most - high)) / max(most - least, 1e-12)
        yield Misfit(
            f"The targets go from {num(least)} to {num(most)}, but a {output} output only reaches from "
            f"{num(low)} to {num(high)}.",
            f"{percent(missing)} of the targets' range cannot be reached, whatever the weights.",
            missing,
            OUTSIDE,
            True,
            remedies.restart("restart without an output activation", model__output_activation="none"),
        )
    elif output == "softmax" and width > 1 and not _sums_to_one(look):
        yield Misfit(
            "A softmax makes the outputs compete for a sum of 1, but the targets of a regression are independent.",
            "Raising one output lowers all others.",
            width,
            1,
            False,
            remedies.restart(
                "restart with sigmoid outputs" if most <= 1 else "restart without an output activation",
                model__output_activation="sigmoid" if most <= 1 else "none",
            ),
        )


def _sums_to_one(look: Look) -> bool:
    """Whether every row of targets sums to 1 (one-hot, shares), where that is known."""
    least, most = look.number("target_row_sum_min"), look.number("target_row_sum_max")
    return abs(least - 1) < 1e-3 and abs(most - 1) < 1e-3


def _squashed(look: Look, loss: str, output: str) -> Misfit:
    inner = "softmax" if loss == "cross_entropy" else "sigmoid"
    return Misfit(
        f"{loss} applies its own {inner}, but the model already ends in {output}.",
        "Squashed twice, the outputs cannot become confident: the loss keeps a high floor.",
        2,
        1,
        output != "tanh",
        remedies.restart("restart without an output activation", model__output_activation="none"),
    )


def _summed(look: Look) -> Iterator[Misfit]:
    norms = look.early("grad/norm", 5)
    size = float(norms[0]) if len(norms) and math.isfinite(norms[0]) else 0.0
    if look.batch_size >= SUM_BATCH and size >= SUM_GRADIENT and look.adaptive:
        yield Misfit(
            f"The loss sums over the {look.batch_size:.0f} rows of a batch: the first gradient norm is {num(size)}.",
            "Summed instead of averaged, the gradient grows with the batch size; only the optimizer's own "
            "scaling hides it.",
            size,
            SUM_GRADIENT,
            False,
            remedies.restart("restart with the mean over the batch", objective__reduction="mean"),
        )


RULE = Rule("objective-mismatch", check, confirm=(1, 2), clear=3, patient=False)

"""A loss as evidence, held against that of a constant guess."""

import math

from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.words import percent


def against_a_guess(series: str, gain: float, limit: float, step: int = 0, where: str = "") -> Evidence:
    """Evidence from rel_gain, `gain` = 1 − L/L_c, and the `limit` in it; told as shares L/L_c of the guess's loss.

    `where` is added to the sentence ("on validation").
    """
    if not math.isfinite(gain):
        return Evidence(series, "the loss is not a number", gain, 1.0 - limit, step=step)
    text = f"{percent(1.0 - gain)} of a constant guess's loss" + (f" {where}" if where else "")
    return Evidence(series, text, 1.0 - gain, 1.0 - limit, step=step)

"""unshuffled-data: the batches come in an order that the labels, or the loss, give away.

A fact of the data where labels stand in runs and shuffling is off; otherwise seen in a batch loss that repeats itself
with the period of an epoch.
"""

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, times

RUNS = 3.0
"""Mean length of label runs over that of shuffled labels."""
REPEATS = 0.6
"""Correlation of the detrended batch loss with itself one epoch later; shuffled data stay near 0."""
EPOCHS = 3
"""Epochs seen before the correlation is believed."""
LEAST = 8
"""Batches in an epoch for which an order means anything."""


def check(look: Look) -> Answer:
    shuffled = str(look.history.knob("shuffle") if look.knob_spec("shuffle") else look.text("data.shuffle", "True"))
    if shuffled == "True" or look.info.steps_per_epoch < 2:
        return None
    runs = look.number("label_runs", 0.0)
    if runs >= RUNS:
        text = f"runs of equal labels are {times(runs)} as long as in a shuffled order"
        return _reading(
            look,
            min(runs / RUNS, 5.0),
            f"The rows are sorted by class and not shuffled: {text}.",
            Evidence("label_runs", text, runs, RUNS),
        )
    epoch = look.info.steps_per_epoch
    losses = look.recent("train/loss").finite()
    if epoch < LEAST or len(losses) < EPOCHS * epoch:
        return f"{len(losses) // max(1, epoch)} of {EPOCHS} epochs" if epoch >= LEAST else None
    window = np.log(np.maximum(losses.tail(EPOCHS * epoch), 1e-30))
    means = np.convolve(window, np.ones(epoch) / epoch, mode="valid")
    half = (len(window) - len(means)) // 2
    detrended = window[half : half + len(means)] - means
    again = stats.autocorrelation(detrended, epoch)
    if again < REPEATS / 2:
        return None
    return _reading(
        look,
        again / REPEATS,
        f"The batch loss repeats itself every {epoch} steps: the rows come in the same order each epoch.",
        Evidence("train/loss", f"correlation with itself one epoch later {num(again)}", again, REPEATS, step=look.step),
    )


def _reading(look: Look, strength: float, headline: str, evidence: Evidence) -> Reading:
    return Reading(
        strength=strength,
        headline=headline,
        because="Each batch shows one part of the data, so the model swings towards what it saw last.",
        since_step=0,
        confidence=0.95,
        evidence=(evidence,),
        remedies=remedies.ranked(remedies.turn(look, "shuffle", True, "shuffle the rows each epoch")),
    )


RULE = Rule("unshuffled-data", check, confirm=(1, 1), clear=2, patient=False)

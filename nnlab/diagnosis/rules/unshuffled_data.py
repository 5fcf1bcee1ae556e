"""unshuffled-data: the batches come in an order that the labels, or the loss, give away.

A fact of the data where labels stand in runs and shuffling is off; otherwise seen in the batches trained on, whose
labels are too much alike, or in a batch loss that repeats itself with the period of an epoch.
"""

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent, times

RUNS = 3.0
"""Mean length of label runs over that of shuffled labels."""
REPEATS = 0.6
"""Correlation of the detrended batch loss with itself one epoch later; shuffled data stay near 0."""
EPOCHS = 3
"""Epochs seen before the correlation is believed."""
MIXED = 0.5
"""Label entropy of a batch, to that of a random one of its size: 1 where rows are shuffled, 0 for one class a batch."""
READINGS = 5
"""Batches whose median counts: single ones of few rows vary by a fifth."""
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
            *_one_sided(look),
        )
    alike = _one_sided(look)
    if alike:
        return _reading(
            look,
            min(MIXED / max(alike[0].value, 0.1), 5.0),
            f"The batches are one-sided: {alike[0].text}.",
            *alike,
            since=look.start,
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


def _one_sided(look: Look) -> tuple[Evidence, ...]:
    """What the labels of the last batches say, if those are too much alike."""
    mixed = look.recent("batch/label_entropy").finite().tail(READINGS)
    if len(mixed) < READINGS or stats.median(mixed) >= MIXED:
        return ()
    entropy = stats.median(mixed)
    text = f"their labels have {percent(entropy)} of the entropy of random batches"
    return (Evidence("batch/label_entropy", text, entropy, MIXED, step=look.step),)


def _reading(look: Look, strength: float, headline: str, *evidence: Evidence, since: int = 0) -> Reading:
    return Reading(
        strength=strength,
        headline=headline,
        because="Each batch shows one part of the data, so the model swings towards what it saw last.",
        since_step=since,
        confidence=0.95,
        evidence=evidence,
        remedies=remedies.ranked(remedies.turn(look, "shuffle", True, "shuffle the rows each epoch")),
    )


RULE = Rule("unshuffled-data", check, confirm=(1, 1), clear=2, patient=False)

"""label-noise: training labels that contradict what can be learned from the rest.

Two signs in the accuracies. Where validation is clean, the model is right more often on validation than on its own
training rows: the rows it misses are the wrong ones. Where nothing at all can be learned, training accuracy climbs by
heart while validation is no better, or worse, than always guessing the largest class.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.stats import Floats
from nnlab.diagnosis.words import num, percent

AHEAD = 0.1
"""Validation ahead of training accuracy; ordinary runs stay within a few points."""
LEARNED = 0.05
"""Training accuracy over the largest class that shows that rows are learned by heart."""
APART = 0.15
"""rel_gain below zero in validation while training is above it: the loss tells long before the accuracy does."""
ALIKE = 0.15
"""Difference of the largest class's share between training and validation: over it they are no samples of one thing."""
CONTRADICTED = 1.5
"""Loss of the hardest hundredth of the rows over that of a constant guess: they are missed with confidence."""
EVALUATIONS = 5
WAIT = 0.1
PROBE_ROWS = 256
"""Rows of the training probe."""


def check(look: Look) -> Answer:
    held, seen = look.recent("val/accuracy").finite(), look.recent("train/probe_accuracy").finite()
    if look.budget < WAIT or min(len(held), len(seen)) < EVALUATIONS:
        return f"{min(len(held), len(seen))} of {EVALUATIONS} evaluations after {percent(WAIT)} of the budget"
    if look.text("data.kind") == "stream" or look.phased:
        return None
    right, fitted = stats.median(held.tail(EVALUATIONS)), stats.median(seen.tail(EVALUATIONS))
    if abs(look.number("majority_share", 0.0) - look.points("val/majority").last) > ALIKE:
        return None
    common = max(look.number("majority_share", 0.0), 1 / max(look.number("classes", 2), 2))
    rows = min(PROBE_ROWS, look.number("n_train", PROBE_ROWS))
    doubt = math.hypot(
        stats.binomial_margin(fitted, rows),
        stats.binomial_margin(right, look.number("n_val", 100)),
        _moved(held.tail(EVALUATIONS)),
        _moved(seen.tail(EVALUATIONS)),
    )
    return _contradicted(look, right, fitted, doubt) or _nothing(look, right, fitted, common, doubt)


def _moved(accuracies: Floats) -> float:
    """How far an accuracy went within its window: readings of different steps cannot be compared more closely."""
    return abs(float(accuracies[-1] - accuracies[0]))


def _contradicted(look: Look, right: float, fitted: float, doubt: float) -> Reading | None:
    ahead = right - fitted
    better = look.val_gain - look.gain
    strength = min(ahead / AHEAD, ahead / doubt, better / AHEAD if math.isfinite(better) else 1.0)
    if strength < 0.5:
        return None
    return _reading(
        look,
        strength,
        f"The model is right on {percent(right)} of the validation rows but on only {percent(fitted)} of its "
        "own training rows.",
        f"About {percent(ahead / max(right, 1e-3))} of the training labels contradict what the others teach.",
        Evidence(
            "val/accuracy", f"{percent(right)} against {percent(fitted)} in training", ahead, AHEAD, step=look.step
        ),
    )


def _nothing(look: Look, right: float, fitted: float, common: float, doubt: float) -> Reading | None:
    learned, useful = fitted - common, right - common
    gap = fitted - right
    by_heart = min(learned / LEARNED, gap / doubt)
    apart = (
        min(-look.val_gain, look.gain - look.val_gain) / APART
        if look.gain > 0 and not math.isnan(look.val_gain)
        else 0.0
    )
    strength = min(max(by_heart, apart), 2.0 if useful <= 0.02 else 0.02 / useful)
    if strength < 0.5 or look.val_gain > 0.05:
        return None
    fell = f"Training accuracy reached {percent(fitted)}" if by_heart >= apart else "The training loss falls"
    rose = "" if by_heart >= apart else f" and a loss of {num(look.val_loss)}, worse than a constant guess"
    return _reading(
        look,
        strength,
        f"{fell}, validation only {percent(right)}{rose}: no better than always guessing the largest class "
        f"({percent(common)}).",
        "What is learned from the training labels does not hold for any other row: they look random, or "
        "shifted against their inputs.",
        Evidence("val/accuracy", f"{percent(right)}, largest class {percent(common)}", right, common, step=look.step),
        against_a_guess("val/loss", look.val_gain, -APART, look.step, "on validation"),
    )


def _reading(look: Look, strength: float, headline: str, because: str, *evidence: Evidence) -> Reading:
    noise = look.setting("label_noise", "data.label_noise", 0.0)
    shifted = bool(look.info.facts.get("fault.misaligned_labels", False))
    return Reading(
        strength=strength,
        headline=headline,
        because=because,
        since_step=look.start,
        confidence=0.85,
        evidence=(
            *evidence,
            against_a_guess(look.loss_name, look.gain, 0.5, look.step, "in training"),
            *_two_heaps(look),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "fault.misaligned_labels", False, "align labels and inputs again") if shifted else None,
            remedies.advice("look at the training rows with the highest loss and at how labels and inputs were joined"),
            remedies.turn(look, "label_noise", 0.0, "without the added label noise") if noise > 0 else None,
            remedies.turn(look, "label_smoothing", 0.1, "label smoothing 0.1"),
        ),
    )


def _two_heaps(look: Look) -> tuple[Evidence, ...]:
    """Rows that the model contradicts with confidence, beside a majority that it gets right."""
    most = stats.median(look.recent("loss/sample_p50").finite().tail(EVALUATIONS))
    worst = stats.median(look.recent("loss/sample_p99").finite().tail(EVALUATIONS))
    guess = look.constant_loss
    if not (most < guess and worst >= CONTRADICTED * guess):
        return ()
    text = f"half of the training rows cost under {num(most)}, the hardest over {num(worst)}, a guess {num(guess)}"
    return (Evidence("loss/sample_p99", text, worst, CONTRADICTED * guess, step=look.step),)


RULE = Rule("label-noise", check, needs=("val/accuracy", "train/probe_accuracy"), confirm=(3, 4), clear=3)

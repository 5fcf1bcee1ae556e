"""What is wrong? A question to a room, with a few answers of which one is right."""

import random
from dataclasses import dataclass

from nnlab.diagnosis.finding import Diagnosis

NOTHING = "nothing yet"
"""The right answer on a run without a problem."""

CONFUSED = (
    ("exploding-gradients", "vanishing-gradients", "no-gradient", "nonfinite", "bad-init", "lr-too-high"),
    ("lr-too-high", "lr-too-low", "plateau", "batch-too-small", "batch-too-large", "unscaled-inputs"),
    ("underfitting", "overfitting", "over-regularised", "label-noise", "plateau"),
    ("dead-units", "saturated-units", "bad-init", "vanishing-gradients"),
    ("class-collapse", "label-noise", "unshuffled-data", "unscaled-inputs", "objective-mismatch", "underfitting"),
    ("representation-collapse", "false-negatives", "plateau", "lr-too-high", "over-regularised"),
    ("data-drift", "catastrophic-forgetting", "model-collapse", "overfitting", "confounded-changes"),
)
"""Failure modes that look alike from afar."""

ANSWERS = 4


@dataclass(frozen=True, slots=True)
class Question:
    """Answers as failure modes (or `NOTHING`), and which of them is right."""

    answers: tuple[str, ...]
    right: int


def question(diagnosis: Diagnosis | None, seed: int) -> Question:
    """Ask about a run as it stands; the same run gets the same answers in the same order."""
    head = diagnosis.headline if diagnosis else None
    mode = head.mode if head is not None else NOTHING
    standing = {finding.mode for finding in diagnosis.standing} if diagnosis else set()
    group = next((group for group in CONFUSED if mode in group), tuple(group[0] for group in CONFUSED))
    others = [other for other in group if other != mode and other not in standing]
    dice = random.Random(f"{mode} {seed}")
    answers = [mode, *dice.sample(others, min(ANSWERS - 1, len(others)))]
    dice.shuffle(answers)
    return Question(tuple(answers), answers.index(mode))

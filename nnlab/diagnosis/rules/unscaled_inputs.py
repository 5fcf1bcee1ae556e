"""unscaled-inputs: features (or regression targets) so large, small or uneven that one learning rate cannot fit all.

Values over 1 are no fault (that test fires on standardised data), and a trained run needs no advice: the spread must be
extreme and the run must be slow or unstable.
"""

import math

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.neighbours import lag
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num
from nnlab.wire.values import KnobValue

LARGE, SMALL = 100.0, 0.01
"""Standard deviation of a feature (FAILURE_MODES); constant features do not count."""
OUTLIER = 100.0
"""Largest distance from the median over the interquartile range (FAILURE_MODES), where the deviation is large too."""
TARGET = 50.0
"""Standard deviation of a regression target (FAILURE_MODES)."""
LOW_GAIN = 0.3
"""rel_gain under which a run that has had its time is slow."""
WAIT = 0.05
"""Share of the budget before a slow start is blamed on the scale."""


def check(look: Look) -> Answer:
    found = _scale(look)
    if found is None:
        return None
    text, value, limit, strength = found
    behind = lag(look)
    late = behind is not None and behind.strength >= 1
    if look.gain >= 2 * LOW_GAIN and not late:
        return None
    early = look.budget >= WAIT or (look.budget >= WAIT / 5 and _unstable(look))
    harmful = late or (not look.gain >= LOW_GAIN and early)
    target = "target" in text
    return Reading(
        strength=strength,
        headline=f"{text}"
        + (f", and the loss is {num(look.loss)} ({num(look.constant_loss)} for a constant guess)." if harmful else "."),
        because="The weights would have to be huge to reach such targets."
        if target
        else "A step that suits one feature is far too long or too short for another.",
        severity="warning" if harmful else "note",
        confidence=0.85 if harmful else 0.6,
        evidence=(Evidence("data", text, value, limit),),
        remedies=remedies.ranked(_standardised(look, inputs=not target)),
    )


def _unstable(look: Look) -> bool:
    """Whether the loss is, or once trained a step was, far over a constant guess."""
    losses = look.recent(look.loss_name)
    after = losses.values[losses.steps > 0]
    return not math.isfinite(look.loss) or bool((after > 2 * look.constant_loss).any())


def _standardised(look: Look, inputs: bool) -> Remedy:
    """Standard deviation 1 for all that is out of scale; a scale that multiplies inputs afterwards would undo it."""
    settings: dict[str, KnobValue] = {}
    if inputs:
        settings["data__standardize"] = True
        if look.number("data.input_scale", 1.0) != 1:
            settings["data__input_scale"] = 1.0
    if _large_targets(look):
        settings["data__standardize_targets"] = True
    what = ("inputs and targets" if _large_targets(look) else "inputs") if inputs else "targets"
    return remedies.restart(f"restart with standardised {what}", **settings)


def _large_targets(look: Look) -> bool:
    return look.task == "regression" and look.number("target_std", 0.0) > TARGET


def extreme_features(look: Look) -> bool:
    """Whether the inputs (not only the targets) are out of scale: then they are the cause of what follows."""
    found = _scale(look)
    return found is not None and "target" not in found[0]


def _scale(look: Look) -> tuple[str, float, float, float] | None:
    """What is out of scale: words, value, limit, strength."""
    if look.task == "retrieval" or look.info.facts.get("data.standardize", False) is True:
        largest, least, outlier = 1.0, 1.0, 0.0
    else:
        largest, least = look.number("feature_std_max", 1.0), look.number("feature_std_min", 1.0)
        outlier = look.number("feature_outlier", 0.0)
    if largest > LARGE:
        return f"A feature has a standard deviation of {num(largest)}", largest, LARGE, min(5.0, largest / LARGE)
    if 0 < largest < SMALL:
        return f"No feature varies by more than {num(largest)}", largest, SMALL, min(5.0, SMALL / largest)
    if outlier > OUTLIER and largest > 3:
        return f"A feature has values {num(outlier)} interquartile ranges from its median", outlier, OUTLIER, 1.0
    if 0 < least < SMALL and largest / least > LARGE / SMALL:
        return f"Features vary by {num(least)} to {num(largest)}", largest / least, LARGE / SMALL, 1.0
    target = look.number("target_std", 0.0)
    if _large_targets(look):
        return f"The targets have a standard deviation of {num(target)}", target, TARGET, min(5.0, target / TARGET)
    return None


RULE = Rule("unscaled-inputs", check, confirm=(1, 2), clear=3, patient=False)

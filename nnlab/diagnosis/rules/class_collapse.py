"""class-collapse: the model predicts (nearly) only one class, and accuracy looks fine because that class is common.

A skewed data set alone is no fault. The smallest class must be lost while the predictions lean further to the common
class than the truth does, and that must last.
"""

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

RECALL = 0.3
"""Recall of the worst class (FAILURE_MODES)."""
SKEWED = 0.75
"""Share of the most frequent training class from which skew is the cause (FAILURE_MODES: 0.9 with high accuracy)."""
UNEVEN = 1.5
"""Share of the most frequent class over an even share: in balanced data a net that has learned nothing predicts one
class too, and that is its symptom, not its fault."""
LEAN = 0.1
"""Predicted minus true share of the class most predicted, where the data are balanced (FAILURE_MODES)."""
ALL = 0.9
"""Predicted share of one class that is a collapse whatever the truth."""
EVALUATIONS = 5
WAIT = 0.1


def check(look: Look) -> Answer:
    recalls = look.recent("val/recall_min").finite()
    if look.budget < WAIT or len(recalls) < EVALUATIONS:
        return f"{len(recalls)} of {EVALUATIONS} evaluations after {percent(WAIT)} of the budget"
    common, classes = look.number("majority_share", 0.0), look.number("classes", 0)
    if classes < 2 or common < UNEVEN / classes:
        return None
    recall = stats.median(recalls.tail(EVALUATIONS))
    predicted = stats.median(look.recent("val/predicted_majority").finite().tail(EVALUATIONS))
    true = stats.median(look.recent("val/majority").finite().tail(EVALUATIONS))
    lost = min(2.0, RECALL / max(recall, 1e-2))
    skewed = common >= SKEWED
    lean = (predicted - true) / (max(LEAN / 4, (1 - common) / 4) if skewed else LEAN)
    strength = min(lost, lean if skewed else min(lean, predicted / ALL))
    if strength < 0.5:
        return None
    return Reading(
        strength=strength,
        headline=f"The model predicts one class for {percent(predicted)} of the rows (true share {percent(true)}); "
        f"the worst class is found in {percent(recall)} of its cases.",
        because=f"{percent(common)} of the training rows belong to one class: always guessing it costs little."
        if skewed
        else "One class has swallowed the others although the data are not that skewed.",
        since_step=int(recalls.steps[0]),
        confidence=0.9 if skewed else 0.75,
        explains=("overfitting", "label-noise") if skewed else (),
        evidence=(
            Evidence("val/recall_min", f"recall of the worst class {percent(recall)}", recall, RECALL, step=look.step),
            Evidence(
                "val/predicted_majority",
                f"predicted {percent(predicted)}, true {percent(true)}",
                predicted,
                true,
                step=look.step,
            ),
            Evidence("data", f"largest class {num(common)} of the training rows", common, SKEWED),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "class_weights", "balanced", "weight the classes by their rarity")
            if look.knob_spec("class_weights")
            else None,
            remedies.restart("restart with the rare rows repeated", data__oversample=True)
            if look.text("data.kind") != "stream" and look.text("data.oversample") == "False"
            else None,
            remedies.restart("restart with a balanced training set", data__imbalance=1.0)
            if look.number("data.imbalance", 1.0) > 1
            else None,
            remedies.advice("watch balanced metrics: the recall of each class, not the accuracy"),
        ),
    )


RULE = Rule("class-collapse", check, needs=("val/recall_min", "val/predicted_majority"), confirm=(3, 4), clear=3)

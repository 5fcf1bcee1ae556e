"""The names that a player can give to what is wrong."""

from nnlab.mystery.faults import BUG, FAULTS
from nnlab.mystery.generate import Mystery
from nnlab.scenario.knob_table import BY_ID

LURES = {
    "mlp": ("overfitting", "vanishing-gradients", "saturated-units", "plateau", "batch-too-small", "nonfinite"),
    "towers": ("overfitting", "over-regularised", "plateau", "label-noise", "vanishing-gradients"),
    "drift": ("label-noise", "catastrophic-forgetting", "underfitting", "vanishing-gradients", "plateau"),
}
"""Names that stand in the list of a family although no fault of it goes by them."""


def choices(mystery: Mystery) -> tuple[str, ...]:
    """Every name that could be right for a run of this family at this level, and some that could not."""
    family = mystery.sick.scenario.family
    level = mystery.code.level
    possible = [fault for fault in FAULTS if mystery.base in fault.bases and fault.level <= level]
    found = {answer for fault in possible for answer in fault.answers} | set(LURES[family])
    return tuple(sorted(found, key=lambda name: (name.startswith(BUG), words(name))))


def words(answer: str) -> str:
    """An answer as people say it."""
    return BY_ID[answer].label if answer.startswith(BUG) else answer.replace("-", " ")


def bug(answer: str) -> bool:
    """Whether an answer is a bug in the code rather than a failure mode."""
    return answer.startswith(BUG)

"""The score of a mystery, from 0 to 100: the name counts 40, the cure 40, what was saved on the way 20.

The name: its share of the causes, and 5 less for each wrong answer. The cure: 5 less for each intervention beyond one
for each cause. What was saved: the share of the steps that was not needed, where the run was cured. A hint takes 10
off the sum. Nothing falls below 0.
"""

from dataclasses import dataclass

NAME, CURE, SAVED = 40, 40, 20
WRONG, MORE, HINT = 5, 5, 10


@dataclass(frozen=True, slots=True)
class Played:
    """`named` of `causes` were named, after `wrong` other answers; `steps` of `budget` were trained."""

    causes: int
    named: int
    cured: bool
    wrong: int
    hints: int
    interventions: int
    steps: int
    budget: int


@dataclass(frozen=True, slots=True)
class Score:
    """Points for each part; `hints` is what they cost."""

    name: int
    cure: int
    saved: int
    hints: int

    @property
    def total(self) -> int:
        """From 0 to 100."""
        return max(0, self.name + self.cure + self.saved - self.hints)


def score(played: Played) -> Score:
    """The points."""
    more = max(0, played.interventions - played.causes)
    left = max(0.0, 1 - played.steps / played.budget)
    return Score(
        name=max(0, round(NAME * played.named / played.causes) - WRONG * played.wrong),
        cure=max(0, CURE - MORE * more) if played.cured else 0,
        saved=round(SAVED * left) if played.cured else 0,
        hints=HINT * played.hints,
    )

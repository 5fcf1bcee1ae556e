"""What forks prove: each held against the untouched control with the same order of batches."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nnlab.diagnosis.finding import HEALTHY, UNDECIDED, Remedy
from nnlab.trials.fork import MEASURES, Fork

Proof = Literal["confirmed", "refuted", "too early"]
ORDER: tuple[Proof, ...] = ("confirmed", "too early", "refuted")

MARGIN = 0.02
"""Share of the control's value within which two values count as equal: batches in another order move it as much."""
LOWER_IS_BETTER = ("val/loss", "train/probe_loss")
OF_THE_FINDING = {"catastrophic-forgetting": "task/backward_transfer", "class-collapse": "val/recall_min"}
"""What a finding is about, where that is not how well the present data are predicted."""
OF_THE_LOSS = (
    "label_smoothing", "class_weights", "margin", "temperature", "negatives", "false_negative_rate", "label_noise",
)  # fmt: skip
"""Knobs that change what the loss says, as do the keys of `objective`: values of before and after are no comparison."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One remedy against the control.

    `effects` are treated − untouched of `measure`, seed by seed (NaN where it cannot be told). `confirmed` of `seeds`
    seeds agree. `cleared` is the step from which on the finding was gone in the run's own order of batches, None where
    it still stands at `end`. `verdict` is what the run ends with there.
    """

    remedy: Remedy
    anew: bool
    proof: Proof
    measure: str
    effects: tuple[float, ...]
    effect: float
    confirmed: int
    seeds: int
    cleared: int | None
    verdict: str
    end: int
    note: str = ""

    @property
    def gain(self) -> float:
        """The effect, positive where it is for the better; NaN where it cannot be told."""
        return -self.effect if self.measure in LOWER_IS_BETTER else self.effect


def judge(remedy: Remedy, anew: bool, forks: Sequence[Fork], controls: Mapping[int, Fork], mode: str = "") -> Trial:
    """Forks of one remedy for the finding `mode`, at least one, against the controls of the same seeds."""
    measure = comparable(remedy, forks, controls, mode)
    proofs = [_proof(fork, controls[fork.seed], measure) for fork in forks]
    effects = tuple(effect_on(fork, controls[fork.seed], measure) for fork in forks)
    known = sorted(effect for effect in effects if not math.isnan(effect))
    own = min(forks, key=lambda fork: fork.seed)
    return Trial(
        remedy=remedy,
        anew=anew,
        proof=_agreed(proofs),
        measure=measure,
        effects=effects,
        effect=known[(len(known) - 1) // 2] if known else math.nan,
        confirmed=proofs.count("confirmed"),
        seeds=len(proofs),
        cleared=own.cleared,
        verdict=own.verdict,
        end=own.step,
        note=own.refused,
    )


def best_first(trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """Confirmed before undecided before refuted; then those that end healthy, by seeds, by effect, by rank.

    Effects are compared in tenths of the largest: nearly as good is as good, and then the doctor's rank decides.
    """
    largest = max((abs(one.gain) for one in trials if math.isfinite(one.gain)), default=0.0) or 1.0

    def place(trial: Trial) -> tuple[int, bool, float, float, int]:
        gain = -math.inf if math.isnan(trial.gain) else trial.gain / largest
        coarse = round(gain, 1) if math.isfinite(gain) else gain
        share = trial.confirmed / trial.seeds
        return ORDER.index(trial.proof), trial.verdict not in HEALTHY, -share, -coarse, trial.remedy.rank

    return tuple(sorted(trials, key=place))


def comparable(remedy: Remedy, forks: Sequence[Fork], controls: Mapping[int, Fork], mode: str = "") -> str:
    """The first measure that everyone has; the loss itself only where the remedy leaves its meaning alone."""
    touched = set()
    for command in remedy.commands:
        settings = command.get("set")
        touched |= set(settings) if isinstance(settings, dict) else {str(command.get("turn"))}
    everyone = [*forks, *(controls[fork.seed] for fork in forks)]
    names = (OF_THE_FINDING.get(mode, ""), *measures(touched))
    return next((name for name in names if all(name in one.values for one in everyone)), "")


def measures(touched: Collection[str]) -> tuple[str, ...]:
    """What runs that differ in these knobs or keys may be compared by: no loss where they change what it says."""
    other_loss = any(key.startswith("objective.") or key.rpartition(".")[2] in OF_THE_LOSS for key in touched)
    return tuple(name for name in MEASURES if not (other_loss and name in LOWER_IS_BETTER))


BOUNDLESS = {False: "finite again", True: "no longer finite"}
"""What an effect without bounds is, by whether it is for more: only one of the two lines has a finite loss."""


def effect_on(fork: Fork, control: Fork, measure: str) -> float:
    if not measure:
        return math.nan
    treated, untouched = fork.values[measure], control.values[measure]
    return treated - untouched if math.isfinite(treated) or math.isfinite(untouched) else math.nan


def _proof(fork: Fork, control: Fork, measure: str) -> Proof:
    gain = _gain(fork, control, measure)
    if fork.refused or fork.verdict == "nonfinite" or gain < 0:
        return "refuted"
    if fork.cleared is None:
        return "too early" if gain > 0 else "refuted"
    if gain == 0 and control.cleared is None and fork.verdict not in (*HEALTHY, UNDECIDED):
        return "too early"  # another finding has stepped forward: the next cause, or the remedy's own harm
    return "confirmed" if control.cleared is None or gain > 0 else "refuted"


def _gain(fork: Fork, control: Fork, measure: str) -> int:
    """1 better than the control, -1 worse, 0 about the same or not to be told."""
    if not measure:
        return 0
    treated, untouched = fork.values[measure], control.values[measure]
    if not math.isfinite(treated):
        return -1
    if not math.isfinite(untouched):
        return 1
    better = untouched - treated if measure in LOWER_IS_BETTER else treated - untouched
    return 0 if abs(better) <= MARGIN * abs(untouched) else 1 if better > 0 else -1


def _agreed(proofs: Sequence[Proof]) -> Proof:
    """What more than half of the seeds say; a refutation or two among confirmations leave it open."""
    for proof in ORDER:
        if proofs.count(proof) * 2 > len(proofs):
            return proof
    return "too early"

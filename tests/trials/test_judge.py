"""What forks prove against their controls."""

import math

import pytest

from nnlab.diagnosis.finding import Remedy
from nnlab.trials.fork import Fork
from nnlab.trials.judge import best_first, judge

LR = Remedy("lower the rate", ({"turn": "lr", "to": 0.01},), 1)
SMOOTH = Remedy("smooth", ({"turn": "label_smoothing", "to": 0.1},), 2)
SICK = {0: Fork(0, 200, "plateau", None, {"val/loss": 1.0, "val/accuracy": 0.5})}


def treated(loss: float, cleared: int | None, verdict: str = "learning", accuracy: float = 0.9, seed: int = 0) -> Fork:
    return Fork(seed, 200, verdict, cleared, {"val/loss": loss, "val/accuracy": accuracy})


@pytest.mark.parametrize(
    ("fork", "proof"),
    [
        (treated(0.5, 150), "confirmed"),
        (treated(0.99, 150), "confirmed"),
        (treated(0.99, 150, "no-gradient"), "too early"),
        (treated(0.5, None, "plateau"), "too early"),
        (treated(0.99, None, "plateau"), "refuted"),
        (treated(1.5, 150), "refuted"),
        (treated(math.inf, 150), "refuted"),
        (Fork(0, 200, "plateau", 150, {"val/loss": 0.5}, "lr: at most 10"), "refuted"),
        (Fork(0, 200, "learning", 150, {}), "confirmed"),
    ],
)
def test_a_fork_is_held_against_its_control(fork: Fork, proof: str) -> None:
    assert judge(LR, False, [fork], SICK).proof == proof


def test_what_heals_by_itself_proves_nothing() -> None:
    healed = {0: Fork(0, 200, "learning", 120, {"val/loss": 1.0})}
    assert judge(LR, False, [treated(1.0, 110)], healed).proof == "refuted"
    assert judge(LR, False, [treated(0.5, 110)], healed).proof == "confirmed"
    broken = {0: Fork(0, 200, "nonfinite", None, {"val/loss": math.inf})}
    trial = judge(LR, False, [treated(0.5, 110)], broken)
    assert (trial.proof, trial.effect, trial.gain) == ("confirmed", -math.inf, math.inf)


def test_a_remedy_that_changes_the_loss_is_not_measured_by_it() -> None:
    trial = judge(SMOOTH, False, [treated(2.0, 150, accuracy=0.9)], SICK)
    assert (trial.measure, trial.proof) == ("val/accuracy", "confirmed")
    assert trial.effect == trial.gain == pytest.approx(0.4)


def test_forgetting_is_measured_by_what_is_kept() -> None:
    control = {0: Fork(0, 200, "catastrophic-forgetting", None, {"val/loss": 0.1, "task/backward_transfer": -0.5})}
    fork = Fork(0, 200, "catastrophic-forgetting", None, {"val/loss": 0.2, "task/backward_transfer": -0.1})
    trial = judge(LR, False, [fork], control, "catastrophic-forgetting")
    assert (trial.measure, trial.proof) == ("task/backward_transfer", "too early")
    assert trial.gain == pytest.approx(0.4)


def test_most_seeds_decide_and_each_has_its_own_control() -> None:
    controls = {seed: Fork(seed, 200, "plateau", None, {"val/loss": 1.0 + seed}) for seed in range(4)}
    good = [treated(0.5, 150, seed=seed) for seed in range(4)]
    trial = judge(LR, False, good, controls)
    assert (trial.proof, trial.confirmed, trial.seeds) == ("confirmed", 4, 4)
    assert trial.effects == (-0.5, -1.5, -2.5, -3.5)
    assert trial.effect == -2.5
    split = [*good[:2], treated(3.0, None, seed=2), treated(5.0, None, seed=3)]
    assert judge(LR, False, split, controls).proof == "too early"


def test_best_first_and_nearly_as_good_goes_by_rank() -> None:
    def one(rank: int, loss: float, cleared: int | None, verdict: str = "learning") -> int:
        remedy = Remedy(str(rank), LR.commands, rank)
        trials.append(judge(remedy, False, [treated(loss, cleared, verdict)], SICK))
        return rank

    trials: list = []  # type: ignore[type-arg]
    worse, waiting, nearly, best, sick = (
        one(1, 1.5, 150), one(2, 0.4, None, "plateau"), one(3, 0.31, 150), one(4, 0.3, 150),
        one(5, 0.1, 150, "overfitting"),
    )  # fmt: skip
    assert [trial.remedy.rank for trial in best_first(trials)] == [nearly, best, sick, waiting, worse]

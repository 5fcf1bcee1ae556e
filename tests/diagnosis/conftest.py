"""Synthetic runs for the rules: a healthy one, of which a test changes what makes it sick."""

import math
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.wire.events import Frame, KnobTurned, Marked, StateChanged
from nnlab.wire.values import PER_STEP, KnobSpec, LayerSpec, RunInfo

PLANNED = 1000
PROBES = 100
"""Probes, evaluations and looks in a run."""
LAYERS = ("fc1", "fc2", "out")
FACTS: dict[str, Any] = {
    "data.kind": "moons", "data.shuffle": True, "model.kind": "mlp", "model.output_activation": "none",
    "model.init": "default", "objective.kind": "cross_entropy", "objective.reduction": "mean",
    "optimizer.kind": "adam", "optimizer.lr": 1e-3, "optimizer.weight_decay": 0.0, "train.batch_size": 32,
    "constant_loss": math.log(2), "constant_loss_val": math.log(2), "n_train": 800.0, "n_val": 200.0,
    "features": 2.0, "classes": 2.0, "output_width": 2.0, "majority_share": 0.5, "feature_std_min": 1.0,
    "feature_std_max": 1.2, "feature_abs_max": 3.0, "feature_outlier": 3.0, "nonfinite_inputs": 0.0,
    "nonfinite_targets": 0.0, "label_runs": 1.0, "parameters": 4000.0, "trainable": 4000.0, "row_symmetry": 0.0,
}  # fmt: skip
KNOBS = (
    KnobSpec("lr", "lr", 1e-3, "log", low=1e-7, high=10.0, zero_ok=True),
    KnobSpec("weight_decay", "weight decay", 0.0, "log", low=1e-6, high=10.0, zero_ok=True),
    KnobSpec("clip_norm", "clip", 0.0, "log", low=1e-3, high=1e3, zero_ok=True),
    KnobSpec("batch_size", "batch", 32, "log_integer", low=1, high=800),
)


class Story:
    """One run of PLANNED steps. `curves` maps a series to a function of the share of the run that is done.

    Per-step series are sampled every step, all others PROBES times in a run. Noise is multiplicative and seeded.
    """

    def __init__(self, seed: int = 0, planned: int = PLANNED) -> None:
        self.planned = planned
        self.facts = dict(FACTS)
        self.curves: dict[str, Callable[[Any], Any]] = {}
        self.noise: dict[str, float] = {"train/loss": 0.1, "grad/norm": 0.2, "train/probe_loss": 0.01, "val/loss": 0.01}
        self.events: list[KnobTurned | Marked] = []
        self.activations = ("relu", "relu", "none")
        self.family = "mlp"
        self.rng = np.random.default_rng(seed)
        self.healthy()

    def healthy(self) -> None:
        """A classifier that learns: loss from ln 2 to 0.1, steps and layers of usual size."""
        self.loss(lambda t: 0.1 + 0.59 * np.exp(-8 * t))
        self.curves |= {
            "grad/norm": lambda t: 0.3 + 0.7 * np.exp(-8 * t),
            "lr": lambda t: 1e-3,
            "weight/norm": lambda t: 7 + t,
            "weight/distance": lambda t: t,
            "step/critical": lambda t: 16.0,
            "step/change": lambda t: -0.01 * np.exp(-8 * t),
            "grad/noise_scale": lambda t: 100.0,
            "val/accuracy": lambda t: 0.5 + 0.45 * (1 - np.exp(-8 * t)),
            "train/probe_accuracy": lambda t: 0.5 + 0.46 * (1 - np.exp(-8 * t)),
            "val/recall_min": lambda t: 0.4 + 0.5 * (1 - np.exp(-8 * t)),
            "val/predicted_majority": lambda t: 0.52,
            "val/majority": lambda t: 0.5,
        }
        for index, name in enumerate(LAYERS):
            self.layer(name, "grad_norm", 0.2 + 0.1 * index)
            self.layer(name, "weight_norm", 4.0)
            self.layer(name, "update_ratio", 1e-3)
            self.layer(name, "act_std", 0.5)
            if name != "out":
                self.layer(name, "dead", 0.2)

    def loss(self, train: Callable[[Any], Any], val: Callable[[Any], Any] | None = None) -> None:
        """The training loss, of batches and of the probe, and the validation loss (a little higher if left out)."""
        self.curves |= {"train/loss": train, "train/probe_loss": train}
        self.curves["val/loss"] = val or (lambda t: np.asarray(train(t)) + 0.02)

    def stuck(self) -> None:
        """Nothing is learned: the loss stays at that of a constant guess."""
        self.loss(lambda t: 0.69 + 0 * t)

    def flat(self, name: str, value: float) -> None:
        """A constant series."""
        self.curves[name] = lambda t: value

    def layer(self, name: str, statistic: str, value: float | Callable[[Any], Any]) -> None:
        """A statistic of a layer."""
        self.curves[f"layer/{name}/{statistic}"] = value if callable(value) else lambda t, v=value: v

    def turn(self, step: int, knob: str, old: Any, new: Any, source: str = "user") -> None:
        """A knob turned."""
        self.events.append(KnobTurned(step, knob, old, new, new, source))

    def info(self) -> RunInfo:
        every = max(1, self.planned // PROBES)
        kinds = zip(LAYERS, self.activations, strict=False)
        return RunInfo(
            "r", "story", "", self.family, "", 0, "cpu", self.planned, 32, 25, every, every, every,
            knobs=KNOBS,
            layers=tuple(LayerSpec(name, "linear", 16, 16, kind, 272) for name, kind in kinds), facts=dict(self.facts),
        )  # fmt: skip

    def tell(self) -> list[Diagnosis]:
        """The diagnosis at each boundary of the run."""
        info = self.info()
        history, doctor = History(info), Doctor(info)
        for event in self.events:
            assert not list(history.feed(event))
        names, steps, values = [], [], []
        for name, curve in self.curves.items():
            every = 1 if name in PER_STEP else info.probe_every
            at = np.arange(0, self.planned + (name not in PER_STEP), every, dtype=np.int64)
            course = np.broadcast_to(np.asarray(curve(at / self.planned), dtype=np.float64), at.shape)
            shaken = course * np.exp(self.noise.get(name, 0.0) * self.rng.standard_normal(len(at)))
            names.append(name)
            steps.append(array("q", at.tobytes()))
            values.append(array("d", shaken.tobytes()))
        told = Frame(self.planned, tuple(names), tuple(steps), tuple(values))
        looks = [doctor.look(history) for _ in history.feed(told)]
        looks += [doctor.look(history) for _ in history.feed(StateChanged(self.planned, "finished"))]
        return looks


@pytest.fixture
def story() -> Callable[..., Story]:
    """Makes synthetic runs."""
    return Story


def _problems(looks: list[Diagnosis]) -> list[str]:
    return [finding.mode for finding in looks[-1].ever if finding.problem]


@pytest.fixture
def problems() -> Callable[[list[Diagnosis]], list[str]]:
    """Modes of all problems that ever stood on their own, ranked."""
    return _problems


@pytest.fixture
def towers(story: Any) -> Any:
    """A retriever that learns to rank."""
    told = story()
    told.family = "towers"
    told.facts = {
        "data.kind": "triplets", "data.negatives": "same-query", "objective.kind": "triplet", "constant_loss": 0.2,
        "optimizer.kind": "adam", "optimizer.lr": 3e-3, "optimizer.weight_decay": 0.05, "model.kind": "two-tower",
    }  # fmt: skip
    told.curves = {name: told.curves[name] for name in ("train/loss", "grad/norm", "lr", "weight/norm")}
    told.loss(lambda t: 0.005 + 0.2 * np.exp(-10 * t))
    told.curves |= {
        "val/accuracy": lambda t: 0.5 + 0.47 * (1 - np.exp(-10 * t)),
        "sim/gap": lambda t: 0.6 * (1 - np.exp(-10 * t)),
        "sim/spread": lambda t: 0.3,
        "sim/allpairs": lambda t: 0.1,
        "embed/std_sqrt_d": lambda t: 0.95,
        "embed/rank_ratio": lambda t: 0.6,
        "triplet/active": lambda t: 0.02 + 0.9 * np.exp(-10 * t),
        "triplet/false_negatives": lambda t: 0.005 + 0.4 * np.exp(-10 * t),
    }
    return told

"""A labelled run: a scenario, what a doctor should call it, and what else would not be wrong."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import tomli_w

HEALTHY = frozenset({"learning", "converged"})
"""Labels, and verdicts, of a run that nothing is wrong with."""

Part = dict[str, Any]
"""One table of a scenario file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the run must come to for its label to be true, whatever the doctor says: the last value of `series` is at
    least, or at most, so much. A run that comes to something else is left out of the count."""

    series: str
    least: float = float("-inf")
    most: float = float("inf")


@dataclass(frozen=True, slots=True)
class Case:
    """`expect` are the right headlines; `accept` are findings that are not wrong beside them.

    `onset` is the step at which what is wrong begins. Without `outcome` the label holds by construction.
    """

    name: str
    toml: str
    expect: frozenset[str]
    accept: frozenset[str]
    onset: int = 0
    outcome: Outcome | None = None

    @property
    def healthy(self) -> bool:
        """Whether the label says that nothing is wrong."""
        return self.expect <= HEALTHY

    @property
    def digest(self) -> str:
        """Short hash of the configuration."""
        return hashlib.sha256(self.toml.encode()).hexdigest()[:12]

    @property
    def half(self) -> str:
        """calibration or test, by the hash of the configuration; no hand has a say in it."""
        return "test" if int(self.digest, 16) % 2 else "calibration"


@dataclass(frozen=True, slots=True)
class Setup:
    """The parts of a scenario; what is left out has the lab's defaults."""

    data: Part
    model: Part = field(default_factory=dict)
    objective: Part = field(default_factory=lambda: {"kind": "cross_entropy"})
    optimizer: Part = field(default_factory=dict)
    train: Part = field(default_factory=lambda: {"steps": 1000})
    schedule: Part = field(default_factory=dict)
    fault: Part = field(default_factory=dict)
    script: tuple[Part, ...] = ()

    def toml(self) -> str:
        """The scenario file. Its seed is set by whoever runs it."""
        model = {"kind": "mlp", **self.model}
        document: Part = {
            "family": "towers" if model["kind"] == "two-tower" else "mlp",
            "data": self.data,
            "model": model,
            "objective": self.objective,
            "optimizer": self.optimizer,
            "train": self.train,
        }
        for name, part in (("schedule", self.schedule), ("fault", self.fault), ("script", list(self.script))):
            if part:
                document[name] = part
        return tomli_w.dumps(document)


def sick(name: str, expect: str, accept: str, setup: Setup, onset: int = 0, outcome: Outcome | None = None) -> Case:
    """A case with something wrong; modes are separated by blanks."""
    return Case(name, setup.toml(), frozenset(expect.split()), frozenset(accept.split()), onset, outcome)


def healthy(name: str, setup: Setup, outcome: Outcome, accept: str = "") -> Case:
    """A case with nothing wrong, provided that it comes to `outcome`."""
    return Case(name, setup.toml(), HEALTHY, frozenset(accept.split()), 0, outcome)


def accuracy(least: float) -> Outcome:
    """Validation accuracy at the end, at least."""
    return Outcome("val/accuracy", least=least)


def fit(least: float) -> Outcome:
    """R² on the validation set at the end, at least."""
    return Outcome("val/r2", least=least)


def missed(most: float, series: str = "val/accuracy") -> Outcome:
    """The run fails: it ends with at most so much."""
    return Outcome(series, most=most)

"""Small scenarios that a test changes key by key, as `--set` does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nnlab.engine.build import Plan, build
from nnlab.engine.device import pick_device
from nnlab.engine.experiments.checkup import Subject
from nnlab.engine.training import Training
from nnlab.scenario.load import Loaded, load_text

MOONS = """
seed = 3
[data]
kind = "moons"
samples = 600
[model]
kind = "mlp"
hidden = [32, 32]
[objective]
kind = "cross_entropy"
[optimizer]
lr = 3e-3
[train]
steps = 1000
batch_size = 32
"""
STREAM = MOONS.replace('"moons"\nsamples = 600', '"stream"\ndrift = "none"')
SINE = MOONS.replace('"moons"', '"sine"').replace("cross_entropy", "mse")
TOWERS = """
seed = 3
family = "towers"
[data]
kind = "triplets"
queries = 200
topics = 10
vocab_size = 200
[model]
kind = "two-tower"
encoder = "bag"
dropout = 0.1
[objective]
kind = "triplet"
[optimizer]
lr = 3e-3
[train]
steps = 300
batch_size = 16
"""
TEXTS = {"moons": MOONS, "stream": STREAM, "sine": SINE, "towers": TOWERS}

Make = Callable[..., Plan]


def scenario(family: str, *overrides: str) -> Loaded:
    return load_text(TEXTS[family], family, Path(), overrides)


@pytest.fixture
def make() -> Make:
    """Builds a scenario with overrides: make("moons", "lr=10")."""

    def plan(family: str, *overrides: str, seed: int = 3) -> Plan:
        loaded = scenario(family, *overrides)
        return build(loaded.scenario, seed, loaded.base_dir, pick_device("cpu"))

    return plan


@pytest.fixture
def subject(make: Make) -> Callable[..., Subject]:
    """The same, ready for a checkup."""

    def ready(family: str, *overrides: str) -> Subject:
        loaded = scenario(family, *overrides)

        def others() -> list[Training]:
            return [make(family, *overrides, seed=seed).training for seed in (4, 5)]

        return Subject(make(family, *overrides), loaded.scenario, others)

    return ready

"""Restarts that remedies prescribe are scenarios that load."""

from pathlib import Path
from typing import Any

import pytest

from nnlab.engine.facts import config_facts
from nnlab.scenario.load import load_text

PER_LAYER = """
data = { kind = "spirals" }
objective = { kind = "cross_entropy" }
train = { steps = 1000 }
[model]
kind = "mlp"
hidden = [16, 16, 16]
activation = ["tanh", "relu", "sigmoid"]
init = ["normal", "normal", "normal", "xavier_uniform"]
init_scale = [20.0, 20.0, 20.0, 1.0]
freeze = [3]
"""
SICK = {
    "saturated-units": {"layer/fc1/saturated": 0.95},
    "dead-units": {"layer/fc1/dead": 1.0},
    "vanishing-gradients": {"layer/fc1/grad_norm": 1e-8},
    "underfitting": {},
    "exploding-gradients": {"train/loss": float("inf")},
    "nonfinite": {"train/loss": float("nan")},
}


@pytest.mark.parametrize("mode", SICK)
def test_every_restart_loads_where_each_layer_has_its_own_settings(story: Any, mode: str) -> None:
    loaded = load_text(PER_LAYER, name="per-layer", base_dir=Path())
    told = story()
    told.facts |= config_facts(loaded.scenario)
    told.stuck()
    told.activations = ("tanh", "relu", "none")
    for name, value in SICK[mode].items():
        told.flat(name, value)
    findings = [finding for finding in told.tell()[-1].ever if finding.mode == mode]
    assert findings
    restarts = [command["set"] for item in findings for remedy in item.remedies for command in remedy.commands
                if command.get("action") == "restart"]  # fmt: skip
    assert restarts
    for settings in restarts:
        overrides = tuple(
            f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in settings.items()
        )
        load_text(PER_LAYER, name="per-layer", base_dir=Path(), overrides=overrides)

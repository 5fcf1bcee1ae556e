"""The loss under dropout, held against reading the whole sample again with the same random numbers."""

from typing import Any

import pytest
import torch

from nnlab.engine.models.mlp import Tap
from nnlab.engine.probes.dropout import dropout_loss


@pytest.mark.parametrize(
    "keys",
    [
        ("towers",),
        ("towers", "model.encoder=bigru", "model.shared_towers=true"),
        ("towers", "data.negatives=in-batch"),
        ("towers", "objective.reduction=sum", "model.layer_norm=false"),
        ("mlp",),
    ],
)
def test_dropout_behind_known_layers_is_dropout_in_the_whole_model(kit: Any, keys: tuple[str, ...]) -> None:
    task = kit.begin(*keys, "model.dropout=0.4").train(3).training.task
    batch, taps = task.probe(), list[Tap]()
    with torch.no_grad():
        plain = float(task.measure(batch, 0.0, taps)[1])
        torch.manual_seed(1)
        found = float(dropout_loss(task, batch, taps))
        torch.manual_seed(1)
        assert found == float(task.measure(batch, 0.4)[1]) != plain

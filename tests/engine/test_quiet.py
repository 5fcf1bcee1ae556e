"""Probes measure and never change training: the same bits with and without them."""

from typing import Any

import pytest
import torch

CASES = {
    "dropout and batch norm": ("mlp", ("model.dropout=0.3", "model.norm=batch", "optimizer.weight_decay=0.01")),
    "dropout in evaluation": ("mlp", ("model.dropout=0.3", "fault.eval_dropout=true", "train.eval_every=3")),
    "a regression by SGD": ("regression", ("optimizer.kind=sgd", "optimizer.momentum=0.9", "train.clip_norm=0.5")),
    "towers": ("towers", ("model.dropout=0.3", "model.encoder=bigru")),
    "hard negatives": ("towers", ("data.negatives=semi-hard", "data.false_negative_rate=0.2")),
    "a stream": ("stream", ("model.dropout=0.2", "data.replay=0.2", "data.label_noise=0.1")),
    "piled-up gradients": ("mlp", ("fault.missing_zero_grad=true", "optimizer.lr=1e-4", "model.norm=batch")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_same_bits_with_and_without_probes(kit: Any, name: str) -> None:
    kind, keys = CASES[name]
    without = kit.begin(kind, *keys, probes=False)
    states = [state(without.train(7)) for _ in range(3)]
    with_probes = kit.begin(kind, *keys)
    for expected in states:
        with_probes.run.evaluate()
        found = state(with_probes.train(7))
        assert all(torch.equal(mine, theirs) for mine, theirs in zip(found, expected, strict=True))
    assert with_probes.series("train/loss") == without.series("train/loss")
    assert set(without.series("train/loss")) == set(range(21))
    assert {name for event in without.told for name in getattr(event, "series", ())} == {"train/loss", "grad/norm"}


def state(made: Any) -> list[torch.Tensor]:
    """Everything that training goes on from."""
    training = made.training
    optimizer = training.optimizer
    flat = (training.parameters.values, training.parameters.grads, optimizer.first, optimizer.second)
    return [one.clone() for one in (*flat, *training.task.network.buffers(), torch.get_rng_state())]


def test_a_run_does_not_disturb_torchs_random_state_between_steps(kit: Any) -> None:
    made = kit.begin("mlp", "model.dropout=0.3")
    before = torch.get_rng_state()
    made.run.evaluate()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("kind", ["mlp", "stream", "towers"])
def test_readings_on_request_change_no_later_reading(kit: Any, kind: str, points: Any) -> None:
    keys = ("train.steps=16", "model.dropout=0.2", "train.eval_every=4")
    plain, asked = kit.begin(kind, *keys).train(), kit.begin(kind, *keys)
    for _ in range(4):
        asked.train(3)
        asked.run.evaluate()
        asked.run.evaluate()
    asked.train()
    expected, found = points(plain.told), points(asked.told)
    assert found.keys() == expected.keys()
    for name, column in expected.items():
        assert column.items() <= found[name].items(), name


def test_readings_on_request_do_not_use_up_the_patience_of_early_stopping(kit: Any) -> None:
    stopping = "train.early_stopping={patience = 3, restore_best = false}"
    keys = ("train.steps=40", "train.eval_every=2", stopping, "optimizer.lr=0")
    made = kit.begin("mlp", *keys).train(3)
    for _ in range(5):
        made.run.evaluate()
    made.train()
    assert made.run.step == 8

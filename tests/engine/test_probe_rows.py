"""Loss by rows and labels by batches, held against numpy, scipy and loops; when recurrent towers are read."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from scipy.stats import entropy

from nnlab.engine.cadence import cadence
from nnlab.engine.probes.batch_labels import expected_entropy
from nnlab.engine.probes.samples import loss_spread
from nnlab.scenario.model import Mlp, TwoTower


@pytest.mark.parametrize("rows", [1, 2, 7, 32, 256])
def test_the_spread_of_row_losses_against_numpy(rows: int) -> None:
    losses = np.random.default_rng(rows).gamma(0.5, size=rows).astype(np.float32)
    found = {name: float(value) for name, value in loss_spread(torch.from_numpy(losses)).items()}
    assert found["loss/sample_p50"] == pytest.approx(np.quantile(losses, 0.5), rel=1e-5)
    assert found["loss/sample_p99"] == pytest.approx(np.quantile(losses, 0.99), rel=1e-5)
    top = np.sort(losses)[-max(1, round(0.05 * rows)) :]
    assert found["loss/top_share"] == pytest.approx(top.sum() / losses.sum(), rel=1e-5)


def test_row_losses_are_those_of_the_probe_batch(kit: Any) -> None:
    made = kit.begin("mlp", "model.dropout=0.4").train(10)
    batch = made.training.task.probe()
    outputs = made.training.task.network(batch.inputs, 0.0, False)
    losses = [float(F.cross_entropy(o, y).detach()) for o, y in zip(outputs, batch.targets, strict=True)]
    assert made.series("loss/sample_p50")[10] == pytest.approx(np.median(losses), rel=1e-4)
    assert np.mean(losses) == pytest.approx(made.series("train/probe_loss")[10], rel=1e-4)


def test_no_loss_at_all_has_no_top(kit: Any) -> None:
    assert float(loss_spread(torch.zeros(40))["loss/top_share"]) == 0.0


@pytest.mark.parametrize(("counts", "rows"), [((50, 50), 16), ((90, 5, 5), 32), ((10, 20, 30, 40), 3), ((100, 0), 8)])
def test_the_entropy_of_random_batches_by_drawing_them(counts: tuple[int, ...], rows: int) -> None:
    draws = np.random.default_rng(0).multinomial(rows, np.array(counts) / sum(counts), size=40_000)
    assert expected_entropy(counts, rows) == pytest.approx(entropy(draws, axis=1).mean(), abs=0.005)


def test_batch_labels_are_those_trained_on(kit: Any) -> None:
    keys = ("train.steps=60", "data.samples=400", "train.batch_size=20", "data.label_noise=0.1")
    shuffled, ordered = kit.begin("mlp", *keys), kit.begin("mlp", *keys, "data.shuffle=false")
    mixed, alike = (list(made.train().series("batch/label_entropy").values()) for made in (shuffled, ordered))
    assert np.median(mixed) == pytest.approx(1.0, abs=0.05)
    assert np.median(alike) < 0.5
    task = ordered.training.task
    everything, last = task.batches.all_targets().numpy(), task.last.targets.numpy()
    expected = expected_entropy(tuple(np.bincount(everything).tolist()), 20)
    assert alike[-1] == pytest.approx(entropy(np.bincount(last)) / expected, rel=1e-5)


def test_one_row_a_batch_and_targets_without_classes_say_nothing(kit: Any) -> None:
    assert not kit.begin("mlp", "train.batch_size=1").train(5).series("batch/label_entropy")
    assert not kit.begin("regression").train(5).series("batch/label_entropy")


@pytest.mark.parametrize("steps", [1, 30, 600, 1000, 2000, 20_000])
def test_recurrent_towers_are_read_seldom_and_in_turns(steps: int) -> None:
    often = cadence(TwoTower(kind="two-tower"), steps, None)
    probes = range(0, steps + 1, often.probe_every)
    assert not any(often.gradient_due(step) and often.line_due(step) for step in probes)
    assert abs(sum(map(often.line_due, probes)) - len(probes) / 4) <= 1
    assert all(often.gradient_due(step) for step in probes if often.noise_due(step))
    assert often.gradient_due(often.probe_every + 1) or often.probe_every == 1
    assert often.eval_every == often.probe_every
    assert often.eval_every in (1, 80) or 25 <= steps // often.eval_every <= 40
    usual = cadence(Mlp(kind="mlp", hidden=(4,)), steps, 7)
    assert usual.eval_every == 7
    assert all(usual.gradient_due(step) and usual.line_due(step) for step in range(0, steps, usual.probe_every))


def test_recurrent_towers_tell_each_series_at_its_own_steps(kit: Any) -> None:
    made = kit.begin("towers", "model.encoder=gru", "train.steps=50").train()
    every = {series.name: series.every for series in made.run.info.series}
    assert (made.run.info.probe_every, made.run.info.eval_every) == (2, 2)
    steps = {name: list(made.series(name)) for name in every}
    assert steps["train/probe_loss"] == steps["val/loss"] == list(range(0, 51, 2))
    assert steps["layer/query.gru/grad_norm"] == list(range(0, 51, 8))
    assert {step % 16 for step in steps["grad/noise_scale"]} == {0}
    assert steps["step/critical"] == [step + 1 for step in range(4, 50, 8)]
    assert steps["layer/query.gru/update_ratio"] == [step + 1 for step in range(0, 50, 2)]
    assert every["layer/query.gru/grad_norm"] == every["step/critical"] == 8
    assert every["grad/noise_scale"] == 16


def test_an_evaluation_sees_the_state_as_it_is_and_not_that_of_an_earlier_probe(kit: Any) -> None:
    keys = ("train.steps=60", "train.eval_every=3", "optimizer.lr=0.1", "optimizer.kind=sgd")
    made = kit.begin("towers", *keys).train(3)  # bag towers are probed every 2 steps
    made.run.turn("margin", 0.9, "user", 0)
    made.run.evaluate()
    task = made.training.task
    for step in range(6, 22, 3):
        made.train(3)
        outputs, _ = task.measure(batch := task.probe())
        active = float((task.losses(outputs, batch) > 0).float().mean())
        assert made.series("triplet/active")[step] == pytest.approx(active)

"""What probes measure, held against autograd, brute force and scipy."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from nnlab.engine.parameters import Parameters
from nnlab.engine.probes.noise import NoiseScale
from nnlab.engine.probes.retrieval import spread
from nnlab.engine.probes.step_quality import measure_critical

# --- layers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [(), ("model.norm=batch", "model.dropout=0.3"), ("model.residual=true",)])
def test_layers_against_autograd(kit: Any, keys: tuple[str, ...]) -> None:
    made = kit.begin("mlp", "model.hidden=[8, 8]", *keys).train(10)
    task = made.training.task
    batch = task.probe()
    _, loss = task.measure(batch)
    for name, module in task.network.layers():
        parameters = list(module.parameters())
        gradients = torch.autograd.grad(loss, parameters, retain_graph=True)
        norm = math.sqrt(sum(float(one.square().sum()) for one in gradients))
        weight = math.sqrt(sum(float(one.detach().square().sum()) for one in parameters))
        assert made.series(f"layer/{name}/grad_norm")[10] == pytest.approx(norm, rel=1e-4)
        assert made.series(f"layer/{name}/weight_norm")[10] == pytest.approx(weight, rel=1e-5)
    assert made.series("train/probe_loss")[10] == pytest.approx(float(loss.detach()), rel=1e-6)
    assert made.series("weight/norm")[10] == pytest.approx(float(made.values.norm()), rel=1e-6)


def test_update_ratio_and_distance(kit: Any) -> None:
    made = kit.begin("mlp", "optimizer.lr=0.05")
    start = made.values
    made.train(1)
    for segment in made.training.parameters.segments:
        part = slice(segment.start, segment.stop)
        ratio = float((made.values - start)[part].norm() / start[part].norm())
        assert made.series(f"layer/{segment.layer}/update_ratio")[1] == pytest.approx(ratio, rel=1e-5)
    distance = float((made.values - start).norm() / start.norm())
    assert made.series("weight/distance")[1] == pytest.approx(distance, rel=1e-5)


def test_dead_relu_units_are_counted(kit: Any) -> None:
    made = kit.begin("mlp", "model.hidden=[8]", "optimizer.lr=0")
    linear = made.training.task.network.linears[0]
    with torch.no_grad():
        linear.bias[:6] = -1e4
        linear.bias[6:] = 1e4
    assert made.train(1).series("layer/fc1/dead")[1] == 0.75
    assert not made.series("layer/fc1/saturated")


@pytest.mark.parametrize(("activation", "low", "high"), [("tanh", -0.99, 0.99), ("sigmoid", 0.01, 0.99)])
def test_saturated_units_are_counted(kit: Any, activation: str, low: float, high: float) -> None:
    made = kit.begin("mlp", "model.hidden=[4]", f"model.activation={activation}", "optimizer.lr=0")
    task = made.training.task
    with torch.no_grad():
        task.network.linears[0].weight.mul_(3.0)
        z = getattr(torch, activation)(task.network.linears[0](task.probe().inputs))
    expected = float(((z < low) | (z > high)).float().mean())
    assert 0.0 < expected < 1.0
    assert made.train(1).series("layer/fc1/saturated")[1] == pytest.approx(expected)


def test_penalty_ratio(kit: Any) -> None:
    made = kit.begin("mlp", "optimizer.weight_decay=0.1", "objective.l2=0.2")
    mask = made.training.parameters.weight_mask
    _, loss = made.training.task.measure(made.training.task.probe())
    gradient = torch.cat([g.reshape(-1) for g in torch.autograd.grad(loss, list(_parameters(made)))])
    penalty = made.values * (0.1 + 0.4 * mask)
    assert made.series("grad/penalty_ratio")[0] == pytest.approx(float(penalty.norm() / gradient.norm()), rel=1e-4)


def _parameters(made: Any) -> Any:
    return (parameter for _, layer in made.training.task.network.layers() for parameter in layer.parameters())


# --- the quality of a step ----------------------------------------------------------------------------------------


@dataclass
class Bowl:
    """A task whose loss is a known function of the distance walked along one line."""

    parameters: Parameters
    curve: Any

    def probe(self) -> None:
        return None

    def measure(self, _: Any) -> tuple[None, torch.Tensor]:
        return None, self.curve(self.parameters.values[0])


@pytest.mark.parametrize("best", [0.05, 0.1, 0.3, 0.45, 0.7, 1.0, 1.9, 3.0, 10.0, 100.0, 300.0, 511.0, 600.0, 1e5])
@pytest.mark.parametrize("guess", [-3, 0, 4, 10])
def test_critical_step_by_brute_force(best: float, guess: int) -> None:
    """A parabola with its minimum at `best` steps is back at its start at twice that, wherever the search begins."""
    parameters = Parameters([("line", torch.nn.Linear(1, 1, bias=False))], torch.device("cpu"))
    bowl = Bowl(parameters, lambda x: (x / best - 1.0) ** 2)
    before = torch.zeros(1)
    parameters.values.fill_(1.0)
    measured, found = measure_critical(bowl, None, parameters, before, guess)
    start = float(bowl.curve(torch.tensor(0.0)))
    worse = [2.0**k for k in range(-3, 11) if float(bowl.curve(torch.tensor(2.0**k))) > start]
    assert measured["step/critical"] == 2.0**found == (worse[0] if worse else 1024.0)
    assert measured["step/change"] == pytest.approx((float(bowl.curve(torch.tensor(1.0))) - start) / start, abs=1e-5)
    assert parameters.values.tolist() == [1.0]


def test_critical_step_where_the_loss_is_not_finite() -> None:
    parameters = Parameters([("line", torch.nn.Linear(1, 1, bias=False))], torch.device("cpu"))
    nowhere = Bowl(parameters, lambda x: x * math.nan)
    measured, found = measure_critical(nowhere, None, parameters, torch.zeros(1), 3)
    assert math.isnan(measured["step/critical"])
    assert found == 3
    cliff = Bowl(parameters, lambda x: torch.where(x >= 4.0, math.nan, -x))
    parameters.values.fill_(1.0)
    assert measure_critical(cliff, None, parameters, torch.zeros(1), 0)[0]["step/critical"] == 4.0


# --- gradient noise -----------------------------------------------------------------------------------------------


def test_noise_scale_against_gradients_of_single_examples(kit: Any) -> None:
    """tr Σ / |G|² from single gradients, against the estimate from halves over many drawings of the probe batch."""
    made = kit.begin("mlp", "data.noise=3.0", "data.samples=1000").train(5)
    task, parameters = made.training.task, made.training.parameters
    batches = task.batches
    everything = type(task.probe())(batches._x, batches._y)
    rows = zip(batches._x.split(1), batches._y.split(1), strict=True)
    single = torch.stack([_flat(task, type(everything)(x, y)) for x, y in rows])
    mean = single.mean(dim=0)
    true = float(single.var(dim=0).sum() / mean.square().sum())
    scale = NoiseScale()
    traces, squares = [], []
    for seed in range(200):
        chosen = torch.randint(len(batches._x), (256,), generator=torch.Generator().manual_seed(seed))
        batches._probe = type(everything)(batches._x[chosen], batches._y[chosen])
        one = NoiseScale()
        one.measure(task, parameters, single[chosen].mean(dim=0), 256)
        traces.append(one.trace / one.weight)
        squares.append(one.square / one.weight)
        measured = scale.measure(task, parameters, single[chosen].mean(dim=0), 256)
    assert float(np.mean(traces)) / float(np.mean(squares)) == pytest.approx(true, rel=0.1)
    assert float(np.std(traces)) < 1.5 * float(np.mean(traces))  # a small sample against the whole: about 4
    assert measured["grad/noise_scale"] == pytest.approx(true, rel=0.4)


def test_noise_of_a_batch_against_many_batches(kit: Any) -> None:
    """Root mean square distance of batch gradients from the whole set's, over the length of that one."""
    made = kit.begin("mlp", "data.noise=3.0", "data.samples=1000", "train.batch_size=8").train(5)
    task, parameters = made.training.task, made.training.parameters
    batches = task.batches
    everything = type(task.probe())(batches._x, batches._y)
    mean = _flat(task, everything)
    drawn = torch.randint(len(batches._x), (2000, 8), generator=torch.Generator().manual_seed(0))
    noise = torch.stack([_flat(task, type(everything)(batches._x[rows], batches._y[rows])) - mean for rows in drawn])
    true = float(noise.square().sum(dim=1).mean().sqrt() / mean.norm())
    scale = NoiseScale()
    for seed in range(40):
        mixed = torch.randperm(len(batches._x), generator=torch.Generator().manual_seed(seed))
        batches._probe = type(everything)(batches._x[mixed], batches._y[mixed])
        measured = scale.measure(task, parameters, mean, len(mixed))
    assert measured["grad/batch_cv"] == pytest.approx(true, rel=0.15)


def _flat(task: Any, batch: Any) -> torch.Tensor:
    _, loss = task.measure(batch)
    parameters = [parameter for _, layer in task.network.layers() for parameter in layer.parameters()]
    return torch.cat([gradient.reshape(-1) for gradient in torch.autograd.grad(loss, parameters)])


def test_any_part_of_the_probe_batch_is_a_sample(kit: Any) -> None:
    """Generated sets are sorted by class; the small sample of the noise scale must not be all of one class."""
    made = kit.begin("mlp", "data.samples=1000")
    task = made.training.task
    small = task.part(task.probe(), 32)
    assert torch.bincount(small.targets, minlength=3).min() >= 4


# --- drift --------------------------------------------------------------------------------------------------------


def test_spread_of_embeddings_over_the_sphere_and_in_collapse() -> None:
    torch.manual_seed(0)
    round_ = torch.randn(4000, 16)
    found = {name: float(value) for name, value in spread(round_).items()}
    assert found["embed/std_sqrt_d"] == pytest.approx(1.0, abs=0.02)
    assert found["embed/effective_rank"] == pytest.approx(16.0, abs=0.1)
    assert found["embed/rank_ratio"] == pytest.approx(1.0, abs=0.01)
    assert found["sim/allpairs"] == pytest.approx(0.0, abs=0.01)
    point = torch.ones(50, 16) + 1e-6 * torch.randn(50, 16)
    found = {name: float(value) for name, value in spread(point).items()}
    assert found["embed/std_sqrt_d"] < 1e-4
    assert found["sim/allpairs"] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("rank", [1, 3])
def test_effective_rank_counts_the_directions(rank: int) -> None:
    torch.manual_seed(0)
    axes = torch.linalg.qr(torch.randn(20, rank)).Q
    spots = torch.linalg.qr(torch.randn(300, rank) - 0.0).Q
    centred = spots - spots.mean(dim=0)
    found = spread(torch.linalg.qr(centred).Q @ axes.T)
    assert float(found["embed/effective_rank"]) == pytest.approx(rank, abs=0.05)


def test_mean_cosine_over_pairs_by_a_loop() -> None:
    rows = torch.randn(12, 4, generator=torch.Generator().manual_seed(1))
    pairs = [float(F.cosine_similarity(rows[i], rows[j], dim=0)) for i in range(12) for j in range(12) if i != j]
    assert float(spread(rows)["sim/allpairs"]) == pytest.approx(float(np.mean(pairs)), abs=1e-5)


def test_embeddings_that_are_not_finite_are_a_reading_not_an_error(kit: Any) -> None:
    assert math.isnan(float(spread(torch.full((8, 4), math.nan))["embed/effective_rank"]))
    made = kit.begin("towers", "optimizer.kind=sgd", "optimizer.lr=1.0", "model.layer_norm=false")
    made.training.parameters.values[-3:] = math.nan
    made.train(3)
    assert math.isnan(made.series("train/loss")[2])
    assert math.isnan(made.series("embed/effective_rank")[3])


# --- evaluation ---------------------------------------------------------------------------------------------------


def test_evaluation_by_hand(kit: Any) -> None:
    made = kit.begin("mlp", "data.noise=4.0").train(20)
    task = made.training.task
    source = task.batches.source
    with torch.no_grad():
        outputs = task.network(torch.tensor(source.x_val), 0.0, False)
    y = torch.tensor(source.y_val)
    predicted = outputs.argmax(dim=1)
    names = ("loss", "accuracy", "recall_min", "predicted_majority", "majority")
    told = {name: made.series(f"val/{name}")[20] for name in names}
    assert told["loss"] == pytest.approx(float(F.cross_entropy(outputs, y)), rel=1e-5)
    assert told["accuracy"] == pytest.approx(float((predicted == y).float().mean()))
    recalls = [float((predicted[y == k] == k).float().mean()) for k in range(3)]
    assert told["recall_min"] == pytest.approx(min(recalls))
    assert told["predicted_majority"] == pytest.approx(float(torch.bincount(predicted).max() / len(y)))
    assert told["majority"] == pytest.approx(float(torch.bincount(y).max() / len(y)))


def test_r2_by_hand(kit: Any) -> None:
    made = kit.begin("regression").train(20)
    task = made.training.task
    source = task.batches.source
    with torch.no_grad():
        outputs = task.network(torch.tensor(source.x_val), 0.0, False).numpy()
    rest, whole = ((outputs - source.y_val) ** 2).sum(), ((source.y_val - source.y_val.mean(axis=0)) ** 2).sum()
    assert made.series("val/r2")[20] == pytest.approx(1.0 - rest / whole, rel=1e-4)
    assert "val/accuracy" not in {series.name for series in made.run.info.series}


def test_the_constant_loss_is_what_a_constant_model_gets(kit: Any) -> None:
    made = kit.begin("regression")
    y = made.training.task.batches.source.y_train
    assert made.run.info.facts["constant_loss"] == pytest.approx(float(y.var()), rel=1e-4)
    towers = kit.begin("towers", "objective.margin=0.45")
    assert towers.run.info.facts["constant_loss"] == pytest.approx(0.45)


@pytest.mark.parametrize("kind", ["mlp", "regression", "stream", "towers"])
def test_every_series_told_was_announced_and_the_other_way_round(kit: Any, kind: str) -> None:
    made = kit.begin(kind, "model.dropout=0.2", "optimizer.weight_decay=0.01", "train.steps=24").train()
    announced = {series.name: series.every for series in made.run.info.series}
    told = {name for event in made.told for name in getattr(event, "series", ())}
    assert told == set(announced)
    for name, every in announced.items():
        steps = set(made.series(name))
        around = name.startswith("step/") or name.endswith(("update_ratio", "weight/distance"))
        if every > 1 and not around:
            assert {step % every for step in steps} <= {0}

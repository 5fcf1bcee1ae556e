"""What inspections show, held against numpy, sklearn and direct computation."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.metrics import confusion_matrix

from nnlab.engine.inspections.inspect import KINDS, inspect
from nnlab.engine.showing import show
from nnlab.wire.commands import Inspect
from nnlab.wire.events import Inspected, InspectionRefused

TWO = ("model.hidden=[8, 6]", "train.eval_every=10")


def look(made: Any, what: str, **options: Any) -> Callable[[str], NDArray[np.float64]]:
    """The answer, by name of array."""
    found = inspect(made.training, Inspect(what, 7, **options))
    assert isinstance(found, Inspected), found
    assert (found.step, found.what, found.id) == (made.run.step, what, 7)
    return lambda name: np.array(found.get(name))


def reason(made: Any, what: str, **options: Any) -> str:
    """Why not."""
    found = inspect(made.training, Inspect(what, **options))
    assert isinstance(found, InspectionRefused), found
    return found.reason


@pytest.mark.parametrize("kind", ["mlp", "regression", "stream", "towers"])
def test_the_same_bits_whether_inspected_or_not(kind: str, kit: Any, points: Any) -> None:
    keys = ("model.dropout=0.3", "train.steps=20", "train.eval_every=4")
    plain, watched = kit.begin(kind, *keys).train(), kit.begin(kind, *keys)
    for _ in range(5):
        for what in KINDS:
            show(watched.run, [], Inspect(what))
        before = torch.get_rng_state()
        show(watched.run, [], Inspect("activations"))
        assert torch.equal(torch.get_rng_state(), before)
        watched.train(4)
    assert torch.equal(watched.values, plain.values)
    assert points(watched.told) == points(plain.told)


# --- histograms ---------------------------------------------------------------------------------------------------


def test_weights_are_counted_layer_by_layer(kit: Any) -> None:
    made = kit.begin("mlp", "model.norm=layer").train(3)
    found = look(made, "weights", resolution=10)
    for place, linear in enumerate(made.training.task.network.linears):
        values = linear.weight.detach().double().numpy().ravel()
        counts, edges = np.histogram(values, 10)
        assert found("counts").reshape(3, 10)[place].tolist() == counts.tolist()
        assert (found("low")[place], found("high")[place]) == (edges[0], edges[-1])
        assert found("mean")[place] == pytest.approx(values.mean())
        assert found("std")[place] == pytest.approx(values.std())


def test_values_that_are_not_finite_are_counted_apart(kit: Any) -> None:
    made = kit.begin("mlp")
    made.training.task.network.linears[1].weight.data[0, :2] = torch.tensor([torch.nan, torch.inf])
    made.training.task.network.linears[2].weight.data.fill_(torch.nan)
    found = look(made, "weights")
    assert found("nonfinite").tolist() == [0.0, 2.0, 18.0]
    assert found("counts").reshape(3, 40).sum(axis=1).tolist() == [16.0, 46.0, 0.0]
    assert np.isnan(look(made, "gradients")("norm")).all()


def test_values_all_alike_stand_in_the_middle(kit: Any) -> None:
    made = kit.begin("mlp")
    made.training.task.network.linears[0].weight.data.fill_(-3.0)
    found = look(made, "weights", layer="fc1", resolution=5)
    assert found("counts").tolist() == [0.0, 0.0, 16.0, 0.0, 0.0]
    assert found("low")[0] < -3.0 < found("high")[0]


def test_activations_and_gradients_are_those_of_the_probe_batch(kit: Any) -> None:
    made = kit.begin("mlp", "model.dropout=0.5").train(5)
    task = made.training.task
    batch, (first, second, _) = task.probe(), task.network.linears
    hidden = torch.relu(second(torch.relu(first(batch.inputs)))).detach().double().numpy()
    found = look(made, "activations", layer="fc2")
    assert found("counts").tolist() == np.histogram(hidden, 40)[0].tolist()
    (gradient,) = torch.autograd.grad(task.measure(batch)[1], [second.weight])
    found = look(made, "gradients", layer="fc2", resolution=20)
    assert found("counts").tolist() == np.histogram(gradient.double().numpy(), 20)[0].tolist()
    assert made.train(5).series("layer/fc2/grad_norm")[10] == pytest.approx(look(made, "gradients")("norm")[1])


# --- supervised ---------------------------------------------------------------------------------------------------

OBJECTIVES = {
    "cross_entropy": lambda z: F.softmax(z, dim=1),
    "bce_with_logits": lambda z: torch.cat((1.0 - torch.sigmoid(z), torch.sigmoid(z)), dim=1),
    "hinge": lambda z: torch.cat((1.0 - (0.5 + 0.5 * z).clamp(0, 1), (0.5 + 0.5 * z).clamp(0, 1)), dim=1),
    "mse": lambda z: torch.cat((1.0 - z.clamp(0, 1), z.clamp(0, 1)), dim=1),
}


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_surface_is_what_the_network_says_at_each_point(kit: Any, objective: str) -> None:
    made = kit.begin("mlp", "data.classes=2", f"objective.kind={objective}", "data.input_scale=0.1").train(20)
    found = look(made, "surface", resolution=9)
    x, y, grid = found("x"), found("y"), found("grid").reshape(2, 9, 9)
    for row, column in [(0, 0), (3, 8), (8, 2)]:
        point = torch.tensor([[x[column], y[row]]]).float() * 0.1
        expected = OBJECTIVES[objective](made.training.task.network(point, 0.0, False))[0]
        assert grid[:, row, column] == pytest.approx(expected.detach().numpy(), abs=1e-6)
    source = made.training.task.batches.source
    held = found("point_held") == 1.0
    assert sorted(found("point_x")[held]) == pytest.approx(sorted(source.x_val[:, 0]), rel=1e-5)
    assert found("point_label")[held].sum() == source.y_val.sum()
    assert x[0] < min(found("point_x")) < max(found("point_x")) < x[-1]


def test_one_input_makes_a_curve(kit: Any) -> None:
    made = kit.begin("regression", 'data={kind = "sine", samples = 80}').train(10)
    found = look(made, "surface")
    with torch.no_grad():
        expected = made.training.task.network(torch.tensor(found("x")).float()[:, None], 0.0, False)
    assert found("grid") == pytest.approx(expected[:, 0].numpy(), abs=1e-6)
    assert found("point_y") == pytest.approx(found("point_label"))
    assert "y" not in inspect(made.training, Inspect("surface")).names


def test_confusion_against_sklearn(kit: Any) -> None:
    made = kit.begin("mlp", "data.noise=6.0", "data.samples=500").train(20)
    task = made.training.task
    predicted = task.network(torch.tensor(task.batches.source.x_val), 0.0, False).argmax(dim=1).numpy()
    expected = confusion_matrix(task.batches.source.y_val, predicted, labels=range(3))
    assert look(made, "confusion")("matrix").reshape(3, 3).tolist() == expected.tolist()


@pytest.mark.parametrize("kind", ["mlp", "regression"])
def test_the_rows_with_the_largest_loss_by_a_loop(kit: Any, kind: str) -> None:
    made = kit.begin(kind).train(20)
    task = made.training.task
    source, objective = task.batches.source, {"mlp": F.cross_entropy, "regression": F.mse_loss}[kind]
    losses = [
        float(objective(task.network(torch.tensor(x[None]), 0.0, False), torch.tensor(np.array([y]))).detach())
        for x, y in zip(source.x_train, source.y_train, strict=True)
    ]
    found = look(made, "samples", resolution=5)
    expected = np.argsort(losses)[::-1][:5]
    assert found("index").tolist() == expected.tolist()
    assert found("loss") == pytest.approx(np.array(losses)[expected], rel=1e-4)
    assert found("true") == pytest.approx(source.y_train[expected].reshape(5))
    assert found("mean")[0] == pytest.approx(np.mean(losses), rel=1e-4)
    text = inspect(made.training, Inspect("samples", resolution=5)).texts[0]
    assert text.startswith(f"x0 {source.x_train[expected[0], 0]:.3g}, x1 ")


# --- two towers ---------------------------------------------------------------------------------------------------


def embeddings(made: Any, rows: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of the held-out triplets, tower by tower."""
    batch = made.training.task.batches.validation(rows)
    network = made.training.task.network
    with torch.no_grad():
        return (
            network.encode_queries(batch.queries, 0.0),
            network.encode_documents(batch.positives, 0.0),
            network.encode_documents(batch.negatives, 0.0),
        )


def test_similarities_of_held_out_triplets(kit: Any) -> None:
    made = kit.begin("towers").train(10)
    query, positive, negative = embeddings(made, 256)
    found = look(made, "similarities", resolution=16)
    for name, other in (("positive", positive), ("negative", negative)):
        cosines = np.array([float(F.cosine_similarity(q, o, dim=0)) for q, o in zip(query, other, strict=True)])
        counts = np.histogram(cosines, 16, (-1.0, 1.0))[0]
        assert np.abs(np.cumsum(found(name) - counts)).max() <= 1  # one may lie on an edge
        assert found("mean")[int(name == "negative")] == pytest.approx(cosines.mean(), abs=1e-6)


def test_spectrum_and_projection_against_sklearn(kit: Any) -> None:
    made = kit.begin("towers").train(10)
    query, positive, negative = embeddings(made, 256)
    documents = torch.cat((positive, negative)).double().numpy()
    fitted = PCA().fit(documents)
    found = look(made, "spectrum")
    assert found("values") == pytest.approx(fitted.singular_values_, rel=1e-4, abs=1e-4)
    share = fitted.singular_values_ / fitted.singular_values_.sum()
    assert found("effective_rank")[0] == pytest.approx(np.exp(-(share * np.log(share)).sum()), rel=1e-4)

    query, positive, negative = embeddings(made, 64)
    documents = torch.cat((positive, negative)).double().numpy()
    fitted = PCA(2).fit(documents)
    found = look(made, "projection", resolution=128)
    everything = fitted.transform(np.concatenate((documents, query.double().numpy())))
    for axis, name in enumerate("xy"):
        assert np.abs(found(name)) == pytest.approx(np.abs(everything[:, axis]), abs=1e-4)
    assert found("explained") == pytest.approx(fitted.explained_variance_ratio_, abs=1e-5)
    assert found("kind").tolist() == [0.0] * 64 + [1.0] * 64 + [2.0] * 64
    source = made.training.task.batches.source
    q, p, n = source.validation(64)
    topics = [*source.passage_topic[p], *source.passage_topic[n], *source.query_topic[q]]
    assert found("topic").tolist() == topics


def test_the_triplets_that_cost_the_most(kit: Any) -> None:
    made = kit.begin("towers").train(10)
    task = made.training.task
    found = look(made, "samples", resolution=4)
    losses = task.losses(task.measure(batch := task.batches.probe(256))[0], batch).detach().numpy()
    assert found("loss") == pytest.approx(np.sort(losses)[::-1][:4])
    assert found("predicted") - found("true") + 0.3 == pytest.approx(found("loss"), abs=1e-5)
    text = inspect(made.training, Inspect("samples")).texts[0]
    query, positive, _ = (index[int(found("index")[0])] for index in task.batches.probe_places(256))
    topic = task.batches.source.query_topic[query]
    assert text.startswith(f"query {query} (topic {topic}), positive {positive}, negative ")


# --- refusals -----------------------------------------------------------------------------------------------------

REFUSALS = {
    ("stream", "surface", "a surface needs a problem with one or two inputs, and this one has 4"),
    ("regression", "confusion", "only classes can be confused, and this is a regression"),
    ("towers", "surface", "needs a supervised scenario"),
    ("mlp", "projection", "needs a two-tower scenario"),
    ("mlp", "wieghts", "did you mean 'weights'?"),
}


@pytest.mark.parametrize(("kind", "what", "words"), sorted(REFUSALS))
def test_what_there_is_not_is_refused_with_a_reason(kit: Any, kind: str, what: str, words: str) -> None:
    assert words in reason(kit.begin(kind), what)


def test_what_cannot_be_shown_now_is_refused_with_a_reason(kit: Any) -> None:
    made = kit.begin("mlp", "data.val_fraction=0")
    assert "needs validation rows" in reason(made, "confusion")
    assert "there is no layer fc9 here; there are fc1, fc2, out" in reason(made, "weights", layer="fc9")
    assert "resolution 9999 is not from 2 to 512" in reason(made, "weights", resolution=9999)
    towers = kit.begin("towers")
    towers.training.parameters.values.fill_(torch.nan)
    assert "not finite" in reason(towers, "spectrum")

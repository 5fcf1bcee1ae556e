"""A run on generations: the network that trains is the one that writes the next corpus."""

from typing import Any

import numpy as np
import pytest
import torch

DATA = 'data={{ kind = "generations", samples = 250, contexts = 4, symbols = 6, generation_steps = 10{} }}'


def begin(kit: Any, *keys: str, options: str = "", **more: Any) -> Any:
    return kit.begin("mlp", DATA.format(options), *keys, **more)


def test_each_corpus_is_sampled_from_the_network_as_it_is_then(kit: Any) -> None:
    made = begin(kit, options=", temperature = 0.5")
    made.train(10)
    batches, network = made.training.task.batches, made.training.task.network
    assert batches.generation == 0
    with torch.no_grad():
        outputs = network(torch.eye(4), 0.0, False).double()
    expected = batches.source.successor(torch.softmax(outputs / 0.5, dim=1).numpy(), 1, 0.0)
    made.train(1)
    assert batches.generation == 1
    np.testing.assert_array_equal(batches.source.y_train, expected.y_train)
    fed = torch.cat([batches.next().targets for _ in range(1, 10)])
    assert set(fed.tolist()) <= set(expected.y_train.tolist())


def test_generations_are_measured_at_their_end_and_marked_at_their_beginning(kit: Any, without_frames: Any) -> None:
    made = begin(kit).train()
    for name in ("samples/variance", "samples/tail_mass", "samples/true_loss"):
        assert list(made.series(name)) == [10, 20, 30, 40], name
        assert name in {spec.name for spec in made.run.info.series}
    marks = [event.step for event in without_frames(made.told) if getattr(event, "kind", "") == "generation"]
    assert marks == [10, 20, 30]
    source, network = made.training.task.batches.source, made.training.task.network
    assert made.series("samples/variance")[40] == source.variance()
    with torch.no_grad():
        logs = torch.log_softmax(network(torch.eye(4), 0.0, False).double(), dim=1).numpy()
    assert made.series("samples/true_loss")[40] == pytest.approx(-(source.truth * logs).sum(axis=1).mean(), rel=1e-6)


def test_the_same_run_twice_and_without_probes(kit: Any) -> None:
    runs = [begin(kit).train(), begin(kit).train(), begin(kit, probes=False).train()]
    assert all(torch.equal(run.values, runs[0].values) for run in runs)
    assert not runs[2].series("samples/variance")
    corpora = [run.training.task.batches.source.y_train for run in runs]
    assert all(np.array_equal(corpus, corpora[0]) for corpus in corpora)


def test_replay_turned_during_a_run_holds_from_the_next_corpus_on(kit: Any) -> None:
    made = begin(kit).train(15)
    batches = made.training.task.batches
    assert (batches.source.y_train != batches.source.true_labels).any()
    made.run.turn("replay", 1.0, "user", 1)
    made.train(5)
    assert (batches.source.y_train != batches.source.true_labels).any()
    made.train(1)
    np.testing.assert_array_equal(batches.source.y_train, batches.source.true_labels)


def test_a_network_that_says_nothing_finite_ends_no_run(kit: Any) -> None:
    made = begin(kit, "optimizer.lr=1e30", "optimizer.kind=sgd", options=", replay = 0.5").train()
    assert np.isnan(made.series("samples/true_loss")[40])
    assert made.run.state == "finished" and made.run.step == 40


@pytest.mark.parametrize("fault", ["fault.stale_batch", "fault.leak_validation", "fault.misaligned_labels"])
def test_faults_go_with_generations(kit: Any, fault: str) -> None:
    assert begin(kit, f"{fault}=true").train().run.step == 40

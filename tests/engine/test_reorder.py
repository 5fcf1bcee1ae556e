"""Batches in another order: the same parameters and data, another course from there on."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from nnlab.engine.begin import reorder
from nnlab.engine.showing import show
from nnlab.wire.commands import Save

Told = Callable[..., dict[str, dict[int, bytes]]]


@pytest.mark.parametrize("kind", ["mlp", "stream", "towers"])
def test_another_order_changes_what_follows_and_nothing_else(kit: Any, points: Told, kind: str) -> None:
    def losses(seed: int) -> dict[int, bytes]:
        trained = kit.begin(kind).train(10)
        before = trained.values
        if seed:
            reorder(trained.run, seed)
        assert torch.equal(trained.values, before)
        return points(trained.train(8).told)["train/loss"]

    own, other, again = losses(0), losses(5), losses(5)
    assert [own[step] for step in range(10)] == [other[step] for step in range(10)]
    assert other == again
    assert [own[step] for step in range(10, 18)] != [other[step] for step in range(10, 18)]


def test_an_engine_saves_its_state_and_another_starts_from_it_in_another_order(
    kit: Any, points: Told, tmp_path: Any
) -> None:
    body = tmp_path / "body"
    first = kit.begin("mlp").train(10)
    told: list[Any] = []
    show(first.run, told, Save(str(body), 3))
    assert (told[0].step, told[0].id, told[0].error) == (10, 3, "")
    rest = points(first.train(8).told)["train/loss"]
    same = points(kit.begin("mlp", start=str(body)).train(8).told)["train/loss"]
    assert same == {step: rest[step] for step in range(10, 18)}
    other = points(kit.begin("mlp", start=str(body), reorder=5).train(8).told)["train/loss"]
    assert other.keys() == same.keys()
    assert other != same
    show(first.run, told, Save(str(tmp_path / "no" / "body")))
    assert "No such file" in told[1].error

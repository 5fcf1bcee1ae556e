"""A recorded run that is read again: each of its steps can be gone to and looked into, and its file stays as it is."""

from typing import Any

import pytest

from nnlab.engine.inspections.inspect import inspect
from nnlab.wire.commands import Inspect
from nnlab.wire.events import Refused


@pytest.fixture
def recorded(kit: Any) -> tuple[str, dict[tuple[int, int], Any]]:
    """The path of a run with a knob turn, a rewind and a branch; and what was seen inside it on the way."""
    path = str(kit.folder / "r.nnlab")
    made, seen = kit.begin("mlp", "dropout=0.2", record=path), {}

    def train(steps: int, branch: int) -> None:
        for _ in range(steps):
            made.train(1)
            seen[branch, made.run.step] = inspect(made.training, Inspect("weights"))

    train(13, 0)
    made.run.turn("lr", 0.1, "user", 0)
    train(12, 0)
    made.run.travel("rewind", lambda: made.run.time.rewind(18))
    made.run.turn("dropout", 0.5, "user", 0)
    train(6, 1)
    made.run.end("stopped")
    return path, seen


def test_every_step_looks_as_it_did(kit: Any, recorded: tuple[str, dict[tuple[int, int], Any]]) -> None:
    path, seen = recorded
    before = kit.folder.joinpath("r.nnlab").read_bytes()
    again = kit.begin("mlp", "dropout=0.2", record=path, resume=True, rereads=True, paused=True)
    assert again.run.step == 0
    for branch, step in ((0, 25), (0, 7), (1, 24), (0, 24), (1, 13), (0, 14)):
        again.run.travel("switch", lambda branch=branch, step=step: again.run.time.switch(branch, step))
        assert inspect(again.training, Inspect("weights")) == seen[branch if step > 18 else 0, step]
    count = len(again.told)
    assert not again.run.travel("switch", lambda: again.run.time.switch(0, 26))
    assert isinstance(again.told[count], Refused)
    again.run.end("stopped")
    assert kit.folder.joinpath("r.nnlab").read_bytes() == before

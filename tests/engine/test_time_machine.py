"""Rewinds, branches, undo and redo, guards that go back: what is told of them and what they leave in the run file."""

import math
from typing import Any

import pytest
import torch

from nnlab.runs.reader import RunFile
from nnlab.wire.events import Branched, BranchNamed, Frame, KnobTurned, Marked, Refused, Rewound, StateChanged
from nnlab.wire.values import Branch


def rewind(made: Any, step: int) -> bool:
    return bool(made.run.travel("rewind", lambda: made.run.time.rewind(step)))


def since(made: Any, count: int) -> list[Any]:
    """What was told since, without frames."""
    return [event for event in made.told[count:] if not isinstance(event, Frame)]


def test_a_rewound_run_goes_on_bit_for_bit_and_records_nothing_twice(kit: Any, points: Any) -> None:
    straight = kit.begin("mlp", "dropout=0.2", at=("20:lr=0.1",)).train()
    made = kit.begin("mlp", "dropout=0.2", at=("20:lr=0.1",), record=str(kit.folder / "r.nnlab")).train()
    count = len(made.told)
    assert rewind(made, 13)
    assert since(made, count) == [Rewound(13, 0), StateChanged(13, "paused")]
    assert (made.run.step, made.run.knobs["lr"]) == (13, 0.001)
    made.train()
    again = points(made.told[count:])
    assert min(again["train/loss"]) == 13
    for name, column in again.items():
        assert column == {step: bits for step, bits in points(straight.told)[name].items() if step in column}
    assert torch.equal(made.values, straight.values)
    assert [event.knob for event in since(made, count) if isinstance(event, KnobTurned)] == ["lr"]
    made.run.end("stopped")
    with RunFile(made.record) as file:
        assert file.branches() == (Branch(0),)
        assert file.series("train/loss").steps.tolist() == list(range(40))
        assert len(file.events("knob")) == 1


def test_a_change_after_a_rewind_begins_a_branch(kit: Any) -> None:
    made = kit.begin("mlp", record=str(kit.folder / "r.nnlab")).train(30)
    old = made.series("train/loss")
    rewind(made, 20)
    count = len(made.told)
    made.run.turn("lr", 0.5, "user", 7)
    assert since(made, count) == [Branched(1, 0, 20, "lr 0.5"), KnobTurned(20, "lr", 0.001, 0.5, 0.5, "user", 7)]
    made.train(5)
    made.run.time.name(1, "high")
    assert since(made, count)[-1] == BranchNamed(1, "high")
    made.run.end("stopped")
    straight = kit.begin("mlp", at=("20:lr=0.5",)).train(25)
    with RunFile(made.record) as file:
        assert file.branches() == (Branch(0), Branch(1, 0, 20, "high"))
        assert file.branch == 1
        assert dict(zip(*map(list, file.series("train/loss")), strict=True)) == straight.series("train/loss")
        assert dict(zip(*map(list, file.series("train/loss", branch=0)), strict=True)) == old
        assert file.series("train/probe_loss").steps.tolist() == list(range(26))
        assert (file.done(), file.done(0)) == (25, 30)


def test_switching_goes_to_the_end_of_a_branch_and_training_on_is_training_on(kit: Any) -> None:
    made = kit.begin("mlp").train(30)
    end = made.values
    rewind(made, 20)
    made.run.turn("lr", 0.5, "user", 0)
    made.train(5)
    made.run.travel("switch", lambda: made.run.time.switch(0))
    assert made.run.step == 30
    assert torch.equal(made.values, end)
    count = len(made.told)
    made.train()
    assert torch.equal(made.values, kit.begin("mlp").train().values)
    assert not [event for event in since(made, count) if isinstance(event, Branched)]


def test_undo_leaves_out_the_last_turn_and_redo_brings_it_back(kit: Any) -> None:
    made = kit.begin("mlp").train(10)
    made.run.turn("lr", 0.5, "user", 0)
    made.run.turn("momentum" if "momentum" in made.run.knobs else "weight_decay", 0.1, "user", 0)
    made.train(10)
    made.run.travel("undo", made.run.time.undo)
    assert made.run.step == 10
    made.train()
    assert (made.run.time.branch, made.run.knobs["lr"]) == (1, 0.5)
    assert made.run.time.tree.branches[1].name.startswith("without weight_decay")
    assert torch.equal(made.values, kit.begin("mlp", at=("10:lr=0.5",)).train().values)
    made.run.travel("redo", made.run.time.redo)
    assert (made.run.time.branch, made.run.step, made.run.knobs["weight_decay"]) == (0, 20, 0.1)
    made.run.travel("undo", made.run.time.undo)
    made.run.travel("undo", made.run.time.undo)
    made.train()
    assert torch.equal(made.values, kit.begin("mlp").train().values)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda it: it.rewind(31), "goes from step 0 to step 30"),
        (lambda it: it.rewind(-1), "goes from step 0 to step 30"),
        (lambda it: it.switch(4), "no branch 4"),
        (lambda it: it.undo(), "nothing to undo"),
        (lambda it: it.redo(), "nothing has been undone"),
        (lambda it: it.name(3, "x"), "no branch 3"),
    ],
)
def test_what_cannot_be_done_is_refused_and_the_run_goes_on(kit: Any, action: Any, words: str) -> None:
    made = kit.begin("mlp").train(30)
    assert not made.run.travel("go", lambda: action(made.run.time))
    refused = made.told[-1]
    assert isinstance(refused, Refused)
    assert words in refused.reason
    made.train()
    assert torch.equal(made.values, kit.begin("mlp").train().values)


def test_a_script_goes_back_once_and_what_follows_it_waits(kit: Any) -> None:
    made = kit.begin("mlp", at=("20:lr=0.5", "30:rewind=10", "15:lr=0.02", "18:snapshot")).train()
    turns = [(event.step, event.new) for event in since(made, 0) if isinstance(event, KnobTurned)]
    assert turns == [(20, 0.5), (15, 0.02)]
    assert [event for event in since(made, 0) if isinstance(event, Rewound)] == [Rewound(10, 0)]
    assert made.run.time.shelf.has(1, 18)
    assert torch.equal(made.values, kit.begin("mlp", at=("15:lr=0.02",)).train().values)


def test_a_scripted_rewind_alone_repeats_the_line(kit: Any) -> None:
    made = kit.begin("mlp", at=("20:lr=0.5", "30:rewind=10")).train()
    assert (made.run.state, len(made.run.time.tree.branches)) == ("finished", 1)
    assert torch.equal(made.values, kit.begin("mlp", at=("20:lr=0.5",)).train().values)


def test_a_guard_goes_back_with_a_lower_rate_and_pauses_after_its_last_try(kit: Any) -> None:
    keys = ("optimizer.kind=sgd", "guard.on_nonfinite=rewind", "guard.lr_factor=0.1", "guard.max_rewinds=2")
    made = kit.begin("regression", "model.activation=relu", "train.steps=60", "lr=1e4", *keys).train()
    assert made.run.state == "paused"
    guards = [event.text for event in since(made, 0) if isinstance(event, Marked) and event.kind == "guard"]
    assert [text.split(":")[0] for text in guards] == ["rewind to step 0", "rewind to step 0", "pause"], guards
    assert "after 2 rewinds" in guards[-1]
    turns = [(event.new, event.source) for event in since(made, 0) if isinstance(event, KnobTurned)]
    assert turns == [(1e3, "guard"), (100.0, "guard")]
    cured = kit.begin("regression", "model.activation=relu", "train.steps=60", "lr=10", *keys).train()
    assert cured.run.state == "finished"
    assert all(math.isfinite(value) for value in cured.values.tolist())


def test_early_stopping_goes_back_to_the_best(kit: Any) -> None:
    keys = ("train.steps=200", "lr=0.5", "train.eval_every=4", "train.early_stopping={patience=3}")
    made = kit.begin("mlp", *keys).train()
    losses = made.series("val/loss")
    best = min(losses, key=lambda step: (losses[step], step))
    last = made.told[-1]
    assert isinstance(last, StateChanged)
    assert (last.step, last.state) == (best, "finished")
    assert f"back at the best, step {best}" in last.reason
    assert max(losses) == best + 12
    count = len(made.told)
    made.train(30)
    assert made.run.step == best + 30
    assert not [event for event in since(made, count) if isinstance(event, Branched)]


def test_a_late_client_is_told_all_lines_and_where_the_run_stands(kit: Any, points: Any) -> None:
    made = kit.begin("mlp", "train.steps=60").train(30)
    rewind(made, 20)
    made.run.turn("lr", 0.5, "user", 0)
    made.train(10)
    rewind(made, 25)
    late: list[Any] = []
    made.run.logbook.greet(late, made.run.time.standing)
    events = [event for event in late if not isinstance(event, Frame)]
    assert [event for event in events if isinstance(event, Rewound | Branched)] == [
        Rewound(20, 0), Branched(1, 0, 20, "lr 0.5"), Rewound(0, 1),
    ]  # fmt: skip
    assert events[-1] == StateChanged(25, "paused")
    current = late[late.index(Rewound(0, 1)) :]
    straight = kit.begin("mlp", "train.steps=60", at=("20:lr=0.5",)).train(25)
    assert points(current) == points(straight.told)
    assert [event.step for event in current if isinstance(event, KnobTurned)] == [20]

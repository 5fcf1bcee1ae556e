"""The course of a run: pauses, ends, guards, early stopping, phases, script, journal and file."""

import math
from typing import Any

import pytest
import torch

from nnlab.errors import UserError
from nnlab.wire.events import KnobRefused, KnobTurned, Marked, RunStarted, StateChanged

pytestmark = pytest.mark.slow


def states(made: Any) -> list[tuple[int, str]]:
    return [(event.step, event.state) for event in made.told if isinstance(event, StateChanged)]


def marks(made: Any, kind: str) -> list[tuple[int, str]]:
    return [(event.step, event.text) for event in made.told if isinstance(event, Marked) and event.kind == kind]


def test_a_plain_run_from_start_to_finish(kit: Any) -> None:
    made = kit.begin("mlp", "train.steps=30", "train.eval_every=7").train()
    assert isinstance(made.told[0], RunStarted)
    assert states(made) == [(0, "running"), (30, "finished")]
    assert list(made.series("train/loss")) == list(range(30))
    assert list(made.series("val/loss")) == [0, 7, 14, 21, 28, 30]
    assert made.told[-1] == StateChanged(30, "finished", "")
    assert made.run.info.knobs
    assert made.run.info.layers[-1].name == "out"


def test_pause_single_steps_and_resume(kit: Any) -> None:
    made = kit.begin("mlp")
    made.run.pause()
    made.run.pause()
    assert states(made) == [(0, "paused")]
    made.train(1).train(5).train()
    assert states(made)[1:] == [
        (0, "running"), (1, "paused"), (1, "running"), (6, "paused"), (6, "running"), (40, "finished"),
    ]  # fmt: skip
    made.train(3)
    assert states(made)[-1] == (43, "finished")
    made.run.resume()
    for _ in range(20):
        made.run.advance()
    assert made.run.state == "running"
    assert made.run.step == 63


def test_the_same_bits_however_the_run_is_cut_up(kit: Any, points: Any) -> None:
    whole = points(kit.begin("mlp", "model.dropout=0.2").train().told)
    parts = kit.begin("mlp", "model.dropout=0.2")
    for steps in (1, 2, 3, 20):
        parts.train(steps)
    found = points(parts.train().told)
    assert found == whole


@pytest.mark.parametrize("eval_every", [1, 3, 100])
@pytest.mark.parametrize("action", ["pause", "stop"])
def test_the_guard_acts_in_the_step_that_is_not_finite(kit: Any, action: str, eval_every: int) -> None:
    made = kit.begin("mlp", f"guard.on_nonfinite={action}", f"train.eval_every={eval_every}").train(5)
    made.training.parameters.values[:5] = math.nan
    made.train()
    end = {"pause": "paused", "stop": "finished"}[action]
    assert made.told[-1].state == end if isinstance(made.told[-1], StateChanged) else False
    assert states(made)[-1] == (6, end)
    assert [step for step, _ in marks(made, "guard")] == [6]
    assert "not finite" in marks(made, "guard")[0][1]
    assert math.isnan(made.series("train/loss")[5])


def test_without_a_guard_training_goes_on(kit: Any) -> None:
    made = kit.begin("mlp").train(5)
    made.training.parameters.values[:] = math.inf
    assert states(made.train())[-1] == (40, "finished")


@pytest.mark.parametrize("eval_every", [1, 100])
def test_the_guard_acts_in_the_step_that_is_over_the_ceiling(kit: Any, eval_every: int) -> None:
    plain = kit.begin("mlp", "optimizer.lr=0.3", "data.shuffle=true").train()
    norms = plain.series("grad/norm")
    ceiling = sorted(norms.values())[-1] * 0.999
    first = next(step for step, norm in norms.items() if norm > ceiling)
    keys = ("optimizer.lr=0.3", f"guard.grad_norm_ceiling={ceiling}", f"train.eval_every={eval_every}")
    made = kit.begin("mlp", *keys).train()
    assert [step for step, _ in marks(made, "guard")] == [first + 1]
    assert states(made)[-1] == (first + 1, "paused")
    assert made.train().series("train/loss") == plain.series("train/loss")


def test_early_stopping_and_going_on_after_it(kit: Any) -> None:
    stopping = "train.early_stopping={patience = 3, restore_best = false}"
    keys = ("train.steps=40", "train.eval_every=2", stopping, "optimizer.lr=0")
    made = kit.begin("mlp", *keys).train()
    assert states(made)[-1] == (8, "finished")
    assert "3 evaluations" in made.told[-1].reason
    made.train()
    assert states(made)[-1] == (14, "finished")
    made.run.turn("lr", 0.05, "user", 1)
    assert states(made.train())[-1][0] > 20


def test_early_stopping_waits_while_there_is_improvement(kit: Any) -> None:
    stopping = "train.early_stopping={patience = 3, min_delta = 0.01, restore_best = false}"
    keys = ("train.eval_every=1", stopping, "optimizer.lr=0.05")
    made = kit.begin("mlp", *keys).train()
    losses, best, waited = list(made.series("val/loss").values())[1:], math.inf, 0
    ends = []
    for count, loss in enumerate(losses, 1):
        best, waited = (loss, 0) if loss < best - 0.01 else (best, waited + 1)
        if waited == 3:
            ends.append(count)
    assert ends == [made.run.step]


# --- phases and script --------------------------------------------------------------------------------------------

PHASES = """
        [[data.phases]]
        from_step = 10
        classes = [0, 1]
        label_noise = 0.5
        [[data.phases]]
        from_epoch = 3
        shift = 2.0
        input_scale = 1e6
        """


def test_phases_change_the_data_and_begin_from_the_base(kit: Any) -> None:
    """An epoch is seven steps, so the second phase begins at step 21; it takes back what only the first one named."""
    made = kit.begin("mlp", text=PHASES)
    task = made.training.task
    base = task.batches.source
    made.train(15)
    assert set(torch.unique(task.batches._y).tolist()) <= {0, 1, 2}
    assert len(task.batches.source.x_train) < len(base.x_train)
    assert made.run.knobs["label_noise"] == 0.5
    made.train()
    assert marks(made, "phase") == [
        (10, "data: classes 0, 1; label_noise 0.5"), (21, "data: shift 2.0; input_scale 1000000.0"),
    ]  # fmt: skip
    turned = [(event.step, event.knob, event.new, event.source) for event in made.told if isinstance(event, KnobTurned)]
    assert turned == [
        (10, "label_noise", 0.5, "script"), (21, "label_noise", 0.0, "script"), (21, "input_scale", 1e6, "script"),
    ]  # fmt: skip
    assert not [event for event in made.told if isinstance(event, KnobRefused)]
    moved = torch.tensor(base.x_train + 2.0 * base.x_train.std(axis=0)) * 1e6
    torch.testing.assert_close(task.batches._x, moved, rtol=1e-4, atol=10.0)


def test_steps_before_a_phase_are_as_without_it(kit: Any) -> None:
    plain, phased = kit.begin("mlp").train(), kit.begin("mlp", text=PHASES).train()
    ours, theirs = phased.series("train/loss"), plain.series("train/loss")
    assert min(step for step in ours if ours[step] != theirs[step]) == 10


def test_a_phase_with_other_columns_is_the_users_mistake(kit: Any) -> None:
    for name, columns in (("one", "a,b,y"), ("two", "a,b,c,y")):
        wide = columns.count(",")
        rows = [",".join([*["1.5", "2.5", "0.5"][:wide], str(i % 2)]) for i in range(20)]
        (kit.folder / f"{name}.csv").write_text("\n".join([columns, *rows]))
    text = """
        [data]
        kind = "table"
        path = "one.csv"
        [[data.phases]]
        from_step = 5
        path = "two.csv"
        [model]
        kind = "mlp"
        [objective]
        kind = "cross_entropy"
        """
    from nnlab.scenario.load import load_text

    loaded = load_text(text, "t", kit.folder)
    from nnlab.engine.build import build

    with pytest.raises(UserError, match="from step 5 on have 3 features, those at the start 2"):
        build(loaded.scenario, 0, kit.folder, torch.device("cpu"))


def test_the_onset_of_drift_is_marked(kit: Any) -> None:
    made = kit.begin("stream").train()
    assert [step for step, _ in marks(made, "drift")] == [20]
    keys = ("data.course=recurring", "data.duration=5", "data.start_step=3")
    assert [step for step, _ in marks(kit.begin("stream", *keys).train(), "drift")] == [3, 13, 23, 33]
    assert marks(kit.begin("stream", "data.drift=none").train(), "drift") == []
    assert marks(kit.begin("stream", "data.strength=0").train(), "drift") == []


def test_the_script_turns_pauses_and_notes(kit: Any) -> None:
    text = """
        [[script]]
        at_epoch = 1
        set = {lr = 0.5, dropout = 0.2}
        text = "more of everything"
        [[script]]
        at = 12
        action = "pause"
        text = "look at the loss"
        [[script]]
        at = 12
        action = "note"
        text = "it jumped"
        """
    made = kit.begin("mlp", text=text).train()
    assert states(made)[-1] == (12, "paused")
    assert made.told[-2] == StateChanged(12, "paused", "look at the loss")
    turned = [(event.step, event.knob, event.new, event.source) for event in made.told if isinstance(event, KnobTurned)]
    assert turned == [(7, "lr", 0.5, "script"), (7, "dropout", 0.2, "script")]
    assert marks(made, "note") == [(7, "more of everything"), (12, "it jumped")]
    made.train()
    assert states(made)[-1] == (40, "finished")
    assert len(marks(made, "note")) == 2


@pytest.mark.parametrize("kind", ["mlp", "stream", "towers"])
def test_a_turn_while_paused_gives_the_same_bits_as_the_script(kit: Any, kind: str, points: Any) -> None:
    keys = ("train.steps=12", "model.dropout=0.1")
    turns = {"lr": 0.02, "dropout": 0.4, "batch_size": 11, "optimizer": "adamw"}
    scripted = kit.begin(kind, *keys, at=tuple(f"6:{knob}={value}" for knob, value in turns.items())).train()
    live = kit.begin(kind, *keys).train(6)
    for knob, value in turns.items():
        live.run.turn(knob, value, "user", 1)
    live.train()
    assert points(live.told) == points(scripted.told)
    assert torch.equal(live.values, scripted.values)


# --- journal and file ---------------------------------------------------------------------------------------------

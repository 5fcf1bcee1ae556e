"""A run that was killed goes on as if it had not been, and a recorded run is the same when it is done again."""

import os
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import torch

from nnlab.engine.begin import begin
from nnlab.engine.experiments.reexecute import reexecute
from nnlab.engine.spec import Spec
from nnlab.resources import bundled
from nnlab.runs.reader import RunFile
from nnlab.scenario.load import load
from nnlab.wire.commands import Evaluate, NameBranch, Redo, Rewind, Snapshot, Switch, Turn, Undo
from nnlab.wire.commands import Run as RunSteps
from nnlab.wire.events import Branched, BranchNamed, Frame, KnobTurned, Marked, Refused, Rewound

pytestmark = pytest.mark.slow


def recorded(kit: Any, name: str = "r") -> Path:
    """A run with two branches."""
    path = kit.folder / f"{name}.nnlab"
    made = kit.begin("mlp", "dropout=0.2", at=("20:lr=0.5", "30:rewind=10", "15:lr=0.02"), record=str(path)).train()
    made.run.end("stopped")
    return Path(path)


def change(path: Path, statement: str) -> None:
    """Falsify a run file."""
    with sqlite3.connect(path) as file:
        file.execute(statement)
    file.close()


def test_what_was_recorded_comes_out_again(kit: Any) -> None:
    result = reexecute(recorded(kit))
    assert (result.same, result.branches, result.steps) == (True, 2, 30 + 25)
    assert result.points > 500


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE points SET value = value * 1.0000001 WHERE branch = 1 AND step IN (31, 35) AND series ="
            " (SELECT id FROM series WHERE name = 'train/loss')",
            (31, "train/loss", 1),
        ),
        ("DELETE FROM points WHERE step = 12 AND series = (SELECT id FROM series WHERE name = 'lr')", (12, "lr", 0)),
        ("UPDATE events SET body = replace(body, '0.5', '0.6') WHERE kind = 'knob'", (21, None, 0)),
        ("UPDATE meta SET value = '4' WHERE key = 'seed'", (0, None, 0)),
    ],
)
def test_the_first_difference_is_named(kit: Any, statement: str, expected: tuple[int, str | None, int]) -> None:
    path = recorded(kit)
    change(path, statement)
    result = reexecute(path)
    step, series, branch = expected
    assert not result.same
    assert (result.step, result.branch) == (step, branch)
    assert series in (None, result.series)


def test_a_killed_run_is_resumed_bit_for_bit(kit: Any) -> None:
    path = kit.folder / "k.nnlab"
    keys = ("train.steps=2400", "dropout=0.2")
    at = ("30:rewind=10", "15:lr=0.02", "700:lr=0.005")
    live = kit.live("mlp", *keys, at=at, record=str(path), pace=600.0)
    # more than a second of training: what a killed engine may have kept back is gone past
    live.until(lambda event: isinstance(event, Frame) and event.step > 900)
    os.kill(live.process.pid or 0, signal.SIGKILL)
    live.process.join()
    with RunFile(path) as file:
        assert 15 < file.done() < 2400
        assert file.branch == 1
    spec = kit.spec("mlp", *keys, at=at, record=str(path), resume=True)
    run = begin(spec, Quiet())  # type: ignore[arg-type]
    run.resume()
    while run.state == "running":
        run.advance()
    run.end("stopped")
    straight = kit.begin("mlp", *keys, at=("15:lr=0.02", "700:lr=0.005")).train()
    assert torch.equal(run.training.parameters.values, straight.values)
    with RunFile(path) as file:
        assert dict(zip(*map(list, file.series("train/loss")), strict=True)) == straight.series("train/loss")
        assert [event.new for event in file.events("knob") if isinstance(event, KnobTurned)] == [0.02, 0.005]


def test_a_damaged_snapshot_is_passed_over(kit: Any) -> None:
    path = recorded(kit)
    change(path, "UPDATE snapshots SET body = substr(body, 1, 300) WHERE step > 5")
    run = begin(kit.spec("mlp", "dropout=0.2", record=str(path), resume=True), Quiet())  # type: ignore[arg-type]
    run.travel("rewind", lambda: run.time.rewind(20))
    assert run.step == 20
    run.end("stopped")


def test_an_engine_starts_from_a_snapshot_and_turns_knobs(kit: Any) -> None:
    made = kit.begin("mlp", "dropout=0.2").train(17)
    body = kit.folder / "body"
    made.run.time.keep("request")
    body.write_bytes(next(made.run.time.shelf.before([(0, 99)], 17)).body)
    fork = kit.begin("mlp", "dropout=0.2", start=str(body), turns={"lr": 0.05}).train(10)
    made.run.travel("rewind", lambda: made.run.time.rewind(17))  # dropout draws from the generator of the process
    made.run.turn("lr", 0.05, "user", 0)
    assert torch.equal(fork.values, made.train(10).values)
    assert min(fork.series("train/loss")) == 17
    twin = kit.begin("mlp", "dropout=0.2", start=str(body)).train()
    assert torch.equal(twin.values, kit.begin("mlp", "dropout=0.2").train().values)


def test_time_is_travelled_over_the_wire(kit: Any) -> None:
    live = kit.live("mlp", paused=True)
    for command in (
        RunSteps(20), Rewind(99), Rewind(8), Turn("lr", 0.3, 5), RunSteps(4), Evaluate(), Undo(), Redo(),
        Snapshot("mine"), NameBranch(1, "hot"), Switch(0), Turn("lr", 0.1, 6, "script"),
    ):  # fmt: skip
        live.feed.send(command)
        if isinstance(command, RunSteps):
            live.until_state("running")
            live.until_state("paused")
    told = live.until(lambda event: isinstance(event, KnobTurned) and event.id == 6)
    whole = [event for event in live.told if isinstance(event, Rewound | Branched | BranchNamed | Refused)]
    assert [type(event).__name__ for event in whole] == [
        "Refused", "Rewound", "Branched", "Rewound", "Rewound", "BranchNamed", "Rewound",
    ]  # fmt: skip
    assert [event.step for event in whole if isinstance(event, Rewound)] == [8, 8, 12, 20]
    assert [event.text for event in told if isinstance(event, Marked) and event.kind == "snapshot"] == ["mine"]
    assert told[-1].source == "user"


class Quiet:
    """Stands for the server of a run that nobody watches."""

    def broadcast(self, event: Any) -> None:
        """Nobody hears it."""

    def send(self, client: Any, events: Any) -> None:
        """Nobody asks."""


@pytest.mark.parametrize("path", sorted(bundled("scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_every_scenario_goes_on_bit_for_bit_after_a_rewind(kit: Any, points: Any, path: Path) -> None:
    loaded = load(path)
    plain = loaded.scenario.model_dump(mode="json")
    spec = Spec(plain, loaded.name, loaded.text, str(loaded.base_dir), loaded.scenario.seed, "cpu", "", "", "")
    told: list[Any] = []
    ear = type("Ear", (Quiet,), {"broadcast": lambda _, event: told.append(event)})()
    run = begin(spec, ear)

    def train() -> None:
        while run.step < 30:
            run.resume(30 - run.step)
            while run.state == "running":
                run.advance()
        run.frame()

    train()
    expected = points(told)
    values = run.training.parameters.values.clone()
    for back in (0, 13, 30, 22):
        assert run.travel("rewind", lambda to=back: run.time.rewind(to))
        told.clear()
        train()
        for name, column in points(told).items():
            assert column.items() <= expected[name].items(), (name, back)
        assert torch.equal(run.training.parameters.values, values) or not values.isfinite().all()


@pytest.mark.parametrize("path", sorted(bundled("scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_every_scenario_with_a_branch_is_proved(tmp_path: Path, path: Path) -> None:
    loaded = load(path, (), ("20:snapshot", "30:rewind=12", "16:note=here"))
    plain = loaded.scenario.model_dump(mode="json")
    record = str(tmp_path / "r.nnlab")
    spec = Spec(plain, loaded.name, loaded.text, str(loaded.base_dir), loaded.scenario.seed, "cpu", record, "", "")
    run = begin(spec, Quiet())  # type: ignore[arg-type]
    for step, knob in ((35, "batch_size"), (25, "lr")):
        run.resume(step)
        while run.state == "running" or run.step < step:
            if run.state != "running":
                run.resume()
            run.advance()
        run.travel("rewind", lambda to=step - 14: run.time.rewind(to))
        run.turn(knob, 9 if knob == "batch_size" else 0.02, "user", 0)
    run.resume(5)
    while run.state == "running":
        run.advance()
    run.end("stopped")
    result = reexecute(Path(record))
    assert result.same, result
    assert result.branches >= 3

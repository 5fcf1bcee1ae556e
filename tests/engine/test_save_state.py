"""An experiment beside a run begins with the state that its engine writes down, and the run does not notice."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from nnlab.engine.build import build
from nnlab.engine.device import pick_device
from nnlab.engine.experiments.copies import train
from nnlab.engine.experiments.perform import Order, perform
from nnlab.engine.experiments.replay_batches import replay_batches
from nnlab.engine.experiments.step_sizes import compare_steps
from nnlab.errors import UserError
from nnlab.scenario.scenario import Scenario
from nnlab.wire.commands import Run, Save, Stop, Turn
from nnlab.wire.events import Frame, KnobTurned, Saved


def order(spec: Any, name: str, **more: Any) -> Order:
    plain = asdict(spec)
    return Order(name, plain["scenario"], plain["base_dir"], plain["seed"], "cpu", **more)  # type: ignore[arg-type]


def plan(spec: Any) -> Any:
    return build(Scenario.model_validate(spec.scenario), spec.seed, Path(spec.base_dir), pick_device("cpu"))


def test_the_state_of_a_run_is_where_an_experiment_begins(kit: Any) -> None:
    live = kit.live("mlp", paused=True)
    other = live.attach()
    path = kit.folder / "state"
    live.settle("paused")
    live.feed.send(Run(7))
    live.until_state("paused")
    live.feed.send(Save(str(path), 5))
    live.feed.send(Save("/nowhere/at/all", 6))
    live.until(lambda event: isinstance(event, Saved), 2)
    done, failed = (event for event in live.told if isinstance(event, Saved))
    assert (done.id, done.error, failed.id) == (5, "", 6)
    assert failed.error == "/nowhere/at/all: No such file or directory"
    reached = max(event.step for event in live.told if isinstance(event, Frame))
    before = kit.folder / "before"
    for command in (Turn("lr", 0.3), Run(3), Save(str(before), 7, step=reached)):
        live.feed.send(command)
    live.until(lambda event: isinstance(event, Saved) and event == Saved(reached, 7))
    assert before.read_bytes() == path.read_bytes()
    live.feed.send(Stop())
    live.until_end()
    assert not [event for event in other.poll(0.0) if isinstance(event, Saved)]

    twin = plan(live.spec).training
    train(twin, done.step)
    assert done.step == reached > 0
    assert perform(order(live.spec, "step-sizes", start=str(path))) == compare_steps(twin)


def test_a_state_that_is_no_state_is_refused(kit: Any) -> None:
    broken = kit.folder / "broken"
    broken.write_bytes(b"nothing")
    with pytest.raises(UserError, match="cannot start from the snapshot"):
        perform(order(kit.spec("mlp"), "lr-range", start=str(broken)))


def test_knobs_stand_as_they_do_in_the_run(kit: Any) -> None:
    spec, faster = kit.spec("mlp"), kit.spec("mlp", "lr=0.5")
    assert perform(order(spec, "baselines", knobs={"lr": 0.5})) == perform(order(faster, "baselines"))


def test_a_run_is_done_again_with_its_turns(kit: Any) -> None:
    live = kit.live("mlp", paused=True)
    live.settle("paused")
    live.feed.send(Turn("lr", 0.3))
    live.until(lambda event: isinstance(event, KnobTurned))
    live.feed.send(Stop())
    live.until_end()
    turns = [(event.step, event.knob, event.new) for event in live.told if isinstance(event, KnobTurned)]
    again = perform(order(live.spec, "replay-batches", steps=24, turns=turns))
    assert again.steps == 24  # type: ignore[union-attr]
    scenario = Scenario.model_validate(kit.spec("mlp", "train.steps=24", at=["0:lr=0.3"]).scenario)
    planned = build(scenario, live.spec.seed, Path(live.spec.base_dir), pick_device("cpu"))
    assert again == replay_batches(planned, scenario)

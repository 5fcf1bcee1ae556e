"""Whatever is done to a run, in whatever order: every line can be done again from the start, to the last bit."""

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nnlab.engine.experiments.reexecute import reexecute

pytestmark = pytest.mark.slow

TURNS = (
    ("lr", 0.3), ("lr", 0.01), ("momentum", 0.5), ("dropout", 0.4), ("batch_size", 7), ("optimizer", "sgd"),
    ("freeze", "0"), ("freeze", ""), ("label_noise", 0.3), ("shuffle", False), ("clip_norm", 0.5),
    ("fault.stale_batch", True), ("fault.missing_zero_grad", True), ("fault.eval_dropout", True),
    ("fault.leak_validation", True), ("augment", 0.2), ("class_weights", "balanced"), ("replay", 0.5), ("ewc", 5.0),
    ("reset_optimizer", True),
)  # fmt: skip

PHASES = """
        [[data.phases]]
        from_step = 12
        classes = [0, 1]
        label_noise = 0.2
        [[data.phases]]
        from_step = 27
        shift = 1.5
        """

ACTIONS = st.one_of(
    st.tuples(st.just("train"), st.integers(1, 25)),
    st.tuples(st.just("turn"), st.sampled_from(TURNS)),
    st.tuples(st.just("rewind"), st.integers(0, 60)),
    st.tuples(st.sampled_from(["undo", "redo", "evaluate", "note", "snapshot"]), st.none()),
    st.tuples(st.just("switch"), st.integers(0, 3)),
)


def act(made: Any, action: str, argument: Any) -> None:
    """One action of a user, as the lab carries it out."""
    run = made.run
    match action:
        case "train":
            made.train(argument)
        case "turn":
            run.turn(*argument, "user", 0)
        case "rewind":
            run.travel("rewind", lambda: run.time.rewind(argument))
        case "switch":
            run.travel("switch", lambda: run.time.switch(argument))
        case "undo" | "redo":
            run.travel(action, getattr(run.time, action))
        case "evaluate":
            run.evaluate()
        case "note":
            run.remark("note", "hm", -1)
        case "snapshot":
            run.snapshot("")


@settings(
    deadline=None,
    max_examples=25,
    derandomize=True,
    phases=[Phase.generate],  # a session is trained and done again: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=st.lists(ACTIONS, min_size=2, max_size=12))
def test_any_session_can_be_done_again(kit: Any, actions: list[tuple[str, Any]]) -> None:
    torch.manual_seed(99)
    path = kit.folder / f"p{kit.count}.nnlab"
    keys = ("train.steps=40", "dropout=0.2", "model.norm=batch", "train.eval_every=5")
    at = ("9:lr=0.02", "30:rewind=20", "22:lr=0.1")
    made = kit.begin("mlp", *keys, at=at, text=PHASES, record=str(path))
    assert {knob for knob, _ in TURNS} - {"momentum"} <= set(made.run.knobs)
    for action, argument in actions:
        act(made, action, argument)
    made.run.end("stopped")
    result = reexecute(path)
    assert result.same, result
    Path(path).unlink()


@pytest.mark.parametrize("kind", ["regression", "stream", "towers"])
def test_every_kind_of_data_goes_on_as_it_would_have(kit: Any, points: Any, kind: str) -> None:
    straight = kit.begin(kind, "train.steps=30").train()
    made = kit.begin(kind, "train.steps=30").train(23)
    for step in (0, 11, 22, 7):
        made.run.travel("rewind", lambda to=step: made.run.time.rewind(to))
        told = len(made.told)
        made.train(8)
        for name, column in points(made.told[told:]).items():
            expected = points(straight.told)[name]
            assert all(expected[at] == value for at, value in column.items()), (name, step)
    made.train()
    assert torch.equal(made.values, straight.values)

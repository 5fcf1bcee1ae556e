"""Every knob that a run announces can be turned while it trains."""

import math
from typing import Any

import pytest

from nnlab.wire.events import Frame, KnobRefused, KnobTurned
from nnlab.wire.values import KnobSpec, KnobValue

KINDS = {
    "mlp": ("model.dropout=0.1",),
    "regression": ("optimizer.kind=sgd",),
    "stream": (),
    "towers": (),
    "contrastive": ("objective.kind=contrastive",),
    "soft": ("objective.kind=soft_triplet", "data.negatives=hard"),
    "bce": ("objective.kind=bce_with_logits",),
}


def begin(kit: Any, kind: str) -> Any:
    base = {"contrastive": "towers", "soft": "towers", "bce": "mlp"}.get(kind, kind)
    return kit.begin(base, *KINDS[kind], "train.steps=100000", probes=False)


def bounds(knob: KnobSpec) -> list[KnobValue]:
    """The values at the ends of what a knob announces, and its first one again."""
    match knob.scale:
        case "switch":
            return [True, False, knob.value]
        case "action":
            return [True, True]
        case "choice":
            return [*knob.choices, knob.value]
        case "integer" | "log_integer":
            return [int(knob.low), int(min(knob.high, 512)), knob.value]
        case _:
            return [*([0.0] if knob.zero_ok else []), knob.low, knob.high, knob.value]


@pytest.mark.parametrize("kind", KINDS)
def test_every_knob_to_its_bounds_while_training(kit: Any, kind: str) -> None:
    made = begin(kit, kind)
    asked = 0
    for knob in made.run.info.knobs:
        for value in bounds(knob):
            asked += 1
            made.run.turn(knob.id, value, "user", asked)
            answer = made.told[-1]
            assert isinstance(answer, KnobTurned), answer
            assert (answer.step, answer.knob, answer.new, answer.requested) == (made.run.step, knob.id, value, value)
            assert (answer.source, answer.id) == ("user", asked)
            made.train(1)
    assert made.run.step == asked
    assert made.run.state == "paused"


@pytest.mark.parametrize("kind", KINDS)
def test_every_knob_at_once_to_one_end(kit: Any, kind: str) -> None:
    """No two knobs at their ends break each other."""
    for pick in (0, -2):
        made = begin(kit, kind)
        for knob in made.run.info.knobs:
            made.run.turn(knob.id, bounds(knob)[pick], "user", 1)
        made.train(2)
        assert made.run.step == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_turn_takes_hold_in_exactly_the_step_that_is_told(kit: Any, kind: str) -> None:
    """Steps before the turn are the same bits as without it, and no announced knob is without effect."""
    without_effect_here = {
        "optimizer", "reset_optimizer", "momentum", "fault.eval_dropout",  # tested by themselves
        "shuffle",  # decides the order of the next epoch
        "replay", "ewc", "drift",  # nothing has drifted yet
    }  # fmt: skip
    plain = begin(kit, kind).train(8)
    for knob in plain.run.info.knobs:
        if knob.id in without_effect_here or (kind == "soft" and knob.id == "false_negative_rate"):
            continue
        made = begin(kit, kind).train(4)
        value = other(knob)
        made.run.turn(knob.id, value, "user", 1)
        made.train(4)
        ours, theirs = made.series("train/loss"), plain.series("train/loss")
        assert [ours[s] for s in range(4)] == [theirs[s] for s in range(4)], knob.id
        late = knob.id in {"lr", "weight_decay", "clip_norm", "clip_value", "freeze", "fault.detach_layer"}
        late |= knob.id in {"fault.flip_gradient", "fault.missing_zero_grad"}
        first = min(s for s in range(4, 8) if ours[s] != theirs[s])
        assert first == (5 if late else 4), knob.id


def other(knob: KnobSpec) -> KnobValue:
    """A value that differs clearly from the knob's own."""
    match knob.id:
        case "freeze":
            return "0"
        case "fault.detach_layer":
            return 0
        case "negatives":
            return "same-query" if knob.value != "same-query" else "random"
        case "clip_norm" | "clip_value":
            return 1e-4
        case "batch_size":
            return 5
        case "lr":
            return 0.1
        case "weight_decay" | "margin" | "temperature" | "label_noise" | "false_negative_rate":
            return 0.9
        case "class_weights":
            return "balanced"
        case "dropout" | "label_smoothing" | "augment":
            return 0.5
        case "input_scale":
            return 3.0
    return not knob.value


@pytest.mark.parametrize(
    ("knob", "value", "allowed"),
    [
        ("lr", -0.1, "from 1e-07 to 100, or 0"), ("lr", 101.0, "from 1e-07 to 100"), ("lr", math.nan, "a number from"),
        ("lr", math.inf, "a number from"), ("lr", "fast", "a number from"), ("lr", True, "a number from"),
        ("lr", 2**63 - 1, "a number from"), ("batch_size", 1.5, "a whole number from 1"), ("batch_size", 0, "from 1"),
        ("dropout", 1.0, "from 0 to 0.95"), ("optimizer", "lion", "one of sgd, adam"), ("shuffle", 1, "true or false"),
        ("freeze", "7", "layer numbers from 0 to 2"), ("freeze", "a", "layer numbers"), ("freeze", -1, "layer numbers"),
        ("fault.detach_layer", 3, "from -1 to 2"), ("margin", 0.5, "no knob margin; it has lr,"), ("", 0.5, "no knob"),
        ("learning_rate", 0.1, "no knob learning_rate"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused_and_changes_nothing(kit: Any, knob: str, value: Any, allowed: str) -> None:
    plain, made = kit.begin("mlp", probes=False).train(7), kit.begin("mlp", probes=False).train(5)
    before = dict(made.run.knobs)
    made.run.turn(knob, value, "user", 9)
    answer = made.told[-1]
    assert isinstance(answer, KnobRefused)
    assert (answer.step, answer.knob, answer.id) == (5, knob, 9)
    assert answer.value is value
    assert allowed in answer.reason
    assert made.run.knobs == before
    made.train(2)
    assert made.series("train/loss") == plain.series("train/loss")


def test_same_query_negatives_are_not_offered_where_queries_have_one_passage(kit: Any) -> None:
    made = kit.begin("towers", "data.passages=1")
    choices = next(knob.choices for knob in made.run.info.knobs if knob.id == "negatives")
    assert "same-query" not in choices
    made.run.turn("negatives", "same-query", "user", 1)
    assert isinstance(made.told[-1], KnobRefused)
    for choice in choices:
        made.run.turn("negatives", choice, "user", 1)
        made.train(1)


@pytest.mark.parametrize("kind", ["adam", "sgd", "rmsprop", "adagrad"])
def test_a_reset_forgets_the_moments_and_nothing_else(kit: Any, kind: str) -> None:
    """After it the run goes on as a fresh optimizer does from the same parameters and place in the data."""
    old, new = (kit.begin("mlp", f"optimizer.kind={kind}", "optimizer.momentum=0.5").train(10) for _ in range(2))
    old.run.turn("reset_optimizer", True, "user", 0)
    assert not old.training.optimizer.first.any()
    assert not old.training.optimizer.second.any()
    assert old.run.knobs["reset_optimizer"] is False
    assert bool((old.values == new.values).all())
    new.run.turn("optimizer", "sgd" if kind != "sgd" else "adam", "user", 0)
    new.run.turn("optimizer", kind, "user", 0)
    assert bool((old.train(5).values == new.train(5).values).all())


def test_momentum_and_evaluation_dropout_take_hold(kit: Any) -> None:
    plain = kit.begin("regression", "optimizer.kind=sgd", "model.dropout=0.5").train(8)
    made = kit.begin("regression", "optimizer.kind=sgd", "model.dropout=0.5").train(4)
    made.run.turn("momentum", 0.9, "user", 1)
    made.train(4)
    ours, theirs = made.series("train/loss"), plain.series("train/loss")
    assert min(s for s in range(8) if ours[s] != theirs[s]) == 6  # the buffer begins with the gradient itself
    made = kit.begin("regression", "optimizer.kind=sgd", "model.dropout=0.5").train(4)
    made.run.turn("fault.eval_dropout", True, "user", 1)
    made.train(4)
    assert made.series("train/loss") == theirs
    assert [s for s in range(9) if made.series("val/loss")[s] != plain.series("val/loss")[s]] == [5, 6, 7, 8]


def test_drift_and_replay_take_hold_once_the_stream_has_drifted(kit: Any) -> None:
    plain = kit.begin("stream", "data.start_step=0").train(8)
    for knob, value in (("drift", 3.0), ("replay", 1.0)):
        made = kit.begin("stream", "data.start_step=0").train(4)
        made.run.turn(knob, value, "user", 1)
        made.train(4)
        ours, theirs = made.series("train/loss"), plain.series("train/loss")
        assert min(s for s in range(8) if ours[s] != theirs[s]) == 4


def test_shuffle_takes_hold_with_the_next_epoch(kit: Any) -> None:
    """100 training rows in batches of 16: an epoch is seven steps."""
    plain = kit.begin("mlp").train(10)
    made = kit.begin("mlp").train(4)
    made.run.turn("shuffle", False, "user", 1)
    made.train(6)
    ours, theirs = made.series("train/loss"), plain.series("train/loss")
    assert min(s for s in range(10) if ours[s] != theirs[s]) == 7


def test_a_turn_comes_after_all_points_before_it(kit: Any) -> None:
    made = kit.begin("mlp")
    made.run.resume()
    for _ in range(5):
        made.run.advance()
    made.run.turn("lr", 0.1, "user", 1)
    made.go()
    at = next(i for i, event in enumerate(made.told) if isinstance(event, KnobTurned))
    before = [step for event in made.told[:at] if isinstance(event, Frame) for column in event.steps for step in column]
    assert set(range(5)) <= set(before)
    assert max(before) == 5
    after = [event for event in made.told[at:] if isinstance(event, Frame)]
    assert all(min(column) >= 5 for event in after for column in event.steps)

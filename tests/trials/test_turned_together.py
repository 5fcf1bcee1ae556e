"""Which knobs of a run as it stands are worth separating."""

from nnlab.telemetry.history import History
from nnlab.trials.separate import turned_together
from nnlab.wire.events import KnobTurned
from nnlab.wire.values import KnobValue, RunInfo


def run(*turns: tuple[int, str, KnobValue, KnobValue, str]) -> History:
    """A run of 1000 steps with these turns: a tenth of it is 100 steps."""
    history = History(
        RunInfo("r", "demo", "", "mlp", "", 1, "cpu", 1000, 32, 10, eval_every=10, probe_every=10, diagnose_every=10)
    )
    for step, knob, old, new, source in turns:
        assert not list(history.feed(KnobTurned(step, knob, old, new, new, source, 0)))
    return history


def told(history: History) -> list[tuple[int, str, KnobValue, KnobValue]]:
    return [(turn.step, turn.knob, turn.old, turn.new) for turn in turned_together(history)]


def test_each_knob_counts_once_from_what_it_held_to_what_it_came_to() -> None:
    turns = ((300, "lr", 0.1, 0.2, "user"), (310, "lr", 0.2, 0.4, "user"), (390, "dropout", 0.0, 0.5, "user"))
    assert told(run(*turns)) == [(300, "lr", 0.1, 0.4), (390, "dropout", 0.0, 0.5)]


def test_the_last_turns_that_were_close_are_meant() -> None:
    first = ((100, "lr", 0.1, 0.2, "user"), (150, "dropout", 0.0, 0.5, "user"))
    last = ((600, "margin", 0.1, 0.2, "user"), (650, "momentum", 0.0, 0.9, "user"))
    assert [turn[1] for turn in told(run(*first, *last))] == ["margin", "momentum"]
    assert [turn[1] for turn in told(run(*first, last[0]))] == ["lr", "dropout"]


def test_nothing_is_worth_separating() -> None:
    lr = (300, "lr", 0.1, 0.2, "user")
    assert told(run()) == told(run(lr)) == []
    assert told(run(lr, (401, "dropout", 0.0, 0.5, "user"))) == [], "too far apart"
    assert told(run(lr, (310, "drift", 0.0, 1.0, "user"))) == [], "the world, not an answer to it"
    assert told(run(lr, (310, "dropout", 0.0, 0.5, "user"), (320, "dropout", 0.5, 0.0, "user"))) == [], "turned back"
    one = ((300, "lr", 0.1, 0.2, "remedy"), (300, "weight_decay", 0.1, 0.0, "remedy"))
    assert told(run(*one)) == [], "one remedy is one change"

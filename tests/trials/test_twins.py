"""When twins begin and end, and what is compared: a made-up run, and engines that tell what they are given."""

import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nnlab.client.feed import Feed
from nnlab.client.scripted import ScriptedFeed
from nnlab.diagnosis.finding import Diagnosis
from nnlab.errors import UserError
from nnlab.telemetry.history import History
from nnlab.trials.effect import KIND, to_text
from nnlab.trials.twins import Twins
from nnlab.wire import commands, events
from nnlab.wire.values import RunInfo

INFO = RunInfo("r1", "s", "t", "mlp", "", 0, "cpu", 1000, 32, 10, 10, 10, 10)
QUARTER = 250


def readings(first: int, last: int, loss: float) -> events.Frame:
    """The validation loss every ten steps after step `first` up to `last`."""
    steps = array("q", range(first + 10, last + 1, 10))
    return events.Frame(last, ("val/loss",), (steps,), (array("d", [loss] * len(steps)),))


class Doctor:
    """Has nothing to say."""

    def look(self, history: History) -> Diagnosis:
        """Nothing."""
        return Diagnosis(history.step, "undecided")

    def apart(self) -> "Doctor":
        """Another one."""
        return self


class Engines:
    """Starts scripted engines, whose loss stays at 0.5, and counts those at work."""

    def __init__(self) -> None:
        self.started: list[tuple[int, int, list[str]]] = []
        """From which step, how many steps, and what is turned on the way."""
        self.most = 0
        self.held = threading.Event()
        self.held.set()
        self._feeds: list[ScriptedFeed] = []

    @property
    def running(self) -> int:
        """Engines that have not been let go."""
        return sum(not feed.closed for feed in self._feeds)

    def start(self, state: Path, turns: Sequence[events.KnobTurned], steps: int) -> Feed:
        """As `nnlab.trials.twin.Start`."""
        self.held.wait()
        begin = int(state.read_text())
        self.started.append((begin, steps, [turn.knob for turn in turns]))
        end = begin + steps
        feed = ScriptedFeed([
            events.RunStarted(INFO), events.StateChanged(begin, "paused"), events.StateChanged(begin, "running"),
            *turns, readings(begin, end, 0.5), events.StateChanged(end, "paused"),
        ])  # fmt: skip
        self._feeds.append(feed)
        self.most = max(self.most, self.running)
        return feed


class Run:
    """A run whose loss can be said, watched by twins; states are kept every `kept` steps and before each turn."""

    def __init__(self, patient: bool) -> None:
        self.engines = Engines()
        self.sent: list[commands.Command] = []
        self.twins = Twins(self.engines.start, self.sent.append, wanted=True, patient=patient)
        self.history, self.doctor = History(INFO), Doctor()
        self.twins.begin(INFO)
        self.tell(events.StateChanged(0, "running"))

    def tell(self, event: events.Event) -> None:
        """An event of the run."""
        self.twins.hear(event, self.history, self.doctor)
        for _ in self.history.feed(event):
            self.twins.judged(self.doctor.look(self.history))

    def train(self, last: int, loss: float) -> None:
        """Go on to a step."""
        self.tell(readings(self.history.step, last, loss))

    def turn(self, knob: str, old: float, new: float, *, kept: int | None = None, source: str = "user") -> None:
        """Turn a knob; the last state kept is of step `kept`."""
        step = self.history.step
        self.tell(events.KnobTurned(step, knob, old, new, new, source))
        asked = [one for one in self.sent if isinstance(one, commands.Save)]
        if asked and asked[-1].step == step and not Path(asked[-1].path).exists():
            Path(asked[-1].path).write_text(str(step if kept is None else kept))
            self.tell(events.Saved(step if kept is None else kept, asked[-1].id))

    def settle(self) -> list[tuple[int, int, float]]:
        """Let the twins do all that they can: begin, end and difference of every effect in the journal."""
        while self.twins.busy:
            self.twins.advance()
        told = [one for one in self.sent if isinstance(one, commands.Remark)]
        assert [(one.kind, one.text, one.step) for one in told] == [
            (KIND, to_text(found), found.end) for found in self.twins.effects
        ]
        return [(one.begin, one.end, round(one.treated - one.untouched, 6)) for one in self.twins.effects]


@pytest.fixture
def run() -> Iterator[Callable[[bool], Run]]:
    """Makes a run; no engine outlives the test, and no file."""
    made: list[Run] = []

    def make(patient: bool = False) -> Run:
        made.append(Run(patient))
        return made[-1]

    yield make
    for one in made:
        one.engines.held.set()
        one.twins.close()
        assert one.engines.running == 0
        assert one.engines.most <= 1
        assert not [sent for sent in one.sent if isinstance(sent, commands.Save) and Path(sent.path).exists()]


def test_a_turn_is_held_against_a_twin_from_before_it(run: Callable[[], Run]) -> None:
    watched = run()
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2)
    watched.train(800, 0.3)
    assert watched.settle() == [(300, 550, -0.2)]
    assert watched.engines.started == [(300, QUARTER, [])]


def test_where_no_state_was_kept_the_way_is_trained_again(run: Callable[[], Run]) -> None:
    watched = run()
    watched.train(250, 0.5)
    watched.turn("momentum", 0.0, 0.9)
    watched.twins.switch()
    watched.twins.switch()
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2, kept=240)
    watched.train(800, 0.3)
    twin = watched.twins.present
    assert watched.settle() == [(300, 550, -0.2)]
    assert twin is not None
    assert [turn.knob for turn in twin.history.turns] == ["momentum"]
    assert watched.engines.started[-1] == (240, QUARTER + 60, ["momentum"])


def test_turns_within_one_evaluation_share_the_twin_from_before_the_first(run: Callable[[], Run]) -> None:
    watched = run()
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2)
    watched.train(310, 0.4)
    watched.turn("momentum", 0.0, 0.9)
    watched.turn("lr", 0.2, 0.4)
    watched.train(800, 0.3)
    assert watched.settle() == [(300, 550, -0.2)]
    assert [(one.knob, one.old, one.new) for one in watched.twins.effects[0].turns] == [
        ("lr", 0.1, 0.4), ("momentum", 0.0, 0.9),
    ]  # fmt: skip


def test_a_knob_that_is_put_back_at_once_caused_nothing(run: Callable[[], Run]) -> None:
    watched = run()
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2)
    watched.turn("lr", 0.2, 0.1)
    assert not watched.twins.busy


def test_a_later_turn_ends_the_comparison_where_the_twin_has_come_to(run: Callable[[], Run]) -> None:
    watched = run()
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2)
    watched.train(400, 0.3)
    watched.engines.held.clear()
    watched.turn("lr", 0.2, 0.4)
    watched.engines.held.set()
    watched.train(900, 0.1)
    (first, _, _), second = watched.settle()
    assert first == 300
    assert second == (400, 650, -0.4)
    assert watched.twins.effects[0].end <= 400


def test_a_patient_watcher_is_told_of_every_turn_up_to_the_next(run: Callable[[bool], Run]) -> None:
    watched = run(True)
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2)
    watched.train(400, 0.3)
    watched.turn("lr", 0.2, 0.4)
    watched.train(900, 0.1)
    watched.turn("lr", 0.4, 0.8)
    watched.train(1000, 0.7)
    watched.tell(events.StateChanged(1000, "finished"))
    assert watched.settle() == [(300, 400, -0.2), (400, 650, -0.4), (900, 1000, 0.2)]


@pytest.mark.parametrize(
    "event",
    [events.Rewound(200, 0), events.Branched(1, 0, 350, ""), events.EngineLost(-9, "")],
    ids=lambda event: type(event).__name__,
)
def test_a_run_that_goes_elsewhere_leaves_its_twin(run: Callable[[], Run], event: events.Event) -> None:
    watched = run()
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2)
    watched.train(350, 0.3)
    watched.tell(event)
    assert not watched.twins.busy
    assert watched.twins.effects == []


def test_what_is_told_again_or_comes_of_itself_begins_no_twin(run: Callable[[], Run]) -> None:
    watched = run()
    watched.train(300, 0.5)
    watched.turn("lr", 0.1, 0.2)
    watched.train(400, 0.3)
    watched.tell(events.Rewound(300, 0))
    watched.turn("lr", 0.1, 0.2)
    watched.turn("lr", 0.2, 0.2)
    watched.turn("lr", 0.2, 0.05, source="guard")
    watched.tell(events.Marked(300, "phase", "classes 2 and 3"))
    watched.turn("noise", 0.0, 0.5, source="script")
    assert not watched.twins.busy


def test_a_run_that_is_gone_on_with_is_told_from_its_start(run: Callable[[], Run]) -> None:
    """Nothing is said of turns long past, and nothing again of what the journal knows."""
    first, again = run(), run()
    first.train(300, 0.5)
    first.turn("lr", 0.1, 0.2)
    first.train(800, 0.3)
    assert first.settle() == [(300, 550, -0.2)]
    again.train(100, 0.5)
    again.tell(events.KnobTurned(100, "momentum", 0.0, 0.9, 0.9, "user"))
    again.train(300, 0.5)
    again.tell(events.KnobTurned(300, "lr", 0.1, 0.2, 0.2, "user"))
    again.train(800, 0.3)
    again.tell(events.Marked(550, KIND, to_text(first.twins.effects[0])))
    asked = [one for one in again.sent if isinstance(one, commands.Save)]
    for one in asked:
        again.tell(events.Saved(one.step, one.id))
    assert again.settle() == []
    assert again.engines.started == []


def test_what_goes_wrong_is_said_and_the_run_goes_on(run: Callable[[], Run]) -> None:
    watched = run()
    watched.train(300, 0.5)
    watched.tell(events.KnobTurned(300, "lr", 0.1, 0.2, 0.2, "user"))
    (asked,) = (one for one in watched.sent if isinstance(one, commands.Save))
    watched.tell(events.Saved(300, asked.id, "no space left"))
    assert watched.twins.trouble == "no twin for the turn at step 300: no space left"
    assert not watched.twins.busy


def test_an_engine_that_cannot_be_started_is_trouble_too(run: Callable[[], Run]) -> None:
    def refuse(*_: object) -> Feed:
        raise UserError("no folder for sockets")

    watched = run()
    watched.twins = Twins(refuse, watched.sent.append, wanted=True)
    watched.twins.begin(INFO)
    watched.turn("lr", 0.1, 0.2)
    assert watched.settle() == []
    assert watched.twins.trouble == "no twin for the turn at step 0: no folder for sockets"
    watched.twins.close()


def test_twins_are_switched_on_where_they_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    def on(own: int, device: str, wanted: bool | None = None) -> bool:
        monkeypatch.setattr("nnlab.trials.twins.cores", lambda: own)
        twins = Twins(Engines().start, wanted=wanted)
        twins.begin(replace(INFO, device=device))
        return twins.on

    assert on(2, "cpu")
    assert not on(1, "cpu")
    assert not on(8, "cuda")
    assert on(1, "cuda", True)
    assert not on(8, "cpu", False)
    nothing = Twins()
    nothing.begin(INFO)
    assert not nothing.on

"""A run told in lines, and steered by lines, over a scripted engine."""

import io
from array import array
from collections.abc import Callable

import pytest

from nnlab.client.scripted import ScriptedFeed
from nnlab.diagnosis.finding import Diagnosis, Evidence, Finding, Remedy
from nnlab.plain.talk import converse
from nnlab.telemetry.history import History
from nnlab.ui.session import Session
from nnlab.wire import commands, events
from nnlab.wire.values import KnobSpec, RunInfo

INFO = RunInfo(
    "r1", "moons", "Two moons", "mlp", "", 7, "cpu", 100, 32, 10, 10, 10, 10,
    knobs=(KnobSpec("lr", "learning rate", 0.1, "log", low=1e-6, high=10.0),), run_file="/runs/r1.nnlab",
)  # fmt: skip
FOUND = Finding(
    "lr-too-high", "critical", 0.9, 10, 20, None, "The steps are too long.", "the rate is 0.1",
    (Evidence("train/loss", "jumps", 2.0, 1.0),),
    (
        Remedy("look at the data"),
        Remedy("a lower rate", ({"turn": "lr", "to": 0.01},)),
        Remedy("another start", ({"action": "restart", "set": {"model.init": "default"}},), 2),
    ),
)  # fmt: skip


class Doctor:
    """Sees a rate that is too high from step 20 to 50."""

    def __init__(self, info: RunInfo) -> None:
        pass

    def look(self, history: History) -> Diagnosis:
        """The diagnosis at this boundary."""
        if 20 <= history.step < 50:
            return Diagnosis(history.step, "lr-too-high", FOUND, (FOUND,), (FOUND,))
        return Diagnosis(history.step, "undecided")

    def apart(self) -> "Doctor":
        """It knows nothing that could change."""
        return self


class Engine(ScriptedFeed):
    """Trains when it is asked to, and turns what it is asked to turn."""

    def __init__(self, batch: int | None = None) -> None:
        super().__init__([events.RunStarted(INFO), events.StateChanged(0, "paused")], batch)
        self.step = 0

    def send(self, command: commands.Command) -> None:
        """Answer at once."""
        super().send(command)
        match command:
            case commands.Run(steps):
                self._train(steps, "paused")
            case commands.Resume():
                self._train(100 - self.step, "finished")
            case commands.Turn(knob="lr", value=value, source=source, id=number):
                self.add(events.KnobTurned(self.step, "lr", 0.1, value, value, source, number))

    def _train(self, steps: int, then: str) -> None:
        loss = array("q", range(self.step, self.step + steps)), array("d", [0.5] * steps)
        self.step += steps
        self.add(
            events.StateChanged(self.step - steps, "running"),
            events.Frame(self.step, ("train/loss",), (loss[0],), (loss[1],)),
            events.StateChanged(self.step, then),
        )


@pytest.fixture
def talk() -> Callable[..., list[str]]:
    """Types these lines; what is said. `batch` events arrive at a time."""

    def typed(*lines: str, batch: int | None = None) -> list[str]:
        said: list[str] = []
        session = Session(Engine(batch), doctor=Doctor)
        status = converse(lambda settings: session, io.StringIO("\n".join(lines) + "\n"), said.append)
        assert status == 0
        return said

    return typed


def test_a_run_is_told_to_its_end(talk) -> None:
    said = talk("go")
    assert said[0] == "Two moons: 100 steps on cpu, seed 7"
    assert "finished at step 100" in said
    assert any(line.startswith("verdict: undecided. training loss 0.5") for line in said)
    assert said[-1] == "the run is kept in /runs/r1.nnlab"
    assert all("\x1b" not in line and line.isprintable() for line in said)


def test_findings_come_and_go_with_reasons_and_remedies(talk) -> None:
    said = talk("step 30", "step 30")
    at = said.index("step 30: critical: lr too high. The steps are too long.")
    assert said[at + 1 : at + 5] == [
        "  because: the rate is 0.1",
        "  remedy 1: a lower rate (lr to 0.01)",
        "  remedy 2: another start (begin again with model.init = default)",
        "  advice: look at the data",
    ]
    assert "step 60: cleared: lr too high" in said[at:]


def test_orders_wait_for_the_one_before(talk) -> None:
    said = talk("step 30", "apply 1", "set lr 0.5", "why", "status")
    turned = [line for line in said if ": lr from" in line]
    assert turned == ["step 30: lr from 0.1 to 0.01, by a remedy", "step 30: lr from 0.1 to 0.5, by you"]
    assert "  evidence: train/loss: jumps" in said
    assert "paused at step 30 of 100" in said
    assert "paused at step 30" in talk("step 30", "quit", batch=1)


def test_what_cannot_be_done_is_told_and_the_talk_goes_on(talk) -> None:
    said = talk("paus", "set speed 3", "apply 3", "step 30", "apply 3", "pause", "help")
    errors = [line for line in said if line.startswith("error: ")]
    assert errors == [
        'error: there is no command "paus"; did you mean pause?',
        'error: this run has no knob "speed"; knobs lists them',
        "error: there is no remedy 3: there are none; why lists them",
        "error: there is no remedy 3: there are 2; why lists them",
        "error: the run is paused already",
    ]
    assert "set KNOB VALUE: turn a knob" in said


def test_quit_leaves_at_once(talk) -> None:
    assert "finished at step 100" not in talk("quit", "go")


def test_a_remedy_that_begins_again_starts_another_engine() -> None:
    said: list[str] = []
    begun: list[dict[str, object]] = []

    def begin(settings) -> Session:
        begun.append(dict(settings))
        return Session(Engine(), doctor=Doctor)

    assert converse(begin, io.StringIO("step 30\napply 2\nstep 5\n"), said.append) == 0
    assert begun == [{}, {"model.init": "default"}]
    assert said.count("Two moons: 100 steps on cpu, seed 7") == 2


def test_an_engine_that_fails_is_told() -> None:
    said: list[str] = []
    feed = ScriptedFeed([events.RunStarted(INFO), events.RunFailed(3, "out of memory", "")])
    assert converse(lambda settings: Session(feed, doctor=Doctor), io.StringIO(""), said.append) == 3
    assert "the engine failed at step 3: out of memory" in said


def test_an_engine_that_was_there_goes_on_without_us() -> None:
    said: list[str] = []
    engine = Engine()
    session = Session(engine, doctor=Doctor, guest=True)
    assert converse(lambda settings: session, io.StringIO("step 30\nquit\n"), said.append) == 0
    assert said[-1] == "the engine goes on without you; nnlab stop ends it"
    assert commands.Stop() not in engine.sent

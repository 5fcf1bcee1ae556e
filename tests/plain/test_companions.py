"""A lesson and a mystery in plain lines, over a scripted engine."""

import io
from array import array
from pathlib import Path

from nnlab.client.scripted import ScriptedFeed
from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.mystery import board
from nnlab.mystery.code import parse
from nnlab.mystery.game import Game
from nnlab.mystery.generate import mystery
from nnlab.plain.lesson import LessonCompanion
from nnlab.plain.mystery import MysteryCompanion
from nnlab.plain.talk import converse
from nnlab.scenario.lesson import Lesson
from nnlab.ui.mystery.session import MysterySession
from nnlab.ui.session import Session
from nnlab.ui.story import Story
from nnlab.wire import commands, events
from nnlab.wire.values import KnobSpec, RunInfo

CODE = "2HX-VS4"
"""A learning rate that is too high."""
INFO = RunInfo(
    "r1", "moons", "Two moons", "mlp", "", 7, "cpu", 100, 32, 10, 10, 10, 10,
    knobs=(KnobSpec("lr", "learning rate", 0.1, "log", low=1e-6, high=10.0),),
)  # fmt: skip
FOUND = Finding("lr-too-high", "critical", 0.9, 10, 10, None, "The steps are too long.", "the rate is 0.1")
LEARNING = Finding("learning", "note", 0.9, 10, 10, None, "It learns.")
LESSON = Lesson.model_validate(
    {
        "title": "How long a step",
        "learned": "Now you know.",
        "steps": [
            {"text": "Wait for the `diagnosis`.", "wait_for": {"finding": "lr-too-high"}},
            {"text": "Press `x` and read.", "wait_for": {"opened": "explanation"}},
            {"text": "Turn lr.", "wait_for": {"knob": "lr", "below": 0.05}, "hint": "To 0.01."},
            {"text": "Think."},
        ],
    }
)


class Engine(ScriptedFeed):
    """Trains when it is asked to; its rate is too high until it is turned."""

    def __init__(self) -> None:
        super().__init__([events.RunStarted(INFO), events.StateChanged(0, "paused")])
        self.step = 0
        self.well = False

    def send(self, command: commands.Command) -> None:
        """Answer at once."""
        super().send(command)
        match command:
            case commands.Run(steps):
                for _ in range(steps // 10):
                    self._train()
                self.add(events.StateChanged(self.step, "paused"))
            case commands.Turn(knob="lr", value=value, source=source, id=number):
                self.well = True
                self.add(events.KnobTurned(self.step, "lr", 0.1, value, value, source, number))

    def _train(self) -> None:
        loss = array("q", range(self.step, self.step + 10)), array("d", [0.5] * 10)
        self.step += 10
        point = array("q", [self.step]), array("d", [0.5])
        self.add(
            events.StateChanged(self.step - 10, "running"),
            events.Frame(self.step, ("train/loss", "val/loss"), (loss[0], point[0]), (loss[1], point[1])),
        )


class Doctor:
    """Sees what the engine does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def look(self, history: object) -> Diagnosis:
        """The diagnosis at this boundary."""
        if self._engine.well:
            return Diagnosis(self._engine.step, "learning", None, (LEARNING,), (LEARNING,))
        return Diagnosis(self._engine.step, "lr-too-high", FOUND, (FOUND,), (FOUND,))

    def apart(self) -> "Doctor":
        """It knows nothing that could change."""
        return self


def play(scores: Path, *lines: str) -> list[str]:
    """A mystery whose twin came to a loss of 1, played by these lines; what is said."""
    said: list[str] = []
    engine = Engine()
    session = MysterySession(
        engine, Game(mystery(parse(CODE))), Story(), twin=lambda game, called_off: 1.0, doctor=lambda _: Doctor(engine)
    )
    typed = io.StringIO("".join(f"{line}\n" for line in lines))
    assert converse(lambda settings: session, typed, said.append, MysteryCompanion("Ada", scores)) == 0
    return said


def test_a_mystery_is_named_cured_and_scored(tmp_path: Path) -> None:
    scores = tmp_path / "scores.jsonl"
    said = play(scores, "step 20", "knobs", "name lr too hig", "name plateau", "apply 1", "set lr 0.01", "step 20",
                "A lr too high", "step 20", "hint")  # fmt: skip
    assert not [
        line for line in said[: said.index("plateau: No, it is something else. 2 wrong answers left")] if "0.1" in line
    ]
    assert "lr = hidden until you turn it" in next(line for line in said if line.startswith("lr ="))
    assert 'error: "lr-too-hig" is none of the names; did you mean lr-too-high?' in said
    assert 'error: there is no command "apply"' in "".join(said)
    assert "lr too high: Right. 2 wrong answers left" in said
    (played,) = board.results(scores)
    assert (played.player, played.cured, played.named, played.interventions) == ("Ada", True, 1, 1)
    assert said[said.index("It was: lr too high:") - 5].startswith(f"Mystery {CODE}: {played.score} of 100")
    assert "error: the game is over" in said


def test_a_lesson_goes_on_as_its_steps_come_true() -> None:
    said: list[str] = []
    engine = Engine()
    session = Session(engine, Story("Two moons", text="Once upon a time."), doctor=lambda _: Doctor(engine))
    typed = io.StringIO("i\nstep 20\nx\nhint\nset lr 0.01\nnext\n")
    assert converse(lambda settings: session, typed, said.append, LessonCompanion(LESSON)) == 0
    told = [line for line in said if line.startswith(("lesson: ", "  waits", "  hint", "  next", "Once"))]
    assert told == [
        "lesson: How long a step, step 1 of 4",
        "  waits for the diagnosis: lr too high",
        "Once upon a time.",
        "lesson: How long a step, step 2 of 4",
        "  waits for the explanation of the finding, with x",
        "lesson: How long a step, step 3 of 4",
        "  waits for learning rate below 0.05",
        "  hint: To 0.01.",
        "lesson: How long a step, step 4 of 4",
        "  next goes on",
        "lesson: How long a step, done",
    ]
    assert "  Wait for the diagnosis." in said
    assert said[said.index("lesson: How long a step, done") + 1] == "  Now you know."

"""The real engine in this process, as a feed: only its socket is left out, so that torch is imported once."""

from collections.abc import Sequence
from typing import Any

import torch

from nnlab.engine.begin import begin
from nnlab.engine.run import Run
from nnlab.engine.spec import Spec
from nnlab.scenario.load import Loaded
from nnlab.wire import commands, events


class Told:
    """Stands for the server: keeps what everyone is told."""

    def __init__(self) -> None:
        self.events: list[events.Event] = []

    def broadcast(self, event: events.Event) -> None:
        """One more."""
        self.events.append(event)

    def send(self, client: Any, told: Sequence[events.Event]) -> None:
        """There are no clients of their own."""


class Here:
    """The engine of a scenario. What is sent is obeyed at once; who polls has the run trained until it rests. `record`
    is the path of the run file, "" for none.
    """

    def __init__(self, loaded: Loaded, *, paused: bool = False, record: str = "") -> None:
        torch.set_num_threads(1)
        scenario = loaded.scenario
        self._told = Told()
        self.run: Run = begin(
            Spec(
                scenario.model_dump(mode="json"), loaded.name, loaded.text, str(loaded.base_dir), scenario.seed, "cpu",
                record=record, socket="", log="",
            ),
            self._told,  # type: ignore[arg-type]
        )  # fmt: skip
        if paused:
            self.run.pause()
        else:
            self.run.resume()

    def send(self, command: commands.Command) -> None:
        """Do it."""
        match command:
            case commands.Turn(knob, value, number, source):
                self.run.turn(knob, value, source, number)
            case commands.Run(steps):
                self.run.resume(steps)
            case commands.Resume():
                self.run.resume()
            case commands.Remark(kind, text, step):
                self.run.remark(kind, text, step)
            case commands.Stop():
                self.run.end("stopped")

    def poll(self, timeout: float) -> list[events.Event]:
        """What was told until the run came to rest."""
        while self.run.state == "running":
            self.run.advance()
        if self.run.state != "stopped":
            self.run.frame()
        told, self._told.events = self._told.events, []
        return told

    def close(self) -> None:
        """Nothing is left behind."""

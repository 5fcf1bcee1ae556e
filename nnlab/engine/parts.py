"""The whole state of a run between two steps, and a run put back into it."""

from dataclasses import dataclass
from typing import Any

from nnlab.engine.course import Course
from nnlab.engine.dials import Dials
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.patience import Patience
from nnlab.engine.state import State, random_state, restore_random
from nnlab.engine.training import Training


@dataclass(frozen=True, slots=True)
class Parts:
    """All that the next steps of a run depend on, beside the random generators."""

    training: Training
    instruments: Instruments
    logbook: Logbook
    patience: Patience | None
    dials: Dials
    course: Course

    def capture(self) -> State:
        """Their state; tensors are not copied."""
        training = self.training
        task: Any = training.task  # of a run: the tasks of experiments are never kept
        return {
            "live": {"dials": self.dials.state(), "phase": self.course.phase},
            "training": training.state(),
            "parameters": training.parameters.state(),
            "optimizer": training.optimizer.state(),
            "task": task.state(),
            "batches": task.batches.state(),
            "instruments": self.instruments.state(),
            "logbook": self.logbook.state(),
            "patience": self.patience and self.patience.state(),
            "random": random_state(training.parameters.values.device),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        training = self.training
        device = training.parameters.values.device
        task: Any = training.task
        self.course.place(state["live"]["phase"])
        training.restore(state["training"])
        training.parameters.restore(state["parameters"])
        training.optimizer.restore(state["optimizer"], training.parameters.learning())
        task.restore(state["task"], device)
        task.batches.restore(state["batches"], self.course.source)
        self.instruments.restore(state["instruments"])
        self.logbook.restore(state["logbook"])
        if self.patience is not None:
            self.patience.restore(state["patience"])
        restore_random(state["random"], device)
        self.dials.restore(state["live"]["dials"])

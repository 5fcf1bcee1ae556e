"""The whole state of a run between two steps, and a run put back into it."""

from typing import Any

from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.patience import Patience
from nnlab.engine.state import State, random_state, restore_random
from nnlab.engine.training import Training


def capture(
    training: Training, instruments: Instruments, logbook: Logbook, patience: Patience | None, live: State
) -> State:
    """Everything that the next steps depend on; tensors are not copied. `live` is the run's own part."""
    task: Any = training.task  # of a run: the tasks of experiments are never kept
    return {
        "live": live,
        "training": training.state(),
        "parameters": training.parameters.state(),
        "optimizer": training.optimizer.state(),
        "task": task.state(),
        "batches": task.batches.state(),
        "instruments": instruments.state(),
        "logbook": logbook.state(),
        "patience": patience and patience.state(),
        "random": random_state(training.parameters.values.device),
    }


def restore(
    state: State,
    training: Training,
    instruments: Instruments,
    logbook: Logbook,
    patience: Patience | None,
    source: object,
) -> State:
    """Go on from a state, with the source of the phase of the data it was taken in; the run's own part comes back."""
    device = training.parameters.values.device
    task: Any = training.task
    training.restore(state["training"])
    training.parameters.restore(state["parameters"])
    training.optimizer.restore(state["optimizer"], training.parameters.learning())
    task.restore(state["task"], device)
    task.batches.restore(state["batches"], source)
    instruments.restore(state["instruments"])
    logbook.restore(state["logbook"])
    if patience is not None:
        patience.restore(state["patience"])
    restore_random(state["random"], device)
    live: State = state["live"]
    return live

"""The whole state of a run between two steps, and a run put back into it."""

from nnlab.engine.state import State, random_state, restore_random
from nnlab.engine.training import Training
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.patience import Patience


def capture(
    training: Training, instruments: Instruments, logbook: Logbook, patience: Patience | None, live: State
) -> State:
    """Everything that the next steps depend on; tensors are not copied. `live` is the run's own part."""
    return {
        "live": live,
        "training": training.state(),
        "parameters": training.parameters.state(),
        "optimizer": training.optimizer.state(),
        "task": training.task.state(),
        "batches": training.task.batches.state(),
        "instruments": instruments.state(),
        "logbook": logbook.state(),
        "patience": patience and patience.state(),
        "random": random_state(training.parameters.values.device),
    }


def restore(
    state: State, training: Training, instruments: Instruments, logbook: Logbook, patience: Patience | None, source: object
) -> State:
    """Go on from a state, with the source of the phase of the data it was taken in; the run's own part comes back."""
    device = training.parameters.values.device
    training.restore(state["training"])
    training.parameters.restore(state["parameters"])
    training.optimizer.restore(state["optimizer"], training.parameters.learning())
    training.task.restore(state["task"], device)
    training.task.batches.restore(state["batches"], source)
    instruments.restore(state["instruments"])
    logbook.restore(state["logbook"])
    if patience is not None:
        patience.restore(state["patience"])
    restore_random(state["random"], device)
    live: State = state["live"]
    return live

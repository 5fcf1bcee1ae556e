"""What is measured of a run beside loss and gradient norm, and where it goes."""

import numpy as np

from nnlab.engine.dials import Dials
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.probes.layers import Measured


class Measuring:
    """Takes the readings of the instruments into the logbook."""

    def __init__(self, instruments: Instruments, logbook: Logbook, dials: Dials) -> None:
        """Nothing is measured yet."""
        self.instruments = instruments
        self._logbook = logbook
        self._dials = dials

    def due(self, step: int) -> float | None:
        """What is due after `step` steps; the validation loss, if that was."""
        probe, evaluate = self.instruments.due()
        generation = self.instruments.generation()
        if not probe and not evaluate and not generation:
            return None
        measured = generation | self._readings(probe, evaluate)
        self._logbook.read(step, measured)
        return float(measured["val/loss"]) if "val/loss" in measured else None

    def everything(self, step: int) -> None:
        """All readings; a series that has its reading at this step already keeps that one."""
        self._logbook.read(step, self._readings(True, True))

    def _readings(self, probe: bool, evaluate: bool) -> Measured:
        measured: Measured = {}
        if probe:
            measured |= self.instruments.probe()
        if evaluate:
            losses = np.frombuffer(self._logbook.take_losses())
            measured |= self.instruments.evaluate(self._dials.eval_dropout, losses)
        return measured

"""Early stopping: finish when validation loss has not improved for a while."""

import math
from typing import TYPE_CHECKING

from nnlab.engine.state import State
from nnlab.scenario.training import EarlyStopping

if TYPE_CHECKING:
    from nnlab.engine.run import Run


class Patience:
    """Counts evaluations without improvement."""

    def __init__(self, settings: EarlyStopping) -> None:
        """Nothing seen yet."""
        self.limit = settings.patience
        self._restore_best = settings.restore_best
        self._min_delta = settings.min_delta
        self._best = math.inf
        self._waited = 0
        self.best_step = 0
        """Where the best loss was measured."""

    @property
    def done(self) -> bool:
        """True when patience is exhausted."""
        return self._waited >= self.limit

    def stop(self, run: "Run") -> str:
        """Go back to the step with the best validation loss, if that is wanted; why the run ends, in words."""
        reason = f"early stopping: validation loss has not improved for {self.limit} evaluations"
        best = self.best_step
        if not self._restore_best or best >= run.step:
            return reason
        run.mark("guard", f"rewind to step {best}, which had the best validation loss")
        run.time.rewind(best)
        return f"{reason}; back at the best, step {best}"

    def renew(self) -> None:
        """Wait anew for an improvement over the best so far."""
        self._waited = 0

    def state(self) -> State:
        """What it has seen."""
        return {"best": self._best, "waited": self._waited, "best_step": self.best_step}

    def restore(self, state: State) -> None:
        """Take a state back."""
        self._best, self._waited, self.best_step = state["best"], state["waited"], state["best_step"]

    def exhausted(self, loss: float, step: int) -> bool:
        """Count the evaluation at this step; True when it was one too many."""
        if loss < self._best - self._min_delta:
            self._best, self._waited, self.best_step = loss, 0, step
        else:
            self._waited += 1
        return self.done

"""Early stopping: finish when validation loss has not improved for a while."""

import math

from nnlab.scenario.training import EarlyStopping


class Patience:
    """Counts evaluations without improvement."""

    def __init__(self, settings: EarlyStopping) -> None:
        """Nothing seen yet."""
        self.limit = settings.patience
        self._min_delta = settings.min_delta
        self._best = math.inf
        self._waited = 0

    @property
    def done(self) -> bool:
        """True when patience is exhausted."""
        return self._waited >= self.limit

    def renew(self) -> None:
        """Wait anew for an improvement over the best so far."""
        self._waited = 0

    def exhausted(self, loss: float) -> bool:
        """Count one evaluation; True when it was one too many."""
        if loss < self._best - self._min_delta:
            self._best, self._waited = loss, 0
        else:
            self._waited += 1
        return self.done

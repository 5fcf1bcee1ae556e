"""How long a run has trained."""

import time


class Clock:
    """Counts seconds while it runs."""

    def __init__(self) -> None:
        """At rest, at zero."""
        self._before = 0.0
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds of training so far."""
        return self._before + (0.0 if self._since is None else time.perf_counter() - self._since)

    def run(self, running: bool) -> None:
        """Go on counting, or rest."""
        self._before = self.seconds
        self._since = time.perf_counter() if running else None

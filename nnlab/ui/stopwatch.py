"""How long a run has been running: wall time, at whatever pace it trains, without the pauses."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since any fixed moment, never going back."""


class Stopwatch:
    """Starts and stops as it is told, and adds up the time in between."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._kept = 0.0
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds measured so far."""
        return self._kept + (0.0 if self._since is None else self._clock() - self._since)

    def go(self, *, on: bool) -> None:
        """Start or stop; nothing changes where it is so already."""
        if on and self._since is None:
            self._since = self._clock()
        elif not on:
            self._kept, self._since = self.seconds, None

    def reset(self) -> None:
        """Stand still at 0."""
        self._kept, self._since = 0.0, None

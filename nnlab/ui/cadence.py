"""How often the lab paints a run that goes on: as often as is pleasant, and no more often than the terminal takes it.

Textual hands what it paints to a thread, through a queue that blocks the whole app once it is full. So before painting
the queue is looked at: while a whole frame still waits in it the line is slower than the lab, the frame is skipped (the
next one shows everything newer) and the interval doubles; when the line keeps up it shrinks back a little each frame.
"""

PAINT_EVERY = 0.098
"""Seconds between two paintings, on average: ten a second and a little over, as smooth as a terminal needs."""

A_FRAME = 3
"""Writes that Textual makes of one painting; so many still waiting are the whole last one."""

NUMBERS_EVERY = 0.19
"""Least seconds between two changes of the numbers in titles and tables: faster ones cannot be read."""

SLOW_EVERY = 1.0
"""Seconds between two paintings on a slow line, and the longest interval it is slowed down to."""

RECOVERY = 0.93
"""The interval shrinks by this factor with each painting that the line has kept up with."""


SETTLED = 0.07
"""Seconds without a move of the cursor after which texts and tables follow it."""

FOLLOWED = 0.35
"""Seconds of moving after which they follow it all the same."""


class Settling:
    """When texts and tables follow a cursor that is moved. The plots follow each move; these would hold them up."""

    def __init__(self) -> None:
        self._first = self._last = float("inf")

    @property
    def waits(self) -> bool:
        """Whether they have yet to follow."""
        return self._last < float("inf")

    def moved(self, now: float) -> None:
        """The cursor stands elsewhere."""
        self._first, self._last = min(self._first, now), now

    def due(self, now: float) -> bool:
        """Whether to follow now; notes that it is done."""
        if now - self._last < SETTLED and now - self._first < FOLLOWED:
            return False
        self._first = self._last = float("inf")
        return True


class Cadence:
    """When to paint; times are seconds on a clock that never goes back."""

    def __init__(self, *, low_bandwidth: bool = False) -> None:
        self._floor = SLOW_EVERY if low_bandwidth else PAINT_EVERY
        self._numbers_every = SLOW_EVERY if low_bandwidth else NUMBERS_EVERY
        self.interval = self._floor
        """Seconds between two paintings at present."""
        self._painted = self._numbers = float("-inf")

    @property
    def slowed(self) -> bool:
        """Whether the line is so slow that the lab holds back."""
        return self.interval > max(4 * PAINT_EVERY, self._floor)

    @property
    def slow(self) -> bool:
        """Whether the line is slow, as it turned out or as the user said."""
        return self.interval > 4 * PAINT_EVERY

    def due(self, now: float, waiting: int) -> bool:
        """Whether to paint now, with so many writes still waiting for the terminal; notes that it is done.

        A painting that comes late, because the clock is looked at in ticks, does not put off the next one.
        """
        if now - self._painted < self.interval:
            return False
        late = now - self._painted - self.interval
        self._painted = now - late if late < self.interval else now
        if waiting >= A_FRAME:
            self.interval = min(2 * self.interval, SLOW_EVERY)
            return False
        self.interval = max(RECOVERY * self.interval, self._floor)
        return True

    def rested(self, now: float, waiting: int) -> bool:
        """Nothing is to be painted now. Whether the line has just shown that it is no longer slow: it was free for the
        whole interval, which counts as a painting that it has kept up with."""
        if not self.slowed or waiting or now - self._painted < self.interval:
            return False
        self._painted = now
        self.interval = max(RECOVERY * self.interval, self._floor)
        return not self.slowed

    def numbers_due(self, now: float) -> bool:
        """Whether numbers may change with this painting; notes that they do."""
        if now - self._numbers < self._numbers_every:
            return False
        self._numbers = now
        return True

    def at_once(self) -> None:
        """Everything is due: the user has done something, and waits to see it."""
        self._painted = self._numbers = float("-inf")

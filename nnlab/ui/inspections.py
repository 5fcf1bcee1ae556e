"""Looks inside the run: what was asked of the engine, and what it answered last.

Only what is on the screen is asked for: at most so often, never again before the answer, and not while the run stands
where it stood at the last look. Training waits while the engine looks, so looks that take long are rarer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nnlab.wire.events import Inspected, InspectionRefused

EVERY, SLOWLY = 0.5, 2.0
"""Seconds between two rounds of looks, and on a slow line."""

RESTLESS = frozenset({"machine"})
"""Kinds whose answer changes while the run stands, and that cost the engine next to nothing."""

REST = 10.0
"""A round begins at the earliest this many times as long after the last one as that took to be answered."""


@dataclass(slots=True)
class Inspections:
    """Looks of one session. `send` asks the engine for an inspection of this kind and returns the request's id."""

    send: Callable[[str], int]
    answers: dict[str, Inspected | InspectionRefused] = field(default_factory=dict)
    """The last answer of each kind."""
    _awaited: dict[str, int] = field(default_factory=dict)
    _asked_at: dict[str, object] = field(default_factory=dict)
    _round: float = float("-inf")
    _took: float = 0.0

    def want(self, kinds: Iterable[str], stand: object, now: float, every: float = EVERY) -> None:
        """Ask for these kinds if it is time; `stand` changes whenever the answer might (the step, knobs turned)."""
        kinds = tuple(kinds)
        rest = 0.0 if set(kinds) <= RESTLESS else REST * self._took
        if self._awaited or now - self._round < max(every, rest):
            return
        for kind in kinds:
            if kind in RESTLESS or self._asked_at.get(kind) != stand:
                self._asked_at[kind], self._round = stand, now
                self._awaited[kind] = self.send(kind)

    def take(self, answer: Inspected | InspectionRefused, now: float) -> bool:
        """Note an answer; False for one that nobody waits for."""
        if self._awaited.get(answer.what) != answer.id:
            return False
        del self._awaited[answer.what]
        self.answers[answer.what] = answer
        self._took = now - self._round
        return True

    def look_anew(self) -> None:
        """The run may stand at the same step with another model: what was seen there no longer counts as seen."""
        self._asked_at.clear()

    def forget(self) -> None:
        """Another run begins, and nothing is known of it."""
        self.answers.clear()
        self._awaited.clear()
        self._asked_at.clear()
        self._round, self._took = float("-inf"), 0.0

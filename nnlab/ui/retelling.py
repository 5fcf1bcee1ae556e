"""When the diagnosis is told anew: texts that move faster than one can read them say nothing."""

import time

from nnlab.ui.session import Session
from nnlab.ui.views.tests import said

RETELL_EVERY = 1.0
"""Seconds between two diagnoses that differ in their numbers only."""


class Retelling:
    """Remembers what was told last, and when."""

    def __init__(self) -> None:
        self._story: tuple[object, ...] = ()
        self._told = 0.0

    def due(self, session: Session, cursor: int | None) -> bool:
        """At once where the story is another one or at rest; where its numbers move, no faster than one can read.

        `cursor` is the step that is looked at. Notes that it is told.
        """
        found = session.diagnosis
        head = found.headline if found else None
        verdict, severity = found.verdict if found else "", head.severity if head else ""
        tested, busy = said(session.history), session.twins.busy
        story = (session.state, session.reason, verdict, severity, tested, busy, cursor)
        now = time.monotonic()
        if story == self._story and session.state == "running" and now - self._told < RETELL_EVERY:
            return False
        self._story, self._told = story, now
        return True

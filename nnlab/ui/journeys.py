"""Journeys on the lines of a run: what was asked of the time machine, and what came of it."""

from collections import deque

from nnlab.telemetry.history import History
from nnlab.wire import commands, events

Journey = (
    commands.Rewind | commands.Switch | commands.Undo | commands.Redo | commands.Snapshot | commands.NameBranch
)  # fmt: skip
"""What is asked of the time machine."""

Arrival = events.Rewound | events.Branched | events.BranchNamed | events.Refused | events.Marked
"""What it answers; a snapshot is a mark."""


class Journeys:
    """Hears every event of a run, and keeps what answers the user's own journeys."""

    def __init__(self) -> None:
        self.arrivals: deque[Arrival] = deque()
        """Answers that nobody has been told of yet."""
        self.came_from: int | None = None
        """The branch that the run was on before the present one."""
        self._awaited = 0
        self._arrived = False

    def asked(self) -> None:
        """A journey was asked for."""
        self._awaited += 1

    def hear(self, event: events.Event, history: History) -> None:
        """Note an event before the history takes it in; a branch that begins after a journey belongs to it."""
        if isinstance(event, events.Rewound | events.Branched) and event.branch != history.branch:
            self.came_from = history.branch
        match event:
            case events.Branched() if self._arrived:
                self._arrived = False
                self.arrivals.append(event)
            case events.Rewound() | events.Refused() | events.BranchNamed() if self._awaited:
                self._awaited -= 1
                self._arrived = isinstance(event, events.Rewound)
                self.arrivals.append(event)
            case events.Marked(kind="snapshot") if self._awaited:
                self._awaited -= 1
                self.arrivals.append(event)
            case _:
                pass

"""The twins of a run, one at a time: each knob turn begins one, and what it caused is told once both have come so far.

Whoever watches a run (the lab, a headless run) lets this hear every event before its history takes it in, tells it of
each diagnosis, and calls `advance` now and then. Nothing here waits.
"""

from collections import deque
from collections.abc import Callable

from nnlab.diagnosis.finding import Diagnosis
from nnlab.diagnosis.rules.confounded_changes import WINDOW_EVALUATIONS
from nnlab.errors import UserError
from nnlab.telemetry.history import History
from nnlab.trials.cores import cores
from nnlab.trials.effect import KIND, Account, Effect, from_text, to_text
from nnlab.trials.engine import TrialError
from nnlab.trials.twin import Judge, Start, Twin
from nnlab.trials.twin_case import Case
from nnlab.trials.twin_engines import Engines
from nnlab.wire import commands, events
from nnlab.wire.values import RunInfo

BUDGET = 0.004
"""Seconds of work in one `advance`."""
CORES = 2
"""Fewer, and a twin takes the time of the run itself."""


def affordable(info: RunInfo) -> bool:
    """Whether a twin costs its run little: it has another core to itself, and shares no other device."""
    return info.device == "cpu" and cores() >= CORES


class Twins:
    """`start` starts their engines (None: there are none), `send` reaches the engine of the run.

    `wanted` None leaves it to what is affordable. A later turn ends the present twin, or (`patient`) waits for it. What
    was found is in `effects` and goes into the journal of the run; `trouble` says why there is none.
    """

    def __init__(
        self,
        start: Start | None = None,
        send: Callable[[commands.Command], None] = lambda _: None,
        *,
        wanted: bool | None = None,
        patient: bool = False,
    ) -> None:
        self.possible = start is not None
        """Whether there can be twins at all."""
        self.on = False
        """Whether the next turn begins one."""
        self.effects: list[Effect] = []
        self.trouble = ""
        self._send, self._wanted, self._patient = send, wanted, patient
        self._engines = Engines(start)
        self._cases: deque[Case] = deque()
        self._seen: set[tuple[object, ...]] = set()
        """Turns that have had their twin: on known steps they are told again."""
        self._run = ""
        self._history: History | None = None
        self._diagnoses: list[Diagnosis] = []
        self._over: int | None = None
        """The step beyond which the run does not go."""
        self._number = 0

    @property
    def busy(self) -> bool:
        """Whether something is still to be told."""
        return bool(self._cases)

    @property
    def present(self) -> Twin | None:
        """The twin that is compared."""
        return self._cases[0].twin if self._cases else None

    @property
    def so_far(self) -> Effect | None:
        """What the turn in question has caused as far as both have come."""
        return self._cases[0].so_far if self._cases else None

    def switch(self) -> None:
        """Off, which ends the present twin, or on."""
        self._wanted = self.on = not self.on
        if not self.on:
            self._drop()

    def begin(self, info: RunInfo) -> None:
        """A run begins, or the same one is told from its start once more."""
        self._drop()
        self._over = None
        if info.run_id != self._run:
            self._run, self.trouble = info.run_id, ""
            self.effects.clear()
            self._seen.clear()
            self.on = self.possible and (affordable(info) if self._wanted is None else self._wanted)

    def hear(self, event: events.Event, history: History, doctor: Judge) -> None:
        """The next event of the run, before its history takes it in."""
        self._history = history
        match event:
            case events.KnobTurned() if self.on:
                self._over = None
                self._turned(event, history, doctor)
            case events.Saved(step, number, error):
                self._saved(step, number, error)
            case events.Rewound() | events.Branched() | events.RunFailed() | events.EngineLost():
                self._drop()
            case events.Marked(kind="guard"):
                self.over(event.step)
            case events.StateChanged(state="finished" | "stopped" | "failed"):
                self.over(event.step)
            case events.StateChanged(state="running"):
                self._over = None
            case _:
                pass

    def judged(self, diagnosis: Diagnosis) -> None:
        """A diagnosis of the run at a boundary."""
        if self._cases:
            self._diagnoses.append(diagnosis)

    def over(self, step: int) -> None:
        """The run goes no further than this step, for the time being."""
        self._over = step

    def advance(self, budget: float = BUDGET) -> None:
        """Take in what the present twin has told, and tell what was caused once that is known."""
        if not self._cases or self._history is None:
            return
        case, history = self._cases[0], self._history
        try:
            self._engines.launch(case)
            case.twin.advance(budget)
        except (UserError, TrialError) as error:
            self._give_up(case, str(error).splitlines()[0])
            return
        end = case.end if self._over is None else min(case.end, self._over)
        twin = case.twin
        if (twin.rests or twin.history.step > end) and (history.step > end or self._over is not None):
            self._conclude(case, min(end, twin.history.step))
        else:
            case.look(Account(history, self._diagnoses))

    def close(self) -> None:
        """End the present twin and wait until its engine is gone."""
        self._drop()
        self._engines.close()

    # -----------------------------------------------------------------------------------------------------------------

    def _turned(self, turn: events.KnobTurned, history: History, doctor: Judge) -> None:
        place = history.holder(turn.step), turn.step, turn.knob, turn.old, turn.new
        phases = (mark.step for mark in history.marks if mark.kind == "phase")
        of_the_data = turn.source == "script" and turn.step in phases
        if turn.old == turn.new or turn.source == "guard" or of_the_data or place in self._seen:
            return  # nothing was changed, or the twin would do the same, or the run passes here again
        self._seen.add(place)
        newest = self._cases[-1] if self._cases else None
        if newest and turn.step - newest.turns[-1].step <= WINDOW_EVALUATIONS * max(1, history.info.eval_every):
            newest.turns.append(turn)
            if not newest.net:
                self._end(newest)
            return
        if newest:
            newest.end = min(newest.end, turn.step)
            if not self._patient and newest.kept is None:
                self._end(newest)  # as where a run is told from its start
            elif not self._patient:
                self._conclude(newest, min(newest.end, newest.twin.history.step))
        self._number -= 1
        self.trouble = ""
        self._cases.append(Case(turn, history, doctor, self._number))
        self._send(commands.Save(str(self._engines.state(self._number)), self._number, turn.step))

    def _saved(self, step: int, number: int, error: str) -> None:
        for case in [one for one in self._cases if one.number == number]:
            case.kept = step
            if error:
                self._give_up(case, error)
            elif self._known(case.twin.begin):
                self._end(case)

    def _known(self, begin: int) -> bool:
        """Whether the journal says already what was caused by the turn at a step, as in a run that is gone on with."""
        marks = self._history.marks if self._history else ()
        found = (from_text(mark.text) for mark in marks if mark.kind == KIND)
        return any(one is not None and one.begin == begin for one in found)

    def _give_up(self, case: Case, why: str) -> None:
        self.trouble = f"no twin for the turn at step {case.twin.begin}: {why}"
        self._end(case)

    def _conclude(self, case: Case, end: int) -> None:
        assert self._history is not None
        found = case.compare(Account(self._history, self._diagnoses), end)
        self.effects.append(found)
        self._send(commands.Remark(KIND, to_text(found), end))
        self._end(case)

    def _end(self, case: Case) -> None:
        self._engines.end(case)
        self._cases.remove(case)
        if not self._cases:
            self._diagnoses.clear()

    def _drop(self) -> None:
        for case in tuple(self._cases):
            self._end(case)

"""The twins of a run, one at a time: each knob turn begins one, and what it caused is told once both have come so far.

Whoever watches a run (the lab, a headless run) lets this hear every event before its history takes it in, tells it of
each diagnosis, and calls `advance` now and then. Nothing here waits: engines start and end in a thread.
"""

import os
import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from nnlab.client.feed import Feed
from nnlab.diagnosis.finding import Diagnosis
from nnlab.diagnosis.rules.confounded_changes import WINDOW_EVALUATIONS
from nnlab.errors import UserError
from nnlab.telemetry.history import History
from nnlab.trials.effect import KIND, Account, Effect, Turned, effect, to_text
from nnlab.trials.engine import TrialError
from nnlab.trials.prove import horizon
from nnlab.trials.twin import Judge, Start, Twin
from nnlab.wire import commands, events
from nnlab.wire.values import RunInfo

BUDGET = 0.004
"""Seconds of work in one `advance`."""
CORES = 2
"""Fewer, and a twin takes the time of the run itself."""


class Case:
    """One turn, or several within one evaluation, and the twin from before the first of them."""

    def __init__(self, turn: events.KnobTurned, twin: Twin, number: int, before: History) -> None:
        """`number` is that of the request for the state."""
        info, step = before.info, turn.step
        steps = horizon(info, step)
        self.turns = [turn]
        self.twin = twin
        self.number = number
        self.end = step + min(steps, info.planned_steps - step if step < info.planned_steps else steps)
        """The step up to which the two are compared."""
        self.before = before.turns
        """What had been turned when the twin parts from the run."""
        self.kept: int | None = None
        """The step of the state that has been written for it."""

    @property
    def net(self) -> tuple[Turned, ...]:
        """Each knob once, from what it held before to what it came to hold; without those that came back."""
        found: dict[str, Turned] = {}
        for turn in self.turns:
            found[turn.knob] = Turned(turn.knob, found[turn.knob].old if turn.knob in found else turn.old, turn.new)
        return tuple(one for one in found.values() if one.old != one.new)


def affordable(info: RunInfo) -> bool:
    """Whether a twin costs its run little: it has another core to itself, and shares no other device."""
    return info.device == "cpu" and (os.cpu_count() or 1) >= CORES


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
        self._start, self._send, self._wanted, self._patient = start, send, wanted, patient
        self._cases: deque[Case] = deque()
        self._seen: set[tuple[object, ...]] = set()
        self._run = ""
        self._history: History | None = None
        self._diagnoses: list[Diagnosis] = []
        self._over: int | None = None
        self._number = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._threads: ThreadPoolExecutor | None = None

    @property
    def busy(self) -> bool:
        """Whether something is still to be told."""
        return bool(self._cases)

    @property
    def present(self) -> Twin | None:
        """The twin that is compared."""
        return self._cases[0].twin if self._cases else None

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
            case events.Saved(step, number, error) if self._cases:
                self._saved(step, number, error)
            case events.Rewound() | events.Branched():
                self._drop()
            case events.Marked(kind="guard"):
                self._over = event.step
            case events.StateChanged(state="finished" | "stopped" | "failed"):
                self._over = event.step
            case events.StateChanged(state="running"):
                self._over = None
            case events.RunFailed() | events.EngineLost():
                self._drop()
            case _:
                pass

    def judged(self, diagnosis: Diagnosis) -> None:
        """A diagnosis of the run at a boundary."""
        if self._cases:
            self._diagnoses.append(diagnosis)

    def advance(self, budget: float = BUDGET) -> None:
        """Take in what the present twin has told, and tell what was caused once that is known."""
        if not self._cases:
            return
        case = self._cases[0]
        try:
            self._launch(case)
            case.twin.advance(budget)
        except (UserError, TrialError) as error:
            self.trouble = f"no twin for the turn at step {case.twin.begin}: {str(error).splitlines()[0]}"
            self._end(case)
            return
        end = self._end_of(case)
        history, twin = self._history, case.twin
        if history is None or not (twin.rests or twin.history.step > end):
            return
        if history.step > end or self._over is not None:
            self._conclude(case, min(end, twin.history.step))

    def close(self) -> None:
        """End the present twin and wait until its engine is gone."""
        self._drop()
        if self._threads is not None:
            self._threads.shutdown()
        if self._folder is not None:
            self._folder.cleanup()

    # -----------------------------------------------------------------------------------------------------------------

    def _turned(self, turn: events.KnobTurned, history: History, doctor: Judge) -> None:
        place = history.holder(turn.step), turn.step, turn.knob, turn.old, turn.new
        of_the_data = turn.source == "script" and any(
            mark.kind == "phase" and mark.step == turn.step for mark in history.marks
        )
        if turn.old == turn.new or turn.source == "guard" or of_the_data or place in self._seen:
            return  # nothing was changed, the twin would do the same, or the run passes here again
        self._seen.add(place)
        newest = self._cases[-1] if self._cases else None
        if newest and turn.step - newest.turns[-1].step <= WINDOW_EVALUATIONS * max(1, history.info.eval_every):
            newest.turns.append(turn)
            if not newest.net:
                self._end(newest)
            return
        if newest:
            newest.end = min(newest.end, turn.step)
            if not self._patient:
                self._conclude(newest, min(newest.end, newest.twin.history.step))
        self._number -= 1
        self._cases.append(Case(turn, Twin(turn.step, history, doctor), self._number, history))
        self._send(commands.Save(str(self._path(self._number)), self._number, turn.step))

    def _saved(self, step: int, number: int, error: str) -> None:
        case = next((one for one in self._cases if one.number == number), None)
        if case is not None and error:
            self.trouble = f"no twin for the turn at step {case.twin.begin}: {error}"
            self._end(case)
        elif case is not None:
            case.kept = step

    def _launch(self, case: Case) -> None:
        if case.twin.engine is not None or case.kept is None or self._start is None:
            return
        since = case.kept
        turns = [turn for turn in case.before if turn.step >= since]
        steps = case.end - since
        case.twin.engine = self._thread().submit(self._start, self._path(case.number), turns, steps)

    def _end_of(self, case: Case) -> int:
        return case.end if self._over is None else min(case.end, self._over)

    def _conclude(self, case: Case, end: int) -> None:
        assert self._history is not None
        net, run = case.net, Account(self._history, self._diagnoses)
        found = effect(net, case.twin.begin, end, run, case.twin.account)
        self.effects.append(found)
        self._send(commands.Remark(KIND, to_text(found), end))
        self._end(case)

    def _end(self, case: Case) -> None:
        self._cases.remove(case)
        if not self._cases:
            self._diagnoses.clear()
        if case.twin.engine is not None:
            self._thread().submit(_let_go, case.twin.engine, self._path(case.number))

    def _drop(self) -> None:
        for case in tuple(self._cases):
            self._end(case)

    def _path(self, number: int) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="nnlab-")
        return Path(self._folder.name) / f"state{-number}"

    def _thread(self) -> ThreadPoolExecutor:
        """One thread: an engine ends before the next one starts."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="twin")
        return self._threads


def _let_go(engine: "Future[Feed]", state: Path) -> None:
    if engine.exception() is None:
        engine.result().close()
    state.unlink(missing_ok=True)

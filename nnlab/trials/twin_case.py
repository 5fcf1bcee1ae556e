"""One turn of a knob, or several within one evaluation, and the twin from before the first of them."""

from nnlab.telemetry.history import History
from nnlab.trials.effect import Account, Effect, Turned, effect
from nnlab.trials.prove import horizon
from nnlab.trials.twin import Judge, Twin
from nnlab.wire import events


class Case:
    """What is compared: the run with `turns`, and `twin` without them, up to step `end`."""

    def __init__(self, turn: events.KnobTurned, history: History, doctor: Judge, number: int) -> None:
        """The run stands where `turn` is about to be made; `number` is that of the request for its state."""
        info, step = history.info, turn.step
        steps = horizon(info, step)
        self.turns = [turn]
        self.twin = Twin(step, history, doctor)
        self.number = number
        self.end = step + min(steps, info.planned_steps - step if step < info.planned_steps else steps)
        self.before = history.turns
        """What had been turned when the twin parts from the run."""
        self.kept: int | None = None
        """The step of the state that has been written for it."""
        self.so_far: Effect | None = None
        """What the turns have caused as far as both have come."""
        self._seen = 0, 0

    @property
    def net(self) -> tuple[Turned, ...]:
        """Each knob once, from what it held before to what it came to hold; without those that came back."""
        found: dict[str, Turned] = {}
        for turn in self.turns:
            found[turn.knob] = Turned(turn.knob, found[turn.knob].old if turn.knob in found else turn.old, turn.new)
        return tuple(one for one in found.values() if one.old != one.new)

    def compare(self, run: Account, end: int) -> Effect:
        """What the turns had caused at step `end`."""
        return effect(self.net, self.twin.begin, end, run, self.twin.account)

    def look(self, run: Account) -> None:
        """Bring `so_far` up to date, where either has had another diagnosis."""
        seen = len(run.diagnoses), len(self.twin.diagnoses)
        if all(seen) and seen != self._seen:
            self._seen = seen
            self.so_far = self.compare(run, min(run.history.step, self.twin.history.step, self.end))

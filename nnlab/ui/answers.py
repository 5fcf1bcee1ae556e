"""What the engine answered to what was asked of it: values that hold now, and requests it refused."""

import itertools
from collections import deque
from dataclasses import dataclass

from nnlab.wire import events
from nnlab.wire.values import KnobValue

KEPT_REFUSALS = 200
"""For the journal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The engine's last word on a knob: the value that holds since `step`, or why the request was refused."""

    knob: str
    value: KnobValue
    step: int
    refusal: str = ""
    serial: int = 0
    """Tells two equal answers apart."""


class Answers:
    """`of_knobs` has the last answer for each knob asked, `refusals` the last requests of any kind refused."""

    def __init__(self) -> None:
        self._serial = itertools.count(1)
        self.of_knobs: dict[str, Answer] = {}
        self.refusals: deque[Answer] = deque(maxlen=KEPT_REFUSALS)

    def hear(self, event: events.Event) -> None:
        """Note the event if it is an answer."""
        match event:
            case events.KnobTurned():
                self.of_knobs[event.knob] = Answer(event.knob, event.new, event.step, serial=next(self._serial))
            case events.KnobRefused():
                refusal = Answer(event.knob, event.value, event.step, event.reason, next(self._serial))
                self.of_knobs[event.knob] = refusal
                self.refusals.append(refusal)
            case events.Refused():
                self.refusals.append(Answer(event.action, "", event.step, event.reason, next(self._serial)))
            case _:
                pass

    def forget(self) -> None:
        """Another run begins."""
        self.of_knobs.clear()
        self.refusals.clear()

"""What the engine said to a request for a knob."""

from dataclasses import dataclass

from nnlab.wire.values import KnobValue


@dataclass(frozen=True, slots=True)
class Answer:
    """The engine's last word on a knob: the value that holds since `step`, or why the request was refused."""

    knob: str
    value: KnobValue
    step: int
    refusal: str = ""
    serial: int = 0
    """Tells two equal answers apart."""

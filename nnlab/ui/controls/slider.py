"""A one-line control for a knob."""

from textual.message import Message
from textual.widget import Widget

from nnlab.wire.values import KnobSpec, KnobValue


class Slider(Widget, can_focus=True):
    """A knob as the engine announced it."""

    class Turned(Message):
        """The user asks for `value` on the knob `knob` (its id)."""

        def __init__(self, slider: "Slider", knob: str, value: KnobValue) -> None:
            super().__init__()
            self.slider = slider
            self.knob = knob
            self.value = value

    def __init__(self, spec: KnobSpec, *, label_width: int = 14, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.spec = spec
        self.value: KnobValue = spec.value

    def applied(self, value: KnobValue, step: int) -> None:
        """The engine holds `value` from `step` on."""

    def refused(self, reason: str) -> None:
        """The engine did not take the requested value."""

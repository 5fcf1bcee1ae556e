"""What was asked of the engine for one knob and is not answered yet."""

from nnlab.wire.values import KnobValue


class Requests:
    """The newest request stands until the knob holds its value, or until every request has had its answer."""

    def __init__(self) -> None:
        self.pending: KnobValue | None = None
        """The newest unanswered value."""
        self._unanswered = 0

    def ask(self, value: KnobValue) -> None:
        """One more request."""
        self.pending = value
        self._unanswered += 1

    def answered(self, value: KnobValue) -> None:
        """The knob holds `value` now, whoever turned it."""
        self._unanswered = max(self._unanswered - 1, 0)
        if value == self.pending or not self._unanswered:
            self.forget()

    def forget(self) -> None:
        """Nothing is awaited any more."""
        self.pending, self._unanswered = None, 0

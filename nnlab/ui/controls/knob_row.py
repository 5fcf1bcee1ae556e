"""A knob in one line as it is shown: what the engine said, what is asked of it, and what is being typed or dragged."""

from textual.geometry import Size

from nnlab.ui.charts import inks
from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.grid import Grid
from nnlab.ui.controls import slider_face
from nnlab.ui.controls.hint import NO_HINT, Hint
from nnlab.ui.controls.requests import Requests
from nnlab.wire.values import KnobSpec, KnobValue


class KnobRow(CellWidget):
    """A knob as the engine announced it; `value` is the applied value."""

    def __init__(
        self,
        spec: KnobSpec,
        *,
        label_width: int = 14,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.spec = spec
        self.value: KnobValue = spec.value
        self.tooltip = spec.help or None
        self._label_width = label_width
        self._requests = Requests()
        self._entry: str | None = None
        self._message = ""
        self._preview: KnobValue | None = None
        self._focused = self._veiled = self._held = False
        self._hint = NO_HINT

    @property
    def pending(self) -> KnobValue | None:
        """The requested value that the engine has not answered yet."""
        return self._requests.pending

    def applied(self, value: KnobValue, step: int) -> None:
        """The engine holds `value` from `step` on, whoever turned the knob."""
        self.value = value if self.spec.scale != "action" else self.spec.value
        self._requests.answered(value)
        self._message = ""
        self.redraw()

    def show(self, value: KnobValue, hint: Hint = NO_HINT, *, veiled: bool = False) -> None:
        """The knob holds `value` where the run stands or is looked at (`veiled`: nobody sees it); what is asked for
        stays asked for."""
        if (value, hint, veiled) != (self.value, self._hint, self._veiled):
            self.value, self._hint, self._veiled = value, hint, veiled
            self.redraw()

    def hold(self, held: bool) -> None:
        """Have it show its value and take no orders (`held`), or be turned again.

        Not Textual's `disabled`: that styles every widget anew and paints them all, for each look into the past.
        """
        if held != self._held:
            self._held = held
            self.redraw()

    def allow_focus(self) -> bool:
        """Keys have nothing to turn while it is held."""
        return super().allow_focus() and not self._held

    def refused(self, reason: str) -> None:
        """The engine did not take the requested value; the reason shows until the next key."""
        self._requests.forget()
        self._message = reason
        self.redraw()

    def compose_grid(self, size: Size) -> Grid:
        """The control at this size."""
        grid = slider_face.draw(self._face(), size.width, self.glyphs)
        return grid.in_one(inks.ink("muted")) if self._held else grid

    def _face(self) -> slider_face.Face:
        asked = self.pending if self._preview is None else self._preview
        return slider_face.Face(
            self.spec, self.value, asked=asked, entry=self._entry, message=self._message,
            label_width=self._label_width, focused=self._focused, veiled=self._veiled, hint=self._hint,
        )  # fmt: skip

    def _target(self) -> KnobValue:
        return self.value if self.pending is None else self.pending

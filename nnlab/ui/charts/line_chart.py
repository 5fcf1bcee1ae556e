"""The line chart widget."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from textual import events
from textual.geometry import Size

from nnlab.ui.charts import axes, legend, plot
from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.frame import GUTTER, body
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.lines import Floats, Line, Mark
from nnlab.ui.charts.scene import Scene, extent, reduce, step_of
from nnlab.ui.charts.sight import CursorMoved, Window, WindowMoved, panned, zoomed
from nnlab.ui.charts.style import LENGTHS, OWN, Style

__all__ = ["Line", "LineChart", "Mark"]

WHEEL = 0.8
"""New width : old width for a notch of the wheel towards the user's screen; the other way round for one back."""

WHEEL_PAN = 0.1
"""Share of the width that a notch pans."""


class LineChart(CellWidget):
    """Lines over training steps, with marks where something happened.

    The x axis spans the planned steps (or a window of them) and the y limits are held while they suit the data, so from
    one `show` to the next only the newest columns and the numbers in the title change, and only those cells are
    repainted. `limits` fixes the y axis (of an accuracy: 0 to 1). Clicks and the wheel ask for another cursor or window
    by message.
    """

    DEFAULT_CSS = """
    LineChart { width: 1fr; height: 1fr; min-height: 5; min-width: 20; }
    """

    def __init__(
        self,
        title: str,
        *,
        scale: axes.Scale = "linear",
        unit: str = "",
        empty: str = "waiting for the first step",
        limits: axes.Limits | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._scene = Scene(title, unit, log_y=scale == "log", empty=empty)
        self._usual: axes.Scale = scale
        self._style = OWN
        self._whole = 1
        self._fixed = limits
        self._held: axes.Limits | None = None

    def show(
        self,
        lines: Sequence[Line],
        marks: Sequence[Mark] = (),
        planned: int = 0,
        step: int = 0,
        guides: Sequence[tuple[float, str]] = (),
        *,
        window: Window | None = None,
        cursor: int | None = None,
        steady: bool = False,
    ) -> None:
        """Draw these lines; repaints the cells that changed and no others.

        `planned` is the number of steps the run is meant to have (0: open-ended), `step` the number done. `guides` are
        horizontal reference lines: a value and its name. `window` are the steps to show, None for all. `steady` leaves
        the numbers in the title as they are, so that they can be read while the lines move.
        """
        before = self._scene
        if steady:
            known = {line.label: line.value for line in before.lines}
            lines = [replace(line, value=known.get(line.label, line.value)) for line in lines]
        self._whole = axes.x_end(planned, step)
        shown = window or Window(0, self._whole)
        if shown.first != before.first or shown.last < before.last:
            self._held = None
        log_y = self._logarithmic(_values(lines, shown), before.log_y)
        if log_y != before.log_y:
            self._held = None
        self._scene = replace(
            before,
            lines=tuple(lines),
            marks=tuple(marks),
            guides=tuple(guides),
            first=shown.first,
            last=shown.last,
            step=step,
            log_y=log_y,
            cursor=cursor,
        )
        self.redraw()

    @property
    def window(self) -> Window:
        """The steps from end to end of the axis."""
        return Window(self._scene.first, self._scene.last)

    @property
    def whole(self) -> int:
        """The last step on an axis of all steps."""
        return self._whole

    @property
    def column_steps(self) -> int:
        """Steps that a column of cells stands for, at least 1."""
        return max(round(self.window.width / max(self._across - 1, 1)), 1)

    def dot_of(self, step: int) -> int:
        """The column of dots that a step is drawn in, outside the window too."""
        return (step - self._scene.first) * self._across * self.glyphs.wide // self.window.width

    @property
    def log_y(self) -> bool:
        """Whether the y axis is logarithmic; once set to what it would not choose itself it stays so."""
        return self._scene.log_y

    @log_y.setter
    def log_y(self, value: bool) -> None:
        self._style = replace(self._style, axis="")
        if self._logarithmic(self._values, value) != value:
            self._style = replace(self._style, axis="log" if value else "linear")
        self._draw_anew(replace(self._scene, log_y=value))

    def _logarithmic(self, values: Floats, now: bool) -> bool:
        """Whether the y axis is to be logarithmic for these values, where it is one `now` or not."""
        scale = self._style.axis or self._usual
        return axes.wants_log(values, now) if scale == "auto" else scale == "log"

    @property
    def style(self) -> Style:
        """What the user has chosen."""
        return self._style

    @style.setter
    def style(self, style: Style) -> None:
        self._style = style
        log_y = self._logarithmic(self._values, self.log_y)
        self._draw_anew(replace(self._scene, log_y=log_y, smooth=style.smooth))

    def next_smoothing(self) -> None:
        """Smooth more; not at all after the most."""
        at = LENGTHS.index(self._style.smooth)
        self.style = replace(self._style, smooth=LENGTHS[(at + 1) % len(LENGTHS)])

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the lines."""
        return tuple(line.label for line in self._scene.lines)

    def next_alone(self) -> None:
        """Show the first line alone, then the next one, and all again after the last."""
        rounds = (frozenset[str](), *(frozenset(self.labels) - {label} for label in self.labels))
        following = dict(pairwise(rounds))
        self._draw_anew(replace(self._scene, hidden=following.get(self._scene.hidden, rounds[0])))

    def toggle(self, label: str) -> None:
        """Hide the line of this label, or show it again."""
        self._draw_anew(replace(self._scene, hidden=self._scene.hidden ^ {label}))

    def on_resize(self, _: events.Resize) -> None:
        """The axis is chosen anew for another size."""
        self._held = None

    def compose_grid(self, size: Size) -> Grid:
        """The chart at this size."""
        columns = reduce(self._scene, self._across * self.glyphs.wide)
        seen = extent(columns)
        if seen is None:
            self._held = None
        elif self._fixed is None:
            self._held = axes.hold_limits(self._held, *seen)
        limits = None if seen is None else self._fixed or self._held
        return plot.draw(self._scene, columns, limits, (size.width, size.height), self.glyphs)

    @property
    def _values(self) -> Floats:
        return _values(self._scene.lines, self.window)

    @property
    def _across(self) -> int:
        return body(self.size.width, self.size.height)[0]

    def _draw_anew(self, scene: Scene) -> None:
        """The same lines in another way; the limits are chosen anew."""
        self._scene, self._held = scene, None
        self.redraw()

    # --- the mouse -----------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """In the legend: hide a line or show it again. Elsewhere: look at the step under the pointer."""
        if event.y == 0:
            for entry in legend.entries(self._scene, self.size.width, self.glyphs):
                if entry.start <= event.x < entry.end:
                    self.toggle(entry.label)
        elif event.x >= GUTTER:
            self.capture_mouse()
            self.post_message(CursorMoved(self._step_at(event.x)))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the cursor."""
        if self.app.mouse_captured is self:
            self.post_message(CursorMoved(self._step_at(event.x)))

    def on_mouse_up(self, _: events.MouseUp) -> None:
        """Let the cursor stand."""
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in about the pointer; with shift or ctrl, pan to the left."""
        self._wheel(event, WHEEL, -WHEEL_PAN)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out about the pointer; with shift or ctrl, pan to the right."""
        self._wheel(event, 1 / WHEEL, WHEEL_PAN)

    def _wheel(self, event: events.MouseEvent, factor: float, share: float) -> None:
        event.stop()
        newest = self._scene.step
        if event.shift or event.ctrl:
            window: Window | None = panned(self.window, share, self._whole, newest)
        else:
            window = zoomed(self.window, factor, self._step_at(event.x), self._whole, newest)
        self.post_message(WindowMoved(window))

    def _step_at(self, x: int) -> int:
        return step_of(x - GUTTER, self._scene.span, self._across)


def _values(lines: Sequence[Line], shown: Window) -> Floats:
    """The finite values of the lines in a window."""
    parts = [line.mean[(line.steps >= shown.first) & (line.steps <= shown.last)] for line in lines]
    values = np.concatenate(parts) if parts else np.empty(0)
    return values[np.isfinite(values)]

"""A one-line control for a knob: by keys, by typing, by mouse.

What it shows is what the engine said: turning it only asks (`Slider.Turned`), and old → new stands there until the
engine's answer comes back through `applied` or `refused`.
"""

from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from nnlab.ui.charts import inks
from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.grid import Grid
from nnlab.ui.controls import knob_scale, slider_face
from nnlab.ui.controls.hint import NO_HINT, Hint
from nnlab.wire.values import KnobSpec, KnobValue

TYPED = frozenset("0123456789.-+eE")
OPENING = frozenset("0123456789.-")

KEYS: list[BindingType] = [
    Binding("left", "nudge(-1)", "less", show=False, tooltip="Turn the knob down by its fine step."),
    Binding("right", "nudge(1)", "more", show=False, tooltip="Turn the knob up by its fine step."),
    Binding("shift+left", "nudge(-1, True)", "much less", show=False, tooltip="Turn the knob down by a coarse step."),
    Binding("shift+right", "nudge(1, True)", "much more", show=False, tooltip="Turn the knob up by a coarse step."),
    Binding("home", "end(False)", "lowest", show=False, tooltip="Turn the knob as far down as it goes."),
    Binding("end", "end(True)", "highest", show=False, tooltip="Turn the knob as far up as it goes."),
    Binding("enter", "set_entry", "set", tooltip="Ask for the value that is typed."),
    Binding("escape", "cancel_entry", "cancel", tooltip="Forget what is typed."),
    Binding("enter", "open_entry", "type a value", tooltip="Type the knob's value; a digit starts typing too."),
    Binding("backspace", "erase", "erase", show=False, tooltip="Erase the last character that is typed."),
    Binding("backspace", "reset", "reset", tooltip="Turn the knob back to where it stood when the run began."),
    Binding("enter", "perform", "do it", tooltip="Do what the row offers, once."),
    Binding("space", "switch", "switch", tooltip="Switch on or off."),
]


class Slider(CellWidget, can_focus=True):
    """A knob as the engine announced it; `value` is the applied value."""

    DEFAULT_CSS = """
    Slider { width: 1fr; height: 1; min-width: 20; }
    Slider:focus { background: $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = KEYS

    class Turned(Message):
        """The user asks for `value` on the knob `knob` (its id)."""

        def __init__(self, slider: "Slider", knob: str, value: KnobValue) -> None:
            super().__init__()
            self.slider = slider
            self.knob = knob
            self.value = value

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
        self._asked: KnobValue | None = None
        self._unanswered = 0
        self._entry: str | None = None
        self._message = ""
        self._preview: KnobValue | None = None
        self._focused = False
        self._veiled = False
        self._held = False
        self._hint = NO_HINT

    @property
    def pending(self) -> KnobValue | None:
        """The requested value that the engine has not answered yet."""
        return self._asked

    def applied(self, value: KnobValue, step: int) -> None:
        """The engine holds `value` from `step` on, whoever turned the knob."""
        self.value = value if self.spec.scale != "action" else self.spec.value
        self._unanswered = max(self._unanswered - 1, 0)
        if value == self._asked or not self._unanswered:
            self._asked, self._unanswered = None, 0
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
        self._asked, self._unanswered = None, 0
        self._message = reason
        self.redraw()

    def compose_grid(self, size: Size) -> Grid:
        """The control at this size."""
        grid = slider_face.draw(self._face(), size.width, self.glyphs)
        return grid.in_one(inks.ink("muted")) if self._held else grid

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys mean something now: the others belong to the screen."""
        if self._held:
            return False
        typing, number = self._entry is not None, knob_scale.is_number(self.spec)
        if action in {"set_entry", "cancel_entry", "erase"}:
            return typing
        if action in {"nudge", "end", "reset"}:
            return not typing and self.spec.scale != "action"
        if action == "open_entry":
            return number and not typing
        return action not in {"switch", "perform"} or self.spec.scale == {"perform": "action"}.get(action, action)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a printable key is typed into the value rather than left to the screen."""
        if self._held:
            return False
        if self._entry is not None:
            return character is not None and character.isprintable()
        return knob_scale.is_number(self.spec) and character is not None and character in OPENING

    def on_key(self, event: events.Key) -> None:
        """Digits open the value entry; while it is open, it takes every printable key."""
        if not self.check_consume_key(event.key, event.character):
            return
        event.stop()
        event.prevent_default()
        if event.character is not None and event.character in TYPED:
            self._message = ""
            self._type((self._entry or "") + event.character)

    def action_nudge(self, steps: int, coarse: bool = False) -> None:
        """Some steps up or down; the next or previous choice."""
        self._ask(knob_scale.turn(self.spec, self._target(), steps, coarse=coarse))

    def action_end(self, highest: bool) -> None:
        """The lowest (or off) or highest value; the first or last choice."""
        self._ask(knob_scale.end(self.spec, highest=highest))

    def action_switch(self) -> None:
        """Switch on or off."""
        self._ask(not self._target())

    def action_perform(self) -> None:
        """Do it."""
        self._ask(True)

    def action_reset(self) -> None:
        """Back to the value the run began with."""
        self._ask(self.spec.value)

    def action_open_entry(self) -> None:
        """Type a value."""
        self._type("")

    def action_erase(self) -> None:
        """Take back the last character typed."""
        self._type((self._entry or "")[:-1])

    def action_cancel_entry(self) -> None:
        """Leave the knob as it is."""
        self._message = ""
        self._type(None)

    def action_set_entry(self) -> None:
        """Ask for the value typed; a bad one says what is allowed and changes nothing."""
        text = (self._entry or "").strip()
        self._type(None)
        if text:
            try:
                self._ask(knob_scale.parse(self.spec, text))
            except ValueError as error:
                self._message = str(error)
                self.redraw()

    def on_focus(self) -> None:
        """Shows that keys now turn this knob."""
        self._focused = True
        self.redraw()

    def on_blur(self) -> None:
        """An entry left half typed is dropped."""
        self._focused, self._message = False, ""
        self._type(None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press on the track: a preview follows the mouse, and asks when it is let go. Choices are taken at once."""
        value = slider_face.value_under(self._face(), event.x, self.size.width)
        if value is None or event.button != 1 or self._entry is not None or self._held:
            return
        if knob_scale.is_number(self.spec):
            self._preview = value
            self.capture_mouse()
            self.redraw()
        else:
            self._ask(value)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag along the track."""
        if self._preview is not None:
            self._preview = slider_face.value_under(self._face(), event.x, self.size.width, nearest=True)
            self.redraw()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go: ask for the value under the mouse."""
        preview, self._preview = self._preview, None
        if preview is not None:
            self.release_mouse()
            self._ask(preview)

    @on(events.MouseScrollUp)
    @on(events.MouseScrollDown)
    def turn_by_wheel(self, event: events.MouseEvent) -> None:
        """A fine step, on the focused control only: elsewhere the wheel scrolls."""
        if self.has_focus and self._entry is None and not self._held:
            event.stop()
            self.action_nudge(1 if isinstance(event, events.MouseScrollUp) else -1)

    def _face(self) -> slider_face.Face:
        return slider_face.Face(
            self.spec,
            self.value,
            asked=self._asked if self._preview is None else self._preview,
            entry=self._entry,
            message=self._message,
            label_width=self._label_width,
            focused=self._focused,
            veiled=self._veiled,
            hint=self._hint,
        )

    def _target(self) -> KnobValue:
        return self.value if self._asked is None else self._asked

    def _ask(self, value: KnobValue) -> None:
        self._message = ""
        if value != self._target():
            self._asked = value
            self._unanswered += 1
            self.post_message(self.Turned(self, self.spec.id, value))
        self.redraw()

    def _type(self, entry: str | None) -> None:
        self._entry = entry
        self.redraw()
        self.refresh_bindings()

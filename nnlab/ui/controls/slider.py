"""A one-line control for a knob: by keys, by typing, by mouse.

What it shows is what the engine said: turning it only asks (`Slider.Turned`), and old → new stands there until the
engine's answer comes back through `applied` or `refused`.
"""

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message

from nnlab.ui.controls import knob_scale, slider_face, slider_keys
from nnlab.ui.controls.knob_row import KnobRow
from nnlab.wire.values import KnobValue


class Slider(KnobRow, can_focus=True):
    """A knob that keys, typing and the mouse turn."""

    DEFAULT_CSS = """
    Slider { width: 1fr; height: 1; min-width: 20; }
    Slider:focus { background: $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = slider_keys.KEYS

    class Turned(Message):
        """The user asks for `value` on the knob `knob` (its id)."""

        def __init__(self, slider: "Slider", knob: str, value: KnobValue) -> None:
            super().__init__()
            self.slider = slider
            self.knob = knob
            self.value = value

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Which keys mean something now: the others belong to the screen."""
        return not self._held and slider_keys.means(action, self.spec, self._entry is not None)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a printable key is typed into the value rather than left to the screen."""
        return not self._held and slider_keys.typed(character, self.spec, self._entry is not None)

    def on_key(self, event: events.Key) -> None:
        """Digits open the value entry; while it is open, it takes every printable key."""
        if not self.check_consume_key(event.key, event.character):
            return
        event.stop()
        event.prevent_default()
        if event.character is not None and event.character in slider_keys.TYPED:
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

    def _ask(self, value: KnobValue) -> None:
        self._message = ""
        if value != self._target():
            self._requests.ask(value)
            self.post_message(self.Turned(self, self.spec.id, value))
        self.redraw()

    def _type(self, entry: str | None) -> None:
        self._entry = entry
        self.redraw()
        self.refresh_bindings()

"""The keys of a slider, and which of them mean something now: the others belong to the screen."""

from textual.binding import Binding, BindingType

from nnlab.ui.controls import knob_scale
from nnlab.wire.values import KnobSpec

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


def means(action: str, spec: KnobSpec, typing: bool) -> bool:
    """Whether an action can be done to the knob, while a value is being typed or not."""
    if action in {"set_entry", "cancel_entry", "erase"}:
        return typing
    if action in {"nudge", "end", "reset"}:
        return not typing and spec.scale != "action"
    if action == "open_entry":
        return knob_scale.is_number(spec) and not typing
    return action not in {"switch", "perform"} or spec.scale == {"perform": "action"}.get(action, action)


def typed(character: str | None, spec: KnobSpec, typing: bool) -> bool:
    """Whether a character is typed into the value rather than left to the screen."""
    if typing:
        return character is not None and character.isprintable()
    return knob_scale.is_number(spec) and character is not None and character in OPENING

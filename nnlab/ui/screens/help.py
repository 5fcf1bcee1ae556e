"""The help screen: what the focused panel tells, and every key with what it does."""

from dataclasses import replace
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from nnlab.ui.screens.frame import Frame
from nnlab.ui.subjects import Subject, subject_of

Keys = tuple[tuple[str, str], ...]
"""Key as it is written on the keyboard, and what it does."""


class Help(ModalScreen[None]):
    """What the panel that has the focus shows, in one line and in full, and the keys."""

    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    Help Frame { width: 90%; max-width: 96; max-height: 90%; }
    Help .mouse { width: 100%; margin-top: 1; }
    Help Frame .keys { margin: 1 0; }
    Help .line { text-style: bold; margin-bottom: 1; }
    Help VerticalScroll > * { padding-right: 1; }
    Help .row { height: auto; }
    Help .key { width: auto; }
    Help .does { width: 1fr; padding-right: 1; }
    Help VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss(None)", "close", tooltip="Back to the lab."),
    ]

    def __init__(self, keys: Keys, subject: Subject) -> None:
        super().__init__()
        self._keys, self._subject = keys, subject

    def compose(self) -> ComposeResult:
        """The panel's explanation over the table of keys."""
        width = max((len(key) for key, _ in self._keys), default=0)
        with Frame(), VerticalScroll():
            if self._subject.about:
                yield Label(self._subject.name, classes="headline", markup=False)
                if self._subject.line:
                    yield Static(self._subject.line, classes="line", markup=False)
                yield Static(self._subject.about, markup=False)
            yield Label("keys", classes="headline keys")
            for key, does in self._keys:
                with Horizontal(classes="row"):
                    yield Static(Content.styled(key.ljust(width + 2), "bold $lab-accent"), classes="key")
                    yield Static(does, classes="does", markup=False)
            yield Label(
                "Arrows and pages scroll. Mouse: click keys, tabs, rows, sliders; the wheel scrolls.",
                classes="hint mouse",
            )


def help_of(app: App[int]) -> Help:
    """The help for what has the focus now, or for the screen."""
    return Help(keys_of(app), subject_of(app.screen.focused or app.screen))


def keys_of(app: App[int]) -> Keys:
    """Every key that works on the present screen with its help text, in the order of the bindings."""
    found: dict[str, list[str]] = {}
    for _, binding, enabled, tooltip in app.screen.active_bindings.values():
        if enabled and tooltip:
            shown = app.get_key_display(replace(binding, key_display=None))
            keys = found.setdefault(tooltip, [])
            if shown not in keys and shown not in {f"shift+{key.lower()}" for key in keys if key.isupper()}:
                keys.append(shown)
    return tuple((_written(keys), does) for does, keys in found.items())


def _written(keys: list[str]) -> str:
    """Keys side by side; three digits or more as their range."""
    if len(keys) > 2 and all(key.isdigit() for key in keys):
        return f"{keys[0]} … {keys[-1]}"
    return "  ".join(keys)

"""The footer: the keys that work now, and no others."""

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

Key = tuple[str, str, str]
"""What is pressed, what is shown for it, what it does."""


class KeyBar(Widget):
    """One line of keys in the order of the screen's bindings; what does not fit is left to the help screen.

    The last key is always shown, at the right end. A click does what the key does.
    """

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; padding: 0 1; background: $lab-panel; color: $lab-muted; }
    """

    keys: reactive[tuple[Key, ...]] = reactive(())

    def on_mount(self) -> None:
        """Follow what the screen says of its bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow(self.screen)

    def _follow(self, screen: Screen[object]) -> None:
        found: dict[str, Key] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled:
                found.setdefault(binding.action, (binding.key, self.app.get_key_display(binding), binding.description))
        self.keys = tuple(found.values())

    def _fitting(self) -> list[tuple[int, Key]]:
        """Where each key that fits begins."""
        if not self.keys:
            return []
        *others, last = self.keys
        end = self.content_size.width - _width(last)
        placed, column = [], 0
        for key in others:
            if column + _width(key) + 2 > end:
                break
            placed.append((column, key))
            column += _width(key) + 2
        return [*placed, (end, last)]

    def render(self) -> Content:
        """The line at the present width."""
        line = Content("")
        for column, (_, shown, does) in self._fitting():
            line = Content.assemble(line, " " * (column - len(line)), (shown, "bold $lab-text"), f" {does}")
        return line

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        column = event.x - self.gutter.left
        for start, key in self._fitting():
            if start <= column < start + _width(key):
                self.app.simulate_key(key[0])


def _width(key: Key) -> int:
    return len(key[1]) + 1 + len(key[2])

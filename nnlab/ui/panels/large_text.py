"""A line of text in large letters, in plain bold ones where there is no room."""

from textual.content import Content
from textual.widgets import Static

from nnlab.ui.charts.large_type import large

TALL = 50
"""Rows of the terminal from which on letters have twice the size."""


class LargeText(Static):
    """Lays itself out anew when its text or its room changes."""

    DEFAULT_CSS = """
    LargeText { height: auto; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, *, id: str | None = None, lines: int = 2) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._lines = lines
        self.said = ""
        """The text as it was given."""
        self._style = ""
        self._shown: object = None

    def say(self, text: str, style: str) -> None:
        """Show a text in a style."""
        self.said, self._style = text, style
        width, size = self.content_size.width, 2 if self.app.size.height >= TALL else 1
        if self._shown != (text, style, width, size):
            self._shown = (text, style, width, size)
            rows = large(text, width, self._lines, size) or large(text, width, self._lines)
            self.update(Content.styled("\n".join(rows) if rows else text, f"bold {style}"))

    def on_resize(self) -> None:
        """Letters may fit now, or no longer."""
        self.say(self.said, self._style)

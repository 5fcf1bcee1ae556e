"""A line of text in large letters, in plain bold ones where there is no room."""

from textual.content import Content
from textual.widgets import Static

from nnlab.ui.charts.large_type import large


class LargeText(Static):
    """Lays itself out anew when its text or its width changes."""

    DEFAULT_CSS = """
    LargeText { height: auto; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, *, id: str | None = None, lines: int = 2) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._said: tuple[str, str, int] = ("", "", 0)
        self._lines = lines

    def say(self, text: str, style: str) -> None:
        """Show a text in a style."""
        wanted = (text, style, self.content_size.width)
        if wanted != self._said:
            self._said = wanted
            rows = large(text, self.content_size.width, self._lines)
            self.update(Content.styled("\n".join(rows) if rows else text, f"bold {style}"))

    def on_resize(self) -> None:
        """Letters may fit now, or no longer."""
        text, style, _ = self._said
        self.say(text, style)

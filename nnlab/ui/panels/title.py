"""The title line of a text panel: its name on the left, a short remark on the right."""

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget


class Title(Widget):
    """One line. Another remark repaints its own cells and lays nothing out anew."""

    DEFAULT_CSS = """
    Title { dock: top; height: 1; }
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._title = name
        self._aside = ""

    @property
    def aside(self) -> str:
        """The remark."""
        return self._aside

    def say(self, text: str) -> None:
        """Write another remark at the right end."""
        if text == self._aside:
            return
        longest = max(len(text), len(self._aside))
        self._aside = text
        width = self.content_size.width
        start = max(width - longest, 0)
        self.refresh(Region(start, 0, width - start, 1))

    def render(self) -> Content:
        """The line at the present width; where both have no room the remark is cut first."""
        width = self.content_size.width
        aside = Content(self._aside).truncate(max(width - len(self._title) - 2, 0), ellipsis=True)
        gap = max(width - len(self._title) - len(aside), 0)
        return Content.assemble((self._title, "bold"), " " * gap, (aside.plain, "$lab-muted"))

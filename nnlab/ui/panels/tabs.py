"""The row of view names that a small terminal shows instead of all views at once."""

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

GAP = 3


class ViewTabs(Widget):
    """Names of the views, the shown one bright; a click picks another."""

    DEFAULT_CSS = """
    ViewTabs { height: 1; padding: 0 1; }
    """

    class Picked(Message):
        """The user wants to see the view of this index."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    names: reactive[tuple[str, ...]] = reactive(())
    shown: reactive[int] = reactive(0)

    def render(self) -> Content:
        """The names in a row."""
        styles = ["bold underline $lab-accent" if at == self.shown else "$lab-muted" for at in range(len(self.names))]
        return Content(" " * GAP).join(Content.styled(*pair) for pair in zip(self.names, styles, strict=True))

    def on_click(self, event: Click) -> None:
        """Pick the name under the pointer."""
        start = self.gutter.left
        for index, name in enumerate(self.names):
            if start <= event.x < start + len(name):
                self.post_message(self.Picked(index))
            start += len(name) + GAP

"""What is seen before anything else is there, and what is seen where nothing else fits."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen
from textual.widgets import Static


class Opening(Screen[None]):
    """The name of the lab, painted while everything else is still being imported."""

    DEFAULT_CSS = """
    Opening { align: center middle; }
    Opening Static { width: auto; text-align: center; }
    """

    opens: reactive[str] = reactive("")
    """What is being opened."""

    def compose(self) -> ComposeResult:
        """Two lines."""
        yield Static(_wordmark(""))

    def watch_opens(self, opens: str) -> None:
        """Say what is being opened."""
        for text in self.query(Static):
            text.update(_wordmark(opens))


class TooSmall(ModalScreen[None]):
    """Stands over the lab while the terminal is smaller than it needs."""

    DEFAULT_CSS = """
    TooSmall { align: center middle; background: $lab-background; }
    TooSmall Static { width: 100%; text-align: center; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "app.quit", "quit", tooltip="Leave the lab.")]

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__()
        self._needs = (columns, rows)

    def compose(self) -> ComposeResult:
        """What is there and what is needed."""
        columns, rows = self._needs
        yield Static(f"The lab needs {columns} × {rows}.\nThis terminal is too small.\nTraining goes on.")


def _wordmark(opens: str) -> Content:
    return Content.assemble(("nnlab", "bold $lab-accent"), "\n", (f"opening {opens} …" if opens else "…", "$lab-muted"))

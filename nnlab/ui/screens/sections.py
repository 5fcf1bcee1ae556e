"""The first lines of the gallery: what one can choose from, scenarios or recorded runs."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label, Static

from nnlab.ui.messages import ToGallery


class Section(Label):
    """The name of a section; a click goes there."""

    def __init__(self, name: str, *, runs: bool, shown: bool) -> None:
        super().__init__(name, classes="section -shown" if shown else "section", markup=False)
        self._runs, self._shown = runs, shown

    def on_click(self) -> None:
        """Go there."""
        if not self._shown:
            self.post_message(ToGallery(runs=self._runs))


class Sections(Horizontal):
    """Wordmark, the names of the sections, and what is to be said of the one shown."""

    DEFAULT_CSS = """
    Sections { height: 2; padding: 0 1; }
    Sections .mark { width: auto; text-style: bold; color: $lab-accent; margin-right: 3; }
    Sections .section { width: auto; color: $lab-muted; margin-right: 3; }
    Sections .section.-shown { text-style: bold underline; color: $lab-text; }
    Sections .aside { width: 1fr; text-align: right; color: $lab-muted; }
    """

    def __init__(self, *, runs: bool) -> None:
        super().__init__()
        self._runs = runs

    def compose(self) -> ComposeResult:
        """One line."""
        yield Label("nnlab", classes="mark")
        yield Section("scenarios", runs=False, shown=not self._runs)
        yield Section("recorded runs", runs=True, shown=self._runs)
        yield Static(classes="aside")

    def say(self, text: str) -> None:
        """Write something at the right end."""
        self.query_one(".aside", Static).update(Content(text))

"""The first lines of the gallery: what one can choose from, scenarios, recorded runs or mysteries."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label, Static

from nnlab.ui.messages import Section, ToGallery

NAMES: dict[Section, str] = {"scenarios": "scenarios", "runs": "recorded runs", "mysteries": "mysteries"}


class SectionName(Label):
    """The name of a section; a click goes there."""

    def __init__(self, section: Section, *, shown: bool) -> None:
        super().__init__(NAMES[section], classes="section -shown" if shown else "section", markup=False)
        self._section, self._shown = section, shown

    def on_click(self) -> None:
        """Go there."""
        if not self._shown:
            self.post_message(ToGallery(self._section))


class Sections(Horizontal):
    """Wordmark, the names of the sections, and what is to be said of the one shown."""

    DEFAULT_CSS = """
    Sections { height: 2; padding: 0 1; }
    Sections .mark { width: auto; text-style: bold; color: $lab-accent; margin-right: 3; }
    Sections .section { width: auto; color: $lab-muted; margin-right: 3; }
    Sections .section.-shown { text-style: bold underline; color: $lab-text; }
    Sections .aside { width: 1fr; text-align: right; color: $lab-muted; }
    """

    def __init__(self, shown: Section, others: Iterable[Section] = NAMES) -> None:
        super().__init__()
        self._names = {section: section == shown for section in others}

    def compose(self) -> ComposeResult:
        """One line."""
        yield Label("nnlab", classes="mark")
        for section, shown in self._names.items():
            yield SectionName(section, shown=shown)
        yield Static(classes="aside")

    def say(self, text: str) -> None:
        """Write something at the right end."""
        self.query_one(".aside", Static).update(Content(text))

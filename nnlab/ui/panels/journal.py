"""The journal panel: turns, findings and notes with their steps."""

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from nnlab.ui.panels.panel import Panel
from nnlab.ui.panels.retell import retell
from nnlab.ui.panels.tones import TONES
from nnlab.ui.views.journal import JournalRow, JournalView


class JournalPanel(Panel):
    """What was done to the run and what was found."""

    TITLE = "journal"
    HELP = (
        "Everything that happened, newest first: knobs you or a script turned (◇), requests that were refused (✗), "
        "findings (■ critical, ▲ warning, ● note) and when they cleared (◆), phases and notes. "
        "Together with the scenario and the seed it is the whole run."
    )

    DEFAULT_CSS = """
    JournalPanel #rows { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    view: var[JournalView] = var(JournalView(), init=False)

    def content(self) -> ComposeResult:
        """One text."""
        yield Static(Content.styled("nothing has happened yet", "$lab-muted"), id="rows")

    def watch_view(self, view: JournalView) -> None:
        """Redraw the lines."""
        retell(self.query_one("#rows", Static), Content("\n").join(_row(row, view.width) for row in view.rows))


def _row(row: JournalRow, width: int) -> Content:
    tone = TONES[row.tone]
    return Content.assemble((row.at.rjust(width), "$lab-muted"), "  ", (row.glyph, tone), " ", row.text)

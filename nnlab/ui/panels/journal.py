"""The journal panel: turns, findings and notes with their steps."""

import textwrap

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from nnlab.ui.panels.panel import Panel
from nnlab.ui.panels.retell import retell
from nnlab.ui.panels.tones import TONES
from nnlab.ui.views.journal import JournalRow, JournalView

BESIDE = 5
"""Cells around a text: two blanks and the glyph with its blank before it, one at the right edge."""


LOOKED = "bold on $lab-panel"
"""The last line that had happened by the step that is looked at."""


class JournalPanel(Panel):
    """What was done to the run and what was found."""

    TITLE = "journal"
    HELP = (
        "Everything that happened, newest first: knobs you or a script turned (◇), what that caused, held against an "
        "untouched twin (◌), requests that were refused (✗), findings (■ critical, ▲ warning, ● note) and when they "
        "cleared (◆), phases and notes. "
        "Together with the scenario and the seed it is the whole run. While the plots' cursor stands at an earlier "
        "step, the last line that had happened by then stands out and later ones are dim."
    )

    DEFAULT_CSS = """
    JournalPanel { scrollbar-gutter: stable; }
    JournalPanel #rows { text-wrap: nowrap; }
    """

    view: var[JournalView] = var(JournalView(), init=False)

    def content(self) -> ComposeResult:
        """One text."""
        yield Static(Content.styled("nothing has happened yet", "$lab-muted"), id="rows")

    def watch_view(self) -> None:
        """Redraw the lines."""
        self._tell()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._tell()

    def _tell(self) -> None:
        rows, width, looked = self.query_one("#rows", Static), self.view.width, self.view.looked
        room = self.scrollable_content_region.width - width - BESIDE
        if not self.view.rows or room <= 0:
            return
        told = [_row(row, width, room) for row in self.view.rows]
        if looked is not None:
            told = [
                told_row.stylize("dim") if at < looked else told_row.stylize(LOOKED) if at == looked else told_row
                for at, told_row in enumerate(told)
            ]
            above = sum(row.plain.count("\n") + 1 for row in told[:looked])
            self.scroll_to(y=above - self.size.height // 2, animate=False)
        retell(rows, Content("\n").join(told))


def _row(row: JournalRow, width: int, room: int) -> Content:
    """A step of this width and a text whose lines, of `room` cells each, stand under one another."""
    lines = textwrap.wrap(row.text, room) or [""]
    text = ("\n" + " " * (width + BESIDE - 1)).join(lines)
    return Content.assemble((row.at.rjust(width), "$lab-muted"), "  ", (row.glyph, TONES[row.tone]), " ", text)

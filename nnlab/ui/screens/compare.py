"""Runs or branches side by side: curves over each other, where they part, and what differs in a table."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from nnlab.errors import UserError
from nnlab.programs.side_by_side import Table
from nnlab.ui.charts.glyphs import detect
from nnlab.ui.charts.grid import shorten
from nnlab.ui.charts.legend import SWATCHES
from nnlab.ui.charts.line_chart import LineChart
from nnlab.ui.charts.sight import Window
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.views.comparison import Column, CompareView

WIDE = 110
"""Columns from which on both plots are shown."""

FIRST = 26
"""Cells of the first column of the tables, at most; a third of the width where that is less."""

WIDEST = 46
"""Cells of a run's column, at most: what stands side by side is not far apart."""


class Compare(Screen[None]):
    """Shows what `make` finds; it reads files, and may raise UserError."""

    topic = "compared runs"
    HELP = (
        "The runs over each other, held against the one marked first; letter, texture and colour tell them apart. "
        "Under the plots: the first step and series that differ, what was set differently, last values and "
        "findings."
    )
    DEFAULT_CSS = """
    Compare #heads { height: auto; padding: 0 1; }
    Compare #plots { height: 2fr; min-height: 7; padding: 0 1; margin-top: 1; }
    Compare #tables { height: 3fr; padding: 0 1; scrollbar-size-vertical: 1; }
    Compare LineChart { margin-right: 2; }
    Compare.-narrow LineChart { display: none; }
    Compare.-narrow LineChart.-shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,c,g", "close", "back", tooltip="Back to where you came from."),
        Binding("v", "other", "other plot", tooltip="Show the other plot: training or validation loss."),
        Binding("z", "zoom", "all steps or parting", tooltip="Show all steps, or those from where the runs part."),
        Binding("l", "log", "log axis", tooltip="Switch the plots between linear and logarithmic value axes."),
    ]

    def __init__(self, make: Callable[[], CompareView]) -> None:
        super().__init__()
        self._make = make
        self.view: CompareView | None = None
        self._window: Window | None = None

    def compose(self) -> ComposeResult:
        """What the letters stand for, plots, tables."""
        yield Static("reading …", id="heads")
        with Horizontal(id="plots"):
            for index, title in enumerate(("training loss", "validation loss")):
                yield LineChart(title, scale="auto", empty="no such curve", classes="" if index else "-shown")
        with VerticalScroll(id="tables"):
            yield Static(id="told")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read."""
        self.query_one("#tables").focus()
        self.run_worker(self._read())

    async def _read(self) -> None:
        try:
            self.view = await asyncio.to_thread(self._make)
        except UserError as error:
            self.query_one("#heads", Static).update(Content.styled(f"✗ {error}", "$lab-bad"))
            return
        self._window = self.view.parting
        self._draw()
        self._tell()
        self.refresh_bindings()

    def _draw(self) -> None:
        for chart, plot in zip(self.query(LineChart), self.view.plots if self.view else (), strict=True):
            chart.show(plot.lines, (), plot.steps, plot.steps, window=self._window)

    def on_resize(self, event: Resize) -> None:
        """One plot where there is no room for two; the tables are made for a width."""
        self.set_class(event.size.width < WIDE, "-narrow")
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        if self.view is None:
            return
        self.query_one("#heads", Static).update(_heads(self.view.columns))
        width = self.size.width - 3
        heads = [text for table in self.view.tables for text in (table.title, *(row[0] for row in table.rows))]
        first = min(max(map(len, heads)) + 2, FIRST, width // 3)
        parts = [Content(sentence) for sentence in self.view.partings]
        for table in self.view.tables:
            parts += [Content(""), *_table(table, self.view.columns, first, width)]
        self.query_one("#told", Static).update(Content("\n").join(parts))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is another plot where one is shown at a time, and a parting where runs begin as one."""
        if action == "zoom":
            return self.view is not None and self.view.parting is not None
        return action != "other" or self.has_class("-narrow")

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)

    def action_other(self) -> None:
        """Show the plot that is hidden."""
        for chart in self.query(LineChart):
            chart.toggle_class("-shown")

    def action_zoom(self) -> None:
        """Show all steps, or those from the parting on."""
        if self.view is not None:
            self._window = None if self._window else self.view.parting
            self._draw()

    def action_log(self) -> None:
        """Switch the value axes."""
        charts = list(self.query(LineChart))
        log_y = not charts[0].log_y
        for chart in charts:
            chart.log_y = log_y


def _heads(columns: tuple[Column, ...]) -> Content:
    """What the letters stand for, with the texture of their lines."""
    swatches = detect().swatches
    lines = [
        Content.assemble(
            (f"{column.letter} {swatches[SWATCHES[column.texture]]} ", f"bold $lab-{column.role}"), column.name
        )
        for column in columns
    ]
    return Content("\n").join(lines)


def _table(table: Table, columns: tuple[Column, ...], first: int, width: int) -> list[Content]:
    """Rows under the letters; cells are cut where there is no room."""
    if not table.rows:
        return [Content.styled(table.none, "$lab-muted")] if table.none else []
    each = min(max((width - first) // len(columns), 6), WIDEST)
    letters = [(column.letter.ljust(each), f"bold $lab-{column.role}") for column in columns]
    found = [Content.assemble((table.title.ljust(first), "bold"), *letters)]
    for name, *cells in table.rows:
        found.append(
            Content.assemble(
                (shorten(name, first - 1).ljust(first), "$lab-muted"),
                *(shorten(cell, each - 2).ljust(each) for cell in cells),
            )
        )
    return found

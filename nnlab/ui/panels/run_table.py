"""A table of recorded runs that is as quick with five hundred rows as with five: only what is in sight is drawn."""

from functools import lru_cache
from typing import ClassVar

import numpy as np
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from nnlab.ui.charts import inks
from nnlab.ui.charts.axes import wants_log
from nnlab.ui.charts.bars import sparkline
from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten
from nnlab.ui.views.runs import RunRow

MARK, WHEN, STEPS, GAP = 2, 8, 12, 2
SPARK, VERDICT, NAME, TAGS = (8, 20), (14, 24), (14, 30), (6, 24)
"""Cells of the columns that grow with the table: least and most."""

NOTCH = 3
"""Rows that a notch of the wheel scrolls."""


class RunTable(CellWidget, can_focus=True):
    """Rows with one of them highlighted. Which are marked is for others to say."""

    topic = "recorded runs"
    HELP = (
        "Recorded runs, the newest first: what was trained, when, steps done (of those planned where some are left), a "
        "glimpse of the loss, and the verdict at the end. Runs are read while you look; a file that cannot be read is "
        "listed with the reason below. Tags are kept beside the files, which never change."
    )
    DEFAULT_CSS = """
    RunTable { width: 1fr; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False, tooltip="The run above."),
        Binding("down,j", "move(1)", "down", show=False, tooltip="The run below."),
        Binding("pageup", "page(-1)", "page up", show=False, tooltip="A page up."),
        Binding("pagedown", "page(1)", "page down", show=False, tooltip="A page down."),
        Binding("home", "move(-1000000)", "first", show=False, tooltip="The newest run."),
        Binding("end", "move(1000000)", "last", show=False, tooltip="The oldest run."),
    ]

    class Highlighted(Message):
        """Another run is highlighted, or none."""

    class Opened(Message):
        """A run was clicked that was highlighted already."""

    def __init__(self, empty: str = "") -> None:
        super().__init__()
        self.rows: tuple[RunRow, ...] = ()
        self.empty = empty
        """What is said where there are no rows."""
        self._at = 0
        self._top = 0

    @property
    def row(self) -> RunRow | None:
        """The highlighted row."""
        return self.rows[self._at] if self._at < len(self.rows) else None

    def show(self, rows: tuple[RunRow, ...], empty: str) -> None:
        """Show these; the run that was highlighted stays so, wherever it stands now."""
        before = self.row
        at = next((index for index, row in enumerate(rows) if before and row.path == before.path), None)
        self.rows, self.empty = rows, empty
        self._at = min(self._at, max(len(rows) - 1, 0)) if at is None else at
        self._bring_in()
        if self.row != before:
            self.post_message(self.Highlighted())

    def action_move(self, by: int) -> None:
        """Highlight another row."""
        at = min(max(self._at + by, 0), max(len(self.rows) - 1, 0))
        if at != self._at:
            self._at = at
            self.post_message(self.Highlighted())
        self._bring_in()

    def action_page(self, by: int) -> None:
        """Highlight a row a page further."""
        self.action_move(by * max(self._body - 1, 1))

    @property
    def _body(self) -> int:
        return max(self.size.height - 1, 1)

    def _bring_in(self) -> None:
        self._scroll(min(max(self._top, self._at - self._body + 1), self._at))

    def _scroll(self, top: int) -> None:
        self._top = min(max(top, 0), max(len(self.rows) - self._body, 0))
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the highlighted row in sight."""
        self._bring_in()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll; what is highlighted stays so."""
        self._scroll(self._top + NOTCH)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll; what is highlighted stays so."""
        self._scroll(self._top - NOTCH)

    def on_click(self, event: events.Click) -> None:
        """Highlight the row under the pointer, or open it where it is highlighted already."""
        at = self._top + event.y - 1
        if event.y < 1 or at >= len(self.rows):
            return
        if at == self._at:
            self.post_message(self.Opened())
        self.action_move(at - self._at)

    def compose_grid(self, size: Size) -> Grid:
        """Heads of the columns over the rows in sight."""
        grid = Grid(size.width, size.height)
        if not self.rows:
            for y, line in enumerate(self.empty.split("\n")):
                grid.put(1 + y, MARK, shorten(one_cell_each(line), size.width - MARK), inks.ink("muted"))
            return grid
        places = _columns(size.width, tagged=any(row.tags for row in self.rows))
        for name, (x, width) in places.items():
            text = shorten(name, width, self.glyphs.ellipsis)
            grid.put(0, x + width - len(text) if name in RIGHT else x, text, inks.ink("muted"))
        for y, row in enumerate(self.rows[self._top : self._top + self._body], 1):
            self._put(grid, y, row, places, lit=self._top + y - 1 == self._at)
        return grid

    def _put(self, grid: Grid, y: int, row: RunRow, places: dict[str, tuple[int, int]], *, lit: bool) -> None:
        cells = {
            "run": (row.scenario, "text" if row.read else "muted"),
            "when": (row.when, "muted"),
            "steps": (row.steps, "text"),
            "loss": (_course(row.losses, places.get("loss", (0, 0))[1], self.glyphs), "train"),
            "verdict": (row.verdict, row.tone),
            "tags": (row.tags, "accent"),
        }
        if lit:
            grid.put(y, 0, " " * grid.width, inks.ink("accent", "reverse"))
        if row.marked:
            grid.put(y, 0, self.glyphs.thumb, inks.ink("accent", "reverse" if lit else "bold"))
        for name, (x, width) in places.items():
            text, role = cells[name]
            text = shorten(one_cell_each(text), width, self.glyphs.ellipsis)
            start = x + width - len(text) if name in RIGHT else x
            grid.put(y, start, text, inks.ink("accent", "reverse") if lit else inks.ink(role))


RIGHT = ("when", "steps")
"""Columns that are aligned to the right."""


@lru_cache(maxsize=2048)
def _course(losses: tuple[float, ...], width: int, glyphs: Glyphs) -> str:
    """The losses as a sparkline, as a plot of them would be scaled; no column of which reaches up to the row above."""
    values = np.array(losses)
    if wants_log(values[np.isfinite(values)], log_now=False):
        values = np.log10(np.where(values > 0, values, np.nan))
    return sparkline(values.tolist(), width, glyphs).replace(glyphs.spark[-1], glyphs.spark[-2])


def _columns(width: int, *, tagged: bool) -> dict[str, tuple[int, int]]:
    """Where each column begins and how wide it is: least widths first, then what is left to each in turn.

    Without room for all there is no sparkline.
    """
    growing = {"tags": TAGS, "run": NAME, "verdict": VERDICT, "loss": SPARK}
    if not tagged:
        del growing["tags"]
    if width < MARK + WHEN + STEPS + (len(growing) + 1) * GAP + sum(least for least, _ in growing.values()):
        del growing["loss"]
    widths = {"when": WHEN, "steps": STEPS} | {name: least for name, (least, _) in growing.items()}
    left = width - MARK - (len(widths) - 1) * GAP - sum(widths.values())
    for name, (least, most) in growing.items():
        taken = min(max(left, 0), most - least)
        widths[name] += taken
        left -= taken
    found, x = {}, MARK
    for name in ("run", "when", "steps", "loss", "verdict", "tags"):
        if name in widths:
            found[name] = x, widths[name]
            x += widths[name] + GAP
    return found

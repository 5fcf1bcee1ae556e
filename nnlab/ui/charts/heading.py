"""The first row of a picture: its title, a note, and what stands at the right end."""

from nnlab.ui.charts import inks
from nnlab.ui.charts.grid import Grid, one_cell_each


def heading(grid: Grid, title: str, note: str = "", aside: str = "") -> None:
    """Write the row. Where there is no room for all, the note is left out, then the aside; the title never."""
    title, note, aside = one_cell_each(title), one_cell_each(note), one_cell_each(aside)
    grid.put(0, 0, title, inks.ink("text", "bold"))
    room = grid.width - len(title) - 2
    if aside and len(aside) <= room:
        grid.put(0, grid.width - len(aside), aside, inks.ink("muted"))
        room -= len(aside) + 2
    if note and len(note) <= room:
        grid.put(0, len(title) + 1, note, inks.ink("muted"))


def centred(grid: Grid, text: str) -> None:
    """Say in the middle, over as many rows as it takes, why there is no picture."""
    width = max(grid.width - 4, 8)
    rows, row = [], ""
    for word in one_cell_each(text).split():
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = ""
        row = f"{row} {word}" if row else word
    rows.append(row)
    top = max((grid.height - len(rows)) // 2, 1)
    for y, text_row in enumerate(rows, top):
        grid.put(y, max((grid.width - len(text_row)) // 2, 0), text_row, inks.ink("muted"))

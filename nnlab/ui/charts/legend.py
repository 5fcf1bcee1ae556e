"""The first row of a chart: title, and a legend with the value of each line."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from nnlab.ui.charts import inks, numbers
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each
from nnlab.ui.charts.lines import Line, Texture
from nnlab.ui.charts.scene import Scene

Name = Literal["full", "brief", "tight", "none"]

LEGENDS: tuple[tuple[bool, Name, int], ...] = (
    (True, "full", 3),
    (True, "full", 2),
    (True, "brief", 2),
    (True, "brief", 1),
    (True, "tight", 1),
    (True, "none", 1),
    (False, "none", 1),
)
"""Ways to write the legend, the first that fits is taken: with swatches, with which names ("tight": brief, and no blank
after the swatch), cells between entries."""

SWATCHES = {texture: index for index, texture in enumerate(get_args(Texture))}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line's entry: the line's label, the column in which it begins, and its texts with their inks."""

    label: str
    start: int
    parts: tuple[tuple[str, int], ...]

    @property
    def end(self) -> int:
        """The column after it."""
        return self.start + sum(len(text) for text, _ in self.parts)


def title(scene: Scene) -> tuple[tuple[str, int], ...]:
    """The title, and in few words how the values are shown."""
    smoothed = f"smoothed {100 * scene.smooth:.0f} %" if scene.smooth else ""
    notes = ", ".join(part for part in (scene.unit, "log" if scene.log_y else "", smoothed) if part)
    head = (one_cell_each(scene.title), inks.ink("text", "bold"))
    return (head, (f" {notes}", inks.ink("muted"))) if notes else (head,)


def entries(scene: Scene, width: int, glyphs: Glyphs) -> tuple[Entry, ...]:
    """The legend at the right end of a row of this width, in the most telling form that fits beside the title.

    Faint lines are in it only where all names fit in full; their ends have names too.
    """
    used = sum(len(text) for text, _ in title(scene))
    own = tuple(line for line in scene.lines if not line.faint)
    ways = [(scene.lines, way) for way in LEGENDS if way[1] == "full"] + [(own, way) for way in LEGENDS]
    for lines, (swatch, name, gap) in ways:
        written = [_entry(line, scene, glyphs, swatch=swatch, name=name) for line in lines]
        lengths = [sum(len(text) for text, _ in parts) for parts in written]
        length = sum(lengths) + gap * max(len(lengths) - 1, 0)
        if used + 1 + length <= width:
            break
    start = max(width - length, used + 1)
    placed = []
    for line, parts, taken in zip(lines, written, lengths, strict=True):
        placed.append(Entry(line.label, start, parts))
        start += taken + gap
    return tuple(placed)


def draw(grid: Grid, scene: Scene, glyphs: Glyphs) -> None:
    """Write the row."""
    x = 0
    for text, ink in title(scene):
        grid.put(0, x, text, ink)
        x += len(text)
    for entry in entries(scene, grid.width, glyphs):
        x = entry.start
        for text, ink in entry.parts:
            grid.put(0, x, text, ink)
            x += len(text)


def _entry(line: Line, scene: Scene, glyphs: Glyphs, *, swatch: bool, name: Name) -> tuple[tuple[str, int], ...]:
    hidden = line.label in scene.hidden
    ink = inks.ink("muted", "faint") if hidden else inks.ink(line.role, line.weight)
    parts = []
    if swatch:
        blank = "" if name == "tight" else " "
        parts.append((("  " if hidden else glyphs.swatches[SWATCHES[line.drawn]]) + blank, ink))
    if name != "none":
        parts.append((one_cell_each(line.label if name == "full" else line.brief or line.label) + " ", ink))
    if hidden:
        return (*parts, ("hidden", ink))
    if line.value is None:
        return tuple(parts) if line.faint else (*parts, ("–", ink))
    broken = not math.isfinite(line.value)
    text = numbers.steady(line.value) if broken else f"{numbers.steady(line.value):>5}"
    return (*parts, (text, inks.ink("bad" if broken else line.role, "bold")))

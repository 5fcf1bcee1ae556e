"""How a knob's one-line control looks, as a pure function of its state."""

from dataclasses import dataclass

from nnlab.ui import format as write
from nnlab.ui.charts import inks
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten
from nnlab.ui.controls import knob_scale
from nnlab.ui.controls.hint import NO_HINT, Hint
from nnlab.wire.values import KnobSpec, KnobValue

MARKER = 2
"""Cells for the mark of the focused control."""

VALUE = 18
"""Cells for the value on the right, wide enough for old → new."""

NARROW_VALUE = 9
BUTTON = f"[{knob_scale.DO}]"
EDGE = "≈ edge"
"""Said of the mark of an estimate, where the track has room for it."""

NARROW = 48
"""Below this width the value has `NARROW_VALUE` cells, and no unit."""

HIDDEN = "?"
"""Stands for a value that is not shown."""


@dataclass(frozen=True, slots=True)
class Face:
    """State of the control. `value` is applied; `asked` requested and not yet answered; `entry` typed so far (None: not
    typing); `message` stands in place of the track."""

    spec: KnobSpec
    value: KnobValue
    asked: KnobValue | None = None
    entry: str | None = None
    message: str = ""
    label_width: int = 14
    focused: bool = False
    veiled: bool = False
    """Whether `value` is not shown; what is asked for is."""
    hint: Hint = NO_HINT


def track(width: int, label_width: int) -> tuple[int, int]:
    """First cell and length of the track in a control of this width."""
    start = MARKER + label_width + 1
    return start, max(width - start - 1 - _value_width(width), 0)


def choice_cells(face: Face, width: int) -> list[tuple[int, str, str]]:
    """For each choice: its first cell, the text drawn, and the choice; one entry only where not all of them fit."""
    start, length = track(width, face.label_width)
    current = face.value if face.asked is None else face.asked
    if face.spec.scale == "switch":
        return []
    said = [(choice, knob_scale.show(face.spec, choice)) for choice in face.spec.choices]
    texts = [f"[{text}]" if choice == current else f" {text} " for choice, text in said]
    if sum(map(len, texts)) <= length + _value_width(width) * (face.asked is None):
        cells = []
        for text, choice in zip(texts, face.spec.choices, strict=True):
            cells.append((start, text, choice))
            start += len(text)
        return cells
    return [(start, f"[{knob_scale.show(face.spec, current)}]", str(current))]


def value_under(face: Face, x: int, width: int, *, nearest: bool = False) -> KnobValue | None:
    """The value to ask for at a press in column `x`, None outside the track (`nearest`: the end of it)."""
    start, length = track(width, face.label_width)
    if face.spec.scale == "switch":
        on = face.value if face.asked is None else face.asked
        return not on if start <= x < start + 5 else None
    if face.spec.scale == "action":
        return True if start <= x < start + len(BUTTON) else None
    if face.spec.scale == "choice":
        return next((choice for at, text, choice in choice_cells(face, width) if at <= x < at + len(text)), None)
    if length < 3 or not (nearest or start <= x < start + length):
        return None
    return knob_scale.value_at(face.spec, (x - start) / (length - 1))


def draw(face: Face, width: int, glyphs: Glyphs) -> Grid:
    """The control in one line of this width."""
    grid = Grid(width, 1)
    if face.focused:
        grid.put(0, 0, glyphs.focus, inks.ink("accent", "bold"))
    label = shorten(one_cell_each(face.spec.label), face.label_width, glyphs.ellipsis)
    grid.put(0, MARKER, label, inks.ink("text", "bold" if face.focused else "plain"))
    start, _ = track(width, face.label_width)
    if face.entry is not None:
        _entry(grid, start, face, glyphs)
    elif face.message:
        text = one_cell_each(f"{glyphs.warn} {face.message}")
        grid.put(0, start, shorten(text, width - start, glyphs.ellipsis), inks.ink("bad"))
    elif face.veiled:
        asked = "" if face.asked is None else f" {glyphs.arrow} {knob_scale.show(face.spec, face.asked)}"
        grid.put(0, start, f"{HIDDEN}{asked}", inks.ink("muted" if face.asked is None else "mark"))
    else:
        if face.spec.scale == "switch":
            _switch(grid, start, face, glyphs)
        elif face.spec.scale == "action":
            _action(grid, start, face, glyphs)
        elif face.spec.scale == "choice":
            for x, text, choice in choice_cells(face, width):
                chosen = text.startswith("[")
                known = choice == face.value
                grid.put(0, x, text, inks.ink("mark" if chosen and not known else "accent" if chosen else "muted"))
        else:
            _track(grid, face, width, glyphs)
        _value(grid, face, width, glyphs)
    return grid


def _track(grid: Grid, face: Face, width: int, glyphs: Glyphs) -> None:
    start, length = track(width, face.label_width)
    if length < 3 or isinstance(face.value, str):
        return
    at = start + round(knob_scale.share_of(face.spec, face.value) * (length - 1))
    grid.put(0, start, glyphs.floor * length, inks.ink("border"))
    grid.put(0, start, glyphs.swatches[0][0] * (at - start), inks.ink("accent"))
    grid.put(0, at, glyphs.thumb, inks.ink("accent" if face.focused else "text", "bold"))
    if face.hint.edge is not None:
        _edge(grid, face, (start, length, at), glyphs)
    if face.asked is not None and not isinstance(face.asked, str):
        there = start + round(knob_scale.share_of(face.spec, face.asked) * (length - 1))
        grid.put(0, there, glyphs.asked, inks.ink("mark", "bold"))


def _edge(grid: Grid, face: Face, track: tuple[int, int, int], glyphs: Glyphs) -> None:
    """The mark of the estimate and, on the longer side of it that the thumb leaves free, what it is."""
    start, length, thumb = track
    x = start + round(knob_scale.share_of(face.spec, face.hint.edge or 0.0) * (length - 1))
    role = "bad" if thumb > x else "warn"
    if x != thumb:
        grid.put(0, x, glyphs.gutter, inks.ink(role, "bold"))
    text = one_cell_each(EDGE)
    free = [(x + 2, thumb if thumb > x else start + length), ((thumb if thumb < x else start - 1) + 2, x - 1)]
    for left, right in free:
        if right - left >= len(text) + 1:
            grid.put(0, left if left > x else right - len(text), text, inks.ink(role))
            return


def _action(grid: Grid, start: int, face: Face, glyphs: Glyphs) -> None:
    """The button, and what there is to say for pressing it."""
    role = "mark" if face.asked is not None else "accent"
    grid.put(0, start, BUTTON, inks.ink(role, "bold" if face.focused else "plain"))
    x = start + len(BUTTON) + 1
    said = [one_cell_each(f"{glyphs.warn} {note}" if face.hint.warns else note) for note in face.hint.notes]
    text = next((text for text in said if len(text) <= grid.width - x), "")
    grid.put(0, x, text, inks.ink("warn" if face.hint.warns else "muted"))


def _switch(grid: Grid, start: int, face: Face, glyphs: Glyphs) -> None:
    on = face.value if face.asked is None else face.asked
    role = "mark" if face.asked is not None else "accent" if on else "muted"
    grid.put(0, start, f"{glyphs.thumb} on" if on else f"{glyphs.asked} off", inks.ink(role))


def _value(grid: Grid, face: Face, width: int, glyphs: Glyphs) -> None:
    """The value at the right edge; `old → new` while a request is not answered."""
    room = _value_width(width)
    old = knob_scale.show(face.spec, face.value)
    if face.asked is None:
        if not knob_scale.is_number(face.spec):
            return
        unit = f" {one_cell_each(face.spec.unit)}" if face.spec.unit and old != knob_scale.OFF else ""
        unit = unit if len(old) + len(unit) <= room and room > NARROW_VALUE else ""
        x = width - len(old) - len(unit)
        told = _since(face, glyphs)
        since = next((text for text in told if grid.free(0, x - len(text) - 1, len(text) + 1, glyphs.floor)), "")
        grid.put(0, x - len(since) - 1, f" {since}", inks.ink("muted"))
        grid.put(0, x, old, inks.ink("text", "bold"))
        grid.put(0, x + len(old), unit, inks.ink("muted"))
        return
    new = knob_scale.show(face.spec, face.asked)
    before = f"{old} {glyphs.arrow} "
    if len(before) + len(new) > room:
        before = glyphs.arrow
    x = width - len(before) - len(new)
    grid.put(0, x, before, inks.ink("muted"))
    grid.put(0, x + len(before), new, inks.ink("mark", "bold"))


def _since(face: Face, glyphs: Glyphs) -> tuple[str, ...]:
    """From which step the value holds, and what had been asked for in its place; from the longest to the shortest."""
    if face.hint.since is None:
        return ()
    since = write.count(face.hint.since)
    asked = ""
    if face.hint.requested is not None:
        asked = one_cell_each(f"{knob_scale.show(face.spec, face.hint.requested)} {glyphs.arrow} ")
    return f"since {since} {asked}", f"@{since} {asked}", asked or f"@{since} "


def _entry(grid: Grid, start: int, face: Face, glyphs: Glyphs) -> None:
    typed = face.entry or ""
    room = grid.width - start
    grid.put(0, start, typed[-max(room - 1, 1) :] + glyphs.cursor, inks.ink("text", "bold"))
    hints = (f"{knob_scale.allowed(face.spec)} · enter sets, esc cancels", knob_scale.allowed(face.spec))
    for hint in hints:
        if len(typed) + 3 + len(hint) <= room:
            grid.put(0, start + len(typed) + 3, one_cell_each(hint), inks.ink("bad" if face.message else "muted"))
            break


def _value_width(width: int) -> int:
    return NARROW_VALUE if width < NARROW else VALUE

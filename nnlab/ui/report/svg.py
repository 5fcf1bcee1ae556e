"""A plot as an inline SVG picture: no script, no font, nothing from anywhere else.

Colours are classes (`train`, `val`, `s1`, …), which the page that holds it styles for light and dark; lines also differ
by their dashes, and marks are numbered, with their words below the plots (`numbered`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnlab.ui import format as write
from nnlab.ui.charts.axes import Limits, fit_limits, linear_ticks, log_ticks, tick_label, wants_log, x_end
from nnlab.ui.charts.lines import Line, Mark, Texture
from nnlab.ui.report.told import Figure

Floats = NDArray[np.float64]

WIDTH, HEIGHT = 720, 250
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 14, 24
"""Pixels around the field of the plot."""

ACROSS = 320
"""Points of a line, at most: two pixels each."""

DASHES: dict[Texture, str] = {
    "solid": "",
    "dashed": "7 4",
    "dotted": "2 4",
    "dash-dotted": "8 3 2 3",
    "sparse": "2 8",
}

MARKED = 12
"""Marks that are drawn; more would hide the lines."""


@dataclass(frozen=True, slots=True)
class Field:
    """The field of a plot: from steps and values (of a log axis: their log10) to pixels."""

    end: int
    low: float
    high: float
    log: bool

    def x(self, step: float) -> float:
        """Pixels from the left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * step / max(self.end, 1)

    def y(self, value: float) -> float:
        """Pixels from the top; what lies outside stays at the border."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(share, 0.0), 1.0)

    def scaled(self, values: Floats) -> Floats:
        """The values as the axis has them; NaN where a log axis has no place for them."""
        if not self.log:
            return values
        return np.log10(values, where=values > 0, out=np.full(len(values), np.nan))


def svg(figure: Figure) -> str:
    """The picture. Texts in it are escaped."""
    field = _field(figure)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(figure.title)} by step">',
        *_axes(field),
        *_guides(field, figure.view.guides),
        *(part for line in reversed(figure.view.lines) for part in _line(field, line)),
        *_broken(field, figure.view.lines),
        *_marks(field, figure.view.marks),
        "</svg>",
    ]
    return "".join(parts)


def legend(figure: Figure) -> str:
    """The names of the lines as HTML, each with a piece of it and its last value."""
    keys = "".join(
        f'<span class="key"><svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">'
        f'<path class="line {line.role}" d="M0 4H28"{_dash(line)}/></svg>{escape(line.label)}{_last(line)}</span>'
        for line in figure.view.lines
    )
    return f'<p class="keys">{keys}</p>'


def numbered(marks: Sequence[Mark]) -> list[tuple[int, str, str]]:
    """Step, kind and words of the marks that are drawn, those of one step together: their numbers are their places."""
    steps = sorted({mark.step for mark in marks})[:MARKED]
    found = []
    for step in steps:
        here = [mark for mark in marks if mark.step == step]
        found.append((step, here[0].kind, "; ".join(mark.label or mark.kind for mark in here)))
    return found


def _field(figure: Figure) -> Field:
    lines = figure.view.lines
    values = np.concatenate([column[np.isfinite(column)] for line in lines for column in (line.low, line.high)])
    log = figure.scale == "log" or (figure.scale == "auto" and wants_log(values, log_now=False))
    log = log and bool((values > 0).any())
    end = x_end(figure.view.planned, figure.view.step)
    if log:
        values = np.log10(values[values > 0])
    low, high = fit_limits(float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    return Field(end, low, high, log)


def _axes(field: Field) -> Iterator[str]:
    ticks = _value_ticks(field)
    for place, label in ticks:
        y = field.y(place)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    steps = linear_ticks((0.0, float(max(field.end, 1))), 8)
    for step in steps:
        anchor = "end" if step == steps[-1] and field.x(step) > WIDTH - 30 else "middle"
        yield f'<text x="{field.x(step):.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{tick_label(step, steps)}</text>'
    yield f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'


def _value_ticks(field: Field) -> list[tuple[float, str]]:
    limits: Limits = (field.low, field.high)
    places = log_ticks(limits, 6) if field.log else linear_ticks(limits, 6)
    values = [10.0**place for place in places] if field.log else places
    return [(place, tick_label(value, values)) for place, value in zip(places, values, strict=True)]


def _guides(field: Field, guides: tuple[tuple[float, str], ...]) -> Iterator[str]:
    for value, label in guides:
        place = float(field.scaled(np.array([value]))[0])
        if field.low <= place <= field.high:
            y = field.y(place)
            yield f'<path class="guide" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            yield f'<text class="guide" x="{WIDTH - RIGHT}" y="{y - 4:.1f}" text-anchor="end">{escape(label)}</text>'


def _line(field: Field, line: Line) -> Iterator[str]:
    steps, low, high, mean = thinned(line, field.end)
    low, high, mean = field.scaled(low), field.scaled(high), field.scaled(mean)
    name = f"{line.role} faint" if line.faint else line.role
    if not line.faint:
        yield from (f'<path class="band {name}" d="{path}"/>' for path in _bands(field, steps, low, high))
    points = [_stretch(field, steps[part], mean[part]) for part in _whole(mean)]
    if points:
        yield f'<path class="line {name}" d="{"".join(points)}"{_dash(line)}/>'


def _broken(field: Field, lines: Sequence[Line]) -> Iterator[str]:
    """Where the first of the lines first was no number."""
    steps = [int(line.nonfinite[0]) for line in lines if line.nonfinite is not None and len(line.nonfinite)]
    if steps:
        x = field.x(min(steps))
        beyond = x < WIDTH / 2
        yield f'<path class="broken" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
        yield (
            f'<text class="broken" x="{x + (6 if beyond else -6):.1f}" y="{TOP + 12}"'
            f' text-anchor="{"start" if beyond else "end"}">NaN or infinite from step {write.count(min(steps))}</text>'
        )


def thinned(line: Line, end: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Steps, low, high and mean of a line in at most `ACROSS` equal stretches up to step `end`."""
    columns = (line.steps * ACROSS) // max(end, 1)
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    if not len(starts):
        empty = np.empty(0)
        return empty, empty, empty, empty
    counted = np.add.reduceat(np.isfinite(line.mean).astype(float), starts)
    total = np.add.reduceat(np.nan_to_num(line.mean, nan=0.0, posinf=0.0, neginf=0.0), starts)
    mean = np.divide(total, counted, where=counted > 0, out=np.full(len(starts), np.nan))
    low, high = (np.where(np.isfinite(column), column, np.nan) for column in (line.low, line.high))
    at = line.steps[np.append(starts[1:], len(line.steps)) - 1].astype(float)
    return at, np.fmin.reduceat(low, starts), np.fmax.reduceat(high, starts), mean


def _whole(values: Floats) -> list[slice]:
    """The stretches without a gap."""
    known = np.flatnonzero(np.diff(np.isfinite(values).astype(int), prepend=0, append=0))
    return [slice(int(first), int(last)) for first, last in known.reshape(-1, 2)]


def _bands(field: Field, steps: Floats, low: Floats, high: Floats) -> Iterator[str]:
    for part in _whole(low + high):
        there = [f"{field.x(s):.1f} {field.y(v):.1f}" for s, v in zip(steps[part], high[part], strict=True)]
        back = [f"{field.x(s):.1f} {field.y(v):.1f}" for s, v in zip(steps[part], low[part], strict=True)]
        yield f"M{'L'.join(there)}L{'L'.join(back[::-1])}Z"


def _stretch(field: Field, steps: Floats, values: Floats) -> str:
    points = [f"{field.x(step):.1f} {field.y(value):.1f}" for step, value in zip(steps, values, strict=True)]
    return f"M{'L'.join(points)}" + ("h0.1" if len(points) == 1 else "")


def _marks(field: Field, marks: Sequence[Mark]) -> Iterator[str]:
    for number, (step, kind, _) in enumerate(numbered(marks), 1):
        x = field.x(step)
        yield f'<path class="mark {escape(kind)}" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
        yield f'<text class="mark" x="{x + 3:.1f}" y="{TOP - 3}">{number}</text>'


def _dash(line: Line) -> str:
    dashes = DASHES[line.drawn]
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def _last(line: Line) -> str:
    return "" if line.value is None else f" <b>{write.number(line.value)}</b>"

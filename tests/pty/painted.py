"""What an app has painted, as a small SVG picture made of the cells: the same cells give the same bytes."""

from html import escape
from itertools import groupby
from typing import Any

from rich.color import ColorType
from rich.style import Style

WIDE, HIGH = 9, 20
"""Points of a cell."""

Look = tuple[str, str, bool, bool]
"""Colour of the text, of the ground, bold, underlined."""


def painted(app: Any) -> str:
    """The screen as it stands."""
    width, height = app.size
    ground = _hex(app.screen.background_colors[1].rich_color, "")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width * WIDE} {height * HIGH}" '
        'font-family="monospace" font-size="15" xml:space="preserve">',
        f'<rect width="100%" height="100%" fill="{ground}"/>',
    ]
    for row, strip in enumerate(app.screen._compositor.render_strips()):
        cells = [(char, _look(segment.style, ground)) for segment in strip for char in segment.text]
        column = 0
        for look, run in groupby(cells, key=lambda cell: cell[1]):
            text = "".join(char for char, _ in run)
            lines += _run(text, look, column, row, ground)
            column += len(text)
    return "\n".join([*lines, "</svg>", ""])


def _run(text: str, look: Look, column: int, row: int, ground: str) -> list[str]:
    """Cells that look alike: their ground where it is another one, and their text where there is any."""
    ink, back, bold, underlined = look
    x, y, wide = column * WIDE, row * HIGH, len(text) * WIDE
    made = [f'<rect x="{x}" y="{y}" width="{wide}" height="{HIGH}" fill="{back}"/>'] if back != ground else []
    if text.strip():
        more = (' font-weight="bold"' if bold else "") + (' text-decoration="underline"' if underlined else "")
        made.append(
            f'<text x="{x}" y="{y + 15}" textLength="{wide}" fill="{ink}"{more}>{escape(text, quote=False)}</text>'
        )
    return made


def _look(style: Style | None, ground: str) -> Look:
    style = style or Style()
    ink, back = _hex(style.color, "#ffffff"), _hex(style.bgcolor, ground)
    if style.reverse:
        ink, back = back, ink
    return ink, back, bool(style.bold), bool(style.underline)


def _hex(colour: Any, otherwise: str) -> str:
    return otherwise if colour is None or colour.type is ColorType.DEFAULT else colour.get_truecolor().hex

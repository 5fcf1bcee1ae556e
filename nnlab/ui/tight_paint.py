"""Writes only the cells that changed to the terminal.

Textual 8 repaints a changed region from the left edge of its widget and sets colours anew for every segment, so one dot
at the right end of a chart costs half a kilobyte, and a paragraph of which one number changed costs all of it. Here
the cells that the terminal shows are remembered, those that stay as they are get skipped, and of a colour only what
differs is sent: the same dot costs about a dozen bytes. A full repaint (a resize, a return from another screen or from
the shell) writes every cell, whatever is remembered. While the terminal has not taken what was written before, nothing
more is.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

RESET = "\x1b[0m"

MOST_WAITING = 5
"""Writes that may wait for the terminal when the next repaint (three writes) is handed over; with 30 of them Textual
blocks the whole app."""

SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})
"""Attributes that show where nothing is written: underlines, reverse, strike, overline."""


class Pen(NamedTuple):
    """What a cell is drawn with: attributes, foreground and background as SGR parameters."""

    attributes: str = ""
    front: str = ""
    back: str = ""


Cell = tuple[str, Pen]
Spans = Iterable[tuple[int, int, Strip]]
"""Row, column, and what stands there."""


class Shown:
    """The cells that the terminal shows; None where that is not known."""

    def __init__(self) -> None:
        self._rows: list[list[Cell | None]] = []

    def forget(self, width: int, height: int) -> None:
        """Nothing is known any more of a terminal of this size."""
        self._rows = [[None] * width for _ in range(height)]

    def update(self, spans: Spans, system: ColorSystem) -> str:
        """The terminal sequences that bring these strips onto the screen, from and to a terminal at rest."""
        out: list[str] = []
        pen, at = Pen(), (-1, -1)
        for y, x, strip in spans:
            row = self._rows[y] if y < len(self._rows) else []
            for text, wanted, start, width in _pieces(strip, x, system):
                if start + width > len(row) or row[start : start + width] == [(text, wanted)] * width:
                    continue
                out.append(_move(at, (y, start)))
                codes, pen = _turn(pen, wanted)
                out += [codes, text]
                at = (y, start + width)
                row[start : start + width] = [(text, wanted)] if width == 1 else [None] * width
        return "".join([*out, RESET]) if out else ""


class TightUpdate(LayoutUpdate):
    """A repaint that is compared with what the terminal shows when it is written."""

    def __init__(self, shown: Shown, spans: Spans, region: Region) -> None:
        super().__init__([], region)
        self._shown, self._spans = shown, spans

    def render_segments(self, console: Console) -> str:
        """The terminal sequences of this repaint."""
        return self._shown.update(self._spans, console._color_system or ColorSystem.TRUECOLOR)


class TightCompositor(Compositor):
    """Textual's compositor with tight repaints; holds them back while the terminal has not taken the last ones.

    `waiting` tells how many writes still wait for the terminal.
    """

    def __init__(self, waiting: Callable[[], int]) -> None:
        super().__init__()
        self._shown, self._waiting = Shown(), waiting

    @property
    def behind(self) -> bool:
        """Whether something was held back that the terminal would take now."""
        return bool(self._dirty_regions) and self._waiting() <= MOST_WAITING

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """An update for the screen, None when nothing changed or it must wait: what is dirty stays so till then.

        `simplify` asks for a picture of the screen, which waits for nothing.
        """
        if self._waiting() > MOST_WAITING and not simplify:
            return None
        update = super().render_update(full, screen_stack, simplify)
        if isinstance(update, ChopsUpdate):
            return TightUpdate(self._shown, _partial(update), self.size.region)
        if isinstance(update, LayoutUpdate) and not simplify:
            self._shown.forget(*self.size)
            return TightUpdate(self._shown, _whole(update), self.size.region)
        return update


def paint_tightly(screen: Screen[Any]) -> None:
    """Have a screen painted tightly; call it in the screen's constructor, before anything is laid out."""
    screen._compositor = TightCompositor(lambda: waiting(screen.app))


def catch_up(screen: Screen[Any]) -> None:
    """Paint what was held back, as soon as the terminal takes it; to be called now and then."""
    compositor = screen._compositor
    if isinstance(compositor, TightCompositor) and compositor.behind and screen.is_current:
        screen._compositor_refresh()


def paint_now(screen: Screen[Any], widgets: Iterable[Widget]) -> None:
    """Bring what changed in these widgets onto the terminal at once, before anything that has to be laid out.

    Textual would gather it by messages, wait for its next sixtieth of a second, and lay out first.
    """
    if screen.is_current:
        compositor = screen._compositor
        compositor.update_widgets(compositor.visible_widgets.keys() & set(widgets))
        screen._compositor_refresh()


def waiting(app: App[Any]) -> int:
    """Writes that the terminal has not taken yet; 0 where there is no terminal."""
    thread = getattr(app._driver, "_writer_thread", None)
    return 0 if thread is None else int(thread._queue.qsize())


def _partial(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            start, stop = max(x, x1), min(end, x2)
            if strip is not None and start < stop:
                yield y, start, strip.crop(start - x, stop - x)


def _whole(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield y, x, strip
            x += strip.cell_length


def _pieces(strip: Strip, x: int, system: ColorSystem) -> Iterator[tuple[str, Pen, int, int]]:
    """Text, pen, column and width of each cell; of the whole segment where its characters are not one cell wide."""
    for text, style, control in strip:
        if control:
            continue
        pen = pen_of("" if style is None else style._ansi or Strip.render_ansi(style, system))
        width = len(text) if text.isascii() else cell_len(text)
        if width == len(text):
            blank = Pen(back=pen.back) if SEEN_ON_BLANKS.isdisjoint(pen.attributes.split(";")) else pen
            for offset, character in enumerate(text):
                yield character, blank if character == " " else pen, x + offset, 1
        else:
            yield text, pen, x, width
        x += width


def _move(at: tuple[int, int], to: tuple[int, int]) -> str:
    """From the cell after the last one written to another one."""
    (y, x), (row, column) = at, to
    if (y, x) == to:
        return ""
    if y == row and 0 <= x < column:
        return f"\x1b[{column - x}C" if column - x > 1 else "\x1b[C"
    return f"\x1b[{row + 1};{column + 1}H"


@lru_cache(maxsize=4096)
def pen_of(ansi: str) -> Pen:
    """The pen of SGR parameters as Textual writes them ("1;38;2;1;2;3;48;5;7")."""
    codes = iter(ansi.split(";") if ansi else ())
    attributes, front, back = [], "", ""
    for code in codes:
        number = int(code or 0)
        colour = code
        if number in (38, 48):
            kind = next(codes)
            colour = ";".join((code, kind, *(next(codes) for _ in range(3 if kind == "2" else 1))))
        if 30 <= number <= 39 or 90 <= number <= 97:
            front = "" if number == 39 else colour
        elif 40 <= number <= 49 or 100 <= number <= 107:
            back = "" if number == 49 else colour
        else:
            attributes.append(code)
    return Pen(";".join(attributes), front, back)


@lru_cache(maxsize=4096)
def _turn(pen: Pen, wanted: Pen) -> tuple[str, Pen]:
    """What to send so that the next cell comes out as wanted, and the pen after that.

    A blank needs its background only: bold or coloured blanks look the same.
    """
    if not (wanted.attributes or wanted.front) and SEEN_ON_BLANKS.isdisjoint(pen.attributes.split(";")):
        wanted = Pen(pen.attributes, pen.front, wanted.back)
    if pen == wanted:
        return "", pen
    if pen.attributes != wanted.attributes:
        return f"\x1b[{';'.join(part for part in ('0', *wanted) if part)}m", wanted
    colours = zip(pen[1:], wanted[1:], ("39", "49"), strict=True)
    changed = [new or default for old, new, default in colours if old != new]
    return f"\x1b[{';'.join(changed)}m", wanted

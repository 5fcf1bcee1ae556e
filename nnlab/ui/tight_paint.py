"""Writes only the cells that changed to the terminal.

Textual 8 repaints a changed region from the left edge of its widget and sets colours anew for every segment, so one dot
at the right end of a chart costs half a kilobyte. Here a region starts where it starts, and colours are sent only when
they differ from those of the cells written just before: the same dot costs about a dozen bytes.
"""

from typing import Any

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, Compositor
from textual.screen import Screen
from textual.strip import Strip

RESET = "\x1b[0m"


class TightUpdate(ChopsUpdate):
    """A partial repaint, cut to its spans."""

    def render_segments(self, console: Console) -> str:
        """The terminal sequences of this repaint."""
        system = console._color_system or ColorSystem.TRUECOLOR
        out: list[str] = []
        pen = ""
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                start, stop = max(x, x1), min(end, x2)
                if strip is None or start >= stop:
                    continue
                out.append(f"\x1b[{y + 1};{start + 1}H")
                for text, style, _ in strip.crop(start - x, stop - x):
                    ansi = "" if style is None else style._ansi or Strip.render_ansi(style, system)
                    if style is not None and style.link:
                        out += [RESET, Strip.render_style(style, text, system)]
                        pen = ""
                        continue
                    if ansi != pen:
                        out.append(f"\x1b[0;{ansi}m" if ansi else RESET)
                        pen = ansi
                    out.append(text)
        out.append(RESET)
        return "".join(out)


class TightCompositor(Compositor):
    """Textual's compositor with tight partial repaints."""

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """An update for the screen, None when nothing changed."""
        update = super().render_update(full, screen_stack, simplify)
        if isinstance(update, ChopsUpdate):
            return TightUpdate(update.chops, update.spans, update.chop_ends)
        return update


def paint_tightly(screen: Screen[Any]) -> None:
    """Have a screen painted tightly; call it in the screen's constructor, before anything is laid out."""
    screen._compositor = TightCompositor()

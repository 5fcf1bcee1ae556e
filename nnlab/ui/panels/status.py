"""The status line and, under it, the rule that fills up as the run goes on. Both repaint only what changed."""

from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from nnlab.ui.panels.tones import TONES
from nnlab.ui.views.status import StatusView

GAP = "   "

Parts = list[tuple[str, str]]
"""Texts with their styles."""


class StatusLine(Widget):
    """Title on the left, state, position and facts on the right; what does not fit is left out from the right."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; }
    """

    view: reactive[StatusView] = reactive(StatusView(), repaint=False, init=False)

    def __init__(self) -> None:
        super().__init__()
        self._parts: Parts = []

    def watch_view(self) -> None:
        """Repaint the parts that changed."""
        before, self._parts = self._parts, _compose(self.view, self.content_size.width)
        changed = _changes(before, self._parts)
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """The line is laid out for one width."""
        self._parts = _compose(self.view, self.content_size.width)
        self.refresh()

    def render(self) -> Content:
        """The line as it was composed last."""
        return Content.assemble(*self._parts)


def _compose(view: StatusView, width: int) -> Parts:
    right: Parts = [(f"{view.glyph} {view.state}", f"bold {TONES[view.tone]}")]
    if view.position:
        right += [(GAP, ""), (view.position, "bold")]
    room = width - min(len(view.title), width // 3) - 2
    for fact in view.facts:
        if sum(len(text) for text, _ in right) + len(GAP) + len(fact) > room:
            break
        right += [(GAP, ""), (fact, "$lab-muted")]
    end = sum(len(text) for text, _ in right)
    title = Content(view.title).truncate(max(width - end - 2, 0), ellipsis=True).plain
    return [(title, "bold"), (" " * max(width - len(title) - end, 1), ""), *right]


def _changes(before: Parts, after: Parts) -> list[Region]:
    """Where the line differs: single parts if all parts stand where they stood, otherwise all of it."""
    if [len(text) for text, _ in before] != [len(text) for text, _ in after]:
        return [Region(0, 0, sum(len(text) for text, _ in after), 1)]
    changed, start = [], 0
    for old, new in zip(before, after, strict=True):
        if old != new:
            changed.append(Region(start, 0, len(new[0]), 1))
        start += len(new[0])
    return changed


class ProgressRule(Widget):
    """A rule across the screen; its bright part is the share of the planned steps done."""

    DEFAULT_CSS = """
    ProgressRule { height: 1; }
    """

    cells: reactive[int] = reactive(0, repaint=False, init=False)
    _share = 0.0

    def show(self, share: float) -> None:
        """Fill this share."""
        self._share = share
        self.cells = int(share * self.size.width)

    def on_resize(self) -> None:
        """The same share of another width."""
        self.show(self._share)
        self.refresh()

    def watch_cells(self, before: int, after: int) -> None:
        """Repaint the cells between the old and the new end."""
        self.refresh(Region(min(before, after), 0, abs(after - before), 1))

    def render(self) -> Content:
        """The two parts of the rule."""
        rest = max(self.size.width - self.cells, 0)
        return Content.assemble(("━" * self.cells, "$lab-accent"), ("─" * rest, "$lab-border"))

"""The status line and, under it, the rule that fills up as the run goes on."""

from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from nnlab.ui.panels.tones import TONES
from nnlab.ui.views.status import StatusView

GAP = "   "


class StatusLine(Widget):
    """Title on the left, state, position and facts on the right; what does not fit is left out from the right."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; }
    """
    _line = Content("")

    view: reactive[StatusView] = reactive(StatusView(), repaint=False, init=False)

    def watch_view(self) -> None:
        """Repaint from the first character that changed."""
        before, self._line = self._line, self._compose_line()
        same = _common(before.plain, self._line.plain) if before.spans == self._line.spans else 0
        self.refresh(Region(same, 0, max(self.content_size.width - same, 0), 1))

    def on_resize(self) -> None:
        """The line is laid out for one width."""
        self._line = self._compose_line()

    def render(self) -> Content:
        """The line as it was composed last."""
        return self._line

    def _compose_line(self) -> Content:
        view, width = self.view, self.content_size.width
        right = [Content.styled(f"{view.glyph} {view.state}", f"bold {TONES[view.tone]}")]
        if view.position:
            right.append(Content.styled(view.position, "bold"))
        title_room = min(len(view.title), width // 3)
        for fact in view.facts:
            if sum(len(part) for part in right) + len(GAP) * len(right) + len(fact) + title_room + 2 > width:
                break
            right.append(Content.styled(fact, "$lab-muted"))
        end = Content(GAP).join(right)
        title = Content.styled(view.title, "bold").truncate(max(width - len(end) - 2, 0), ellipsis=True)
        return Content.assemble(title, " " * max(width - len(title) - len(end), 1), end)


def _common(before: str, after: str) -> int:
    """Characters that both begin with."""
    return next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)


class ProgressRule(Widget):
    """A rule across the screen; its bright part is the share of the planned steps done."""

    DEFAULT_CSS = """
    ProgressRule { height: 1; }
    """

    cells: reactive[int] = reactive(0)

    def show(self, share: float) -> None:
        """Repaints only when another cell is reached."""
        self.cells = int(share * self.size.width)

    def render(self) -> Content:
        """The two parts of the rule."""
        rest = max(self.size.width - self.cells, 0)
        return Content.assemble(("━" * self.cells, "$lab-accent"), ("─" * rest, "$lab-border"))

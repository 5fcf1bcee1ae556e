"""The lesson beside the run: a panel over the diagnosis, or two lines over the view in a small terminal."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from nnlab.ui.panels.panel import Panel
from nnlab.ui.panels.prose import prose
from nnlab.ui.panels.retell import retell
from nnlab.ui.views.lesson import LessonView

KEY = "H"
"""The lesson's key."""

DONE, NOW, AHEAD = "●", "◐", "○"
"""Steps behind, the present one, and those to come."""


class LessonPanel(Panel):
    """The present step of the lesson in full."""

    TITLE = "lesson"
    HELP = (
        "A guided lesson on this scenario. Each step says what to look at and what to do, and goes on by itself as "
        "soon as what it waits for has really come; while it is your turn, the run waits. H shows a hint and the steps "
        "so far, and leaves the lesson."
    )
    DEFAULT_CSS = """
    LessonPanel { height: auto; max-height: 45%; margin-bottom: 1; background: $lab-panel; }
    """

    view: var[LessonView] = var(LessonView(), init=False)

    def on_mount(self) -> None:
        """Show the first view."""
        self.watch_view(self.view)

    def content(self) -> ComposeResult:
        """Texts, filled by the watcher."""
        for part in ("progress", "text", "awaits", "hint", "key"):
            yield Static(id=part)

    def watch_view(self, view: LessonView) -> None:
        """Redraw what changed."""
        self.say_aside(view.count)
        lines = {
            "progress": Content.assemble((dots(view), "$lab-accent"), "  ", (view.title, "bold")),
            "text": prose(view.text),
            "awaits": waits(view),
            "hint": Content.assemble(("hint  ", "$lab-muted"), prose(view.hint)) if view.hint else Content(""),
            "key": key(view),
        }
        for name, line in lines.items():
            text = self.query_one(f"#{name}", Static)
            text.display = bool(line.plain)
            retell(text, line)


class LessonStrip(Vertical):
    """The present step in two lines; the key tells the rest."""

    DEFAULT_CSS = """
    LessonStrip { display: none; height: 2; padding: 0 1; background: $lab-panel; }
    LessonStrip Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    view: var[LessonView] = var(LessonView(), init=False)

    def on_mount(self) -> None:
        """Show the first view."""
        self.watch_view(self.view)

    def compose(self) -> ComposeResult:
        """Two lines."""
        yield Static(id="said")
        yield Static(id="below")

    def watch_view(self, view: LessonView) -> None:
        """Redraw what changed."""
        head = (f"lesson {min(view.done + 1, view.steps)}/{view.steps}  ", "bold $lab-accent")
        text = " ".join((view.hint or view.text).split())
        rest = key(view) if view.awaits else key(replace(view, key="all of it, and on"))
        parts = [part for part in (waits(view), rest) if part.plain]
        retell(self.query_one("#said", Static), Content.assemble(head, prose(text)))
        retell(self.query_one("#below", Static), Content("   ").join(parts))


def dots(view: LessonView) -> str:
    """The steps as a row of signs."""
    ahead = max(view.steps - view.done - 1, 0)
    return DONE * view.done + (NOW if view.done < view.steps else "") + AHEAD * ahead


def waits(view: LessonView) -> Content:
    """What is waited for."""
    waits = (" (the run waits)" if view.awaits else "the run waits for you", "$lab-muted") if view.held else ""
    return Content.assemble(("▸ ", "$lab-accent"), view.awaits, waits) if view.awaits or view.held else Content("")


def key(view: LessonView) -> Content:
    """What the lesson's key does."""
    return Content.assemble((KEY, "bold $lab-accent"), (f"  {view.key}", "$lab-muted"))

"""The diagnosis panel: story, evidence, remedies."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from nnlab.ui.panels.evidence import EvidenceRow
from nnlab.ui.panels.panel import Panel
from nnlab.ui.panels.prose import prose
from nnlab.ui.panels.remedy import RemedyRow
from nnlab.ui.panels.retell import retell
from nnlab.ui.panels.tones import TONES
from nnlab.ui.story import Story
from nnlab.ui.views.diagnosis import DiagnosisView, EvidenceView

WAITING_SHOWN = 3

ROOMY = 30
"""Rows from which the scenario's story stays under the diagnosis."""

LOW = 14
"""Rows below which what it might be instead stands before the reason, which is long: nobody scrolls to what they do not
know of."""


class DiagnosisPanel(Panel):
    """What is wrong, how we know, and what would help."""

    TITLE = "diagnosis"
    HELP = (
        "The verdict on the run. The first line names the failure with its severity (■ critical, ▲ warning, ● note, "
        "◆ healthy) and since when; below stand the measured evidence with its limits, the cause, and numbered "
        "remedies: press the number to apply one, enter to read about the finding in full. Findings clear by "
        "themselves once the run has recovered."
    )
    DEFAULT_CSS = """
    DiagnosisPanel .part { height: auto; margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.explain", "explain", show=False, tooltip="Read about the finding in full."),
    ]

    view: var[DiagnosisView] = var(DiagnosisView(), init=False)

    def content(self) -> ComposeResult:
        """Texts and lists, all filled by the watcher."""
        yield Static(id="head")
        yield Static(id="story")
        yield Static(id="first")
        yield Static(id="second")
        yield Static(id="twin", classes="part")
        yield Vertical(id="evidence", classes="part")
        yield Static(id="tests", classes="part")
        yield Static(id="tried", classes="part")
        yield Vertical(id="remedies", classes="part")
        yield Static(id="others", classes="part")
        yield Static(id="outcome", classes="part hint")
        yield Static(id="scenario", classes="part")
        yield Static(id="waiting", classes="part")

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[EvidenceRow] = []

    def on_mount(self) -> None:
        """Show the first view."""
        self._tell(self.view)

    def on_resize(self) -> None:
        """There may be room for the story now, or none any more."""
        self._tell(self.view)

    def watch_view(self, before: DiagnosisView, after: DiagnosisView) -> None:
        """Redraw what changed."""
        self._tell(after)
        self._tell_evidence(after.evidence)
        if before.remedies != after.remedies:
            room = self.query_one("#remedies", Vertical)
            room.remove_children()
            room.mount_all(RemedyRow(remedy) for remedy in after.remedies)
        if before.mode != after.mode:
            self.scroll_home(animate=False)

    def _tell_evidence(self, items: tuple[EvidenceView, ...]) -> None:
        """Rows stay where they are and tell other evidence: it changes often, and would flicker."""
        for row, item in zip(self._rows, items, strict=False):
            row.show(item)
        for row in self._rows[len(items) :]:
            row.remove()
        added = [EvidenceRow(item) for item in items[len(self._rows) :]]
        self.query_one("#evidence", Vertical).mount_all(added)
        self._rows = [*self._rows[: len(items)], *added]

    def _tell(self, view: DiagnosisView) -> None:
        head = [Content.styled(f"{view.glyph} {view.word.upper()}", f"bold {TONES[view.tone]}")]
        if view.mode:
            head.append(Content.styled(view.mode, "bold"))
        because = Content.assemble(("because ", "$lab-muted"), view.because) if view.because else Content("")
        reasons = (because, _rivals(view))
        first, second = reasons if self.size.height >= LOW else reversed(reasons)
        lines = {
            "head": Content("  ").join(head),
            "story": Content(view.story),
            "first": first,
            "second": second,
            "outcome": Content(view.outcome),
            "tests": Content("\n").join(Content.assemble(("tested ", "$lab-muted"), text) for text in view.tests),
            "tried": Content("\n").join(Content.assemble(("tried ", "$lab-muted"), text) for text in view.tried),
            "twin": Content.assemble(("twin ", "$lab-muted"), view.twin) if view.twin else Content(""),
            "others": Content("\n").join(Content(text) for text in view.others),
            "scenario": Content("") if view.diagnosed and self.size.height < ROOMY else _scenario(view.scenario),
            "waiting": _waiting(view.waiting),
        }
        self.say_aside(view.since)
        for name, line in lines.items():
            text = self.query_one(f"#{name}", Static)
            text.display = bool(line.plain)
            retell(text, line)
        self.query_one("#evidence").display = bool(view.evidence)
        self.query_one("#remedies").display = bool(view.remedies)


def _rivals(view: DiagnosisView) -> Content:
    """What it might be instead, and the key that takes the test between."""
    parts = [Content.assemble(("or ", "$lab-muted"), view.rivals)] if view.rivals else []
    if view.separates:
        parts.append(Content.assemble(("D ", "bold $lab-accent"), view.separates))
    return Content("\n").join(parts)


def _scenario(story: Story) -> Content:
    """The story's title is left out: the status line says it."""
    parts = [Content.styled(story.summary, "bold"), prose(story.text)]
    return Content("\n\n").join(part for part in parts if part.plain)


def _waiting(rules: tuple[str, ...]) -> Content:
    if not rules:
        return Content("")
    more = len(rules) - WAITING_SHOWN
    lines = ["still gathering", *rules[:WAITING_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return Content.styled("\n".join(lines), "$lab-muted")

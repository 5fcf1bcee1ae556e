"""The diagnosis panel: story, evidence, remedies."""

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from nnlab.ui.panels.panel import Panel
from nnlab.ui.panels.tones import TONES
from nnlab.ui.views.diagnosis import DiagnosisView, EvidenceView, RemedyView

WAITING_SHOWN = 3


class RemedyRow(Static):
    """A remedy; a click applies it as its key does."""

    DEFAULT_CSS = """
    RemedyRow { height: auto; }
    RemedyRow:hover { background: $lab-panel; }
    """

    class Picked(Message):
        """The user wants the remedy of this key."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    def __init__(self, remedy: RemedyView) -> None:
        parts: list[tuple[str, str]] = [(f" {remedy.key} ", "bold $lab-accent"), (remedy.text, "")]
        if remedy.does:
            parts.append((f"  {remedy.does}", "$lab-muted"))
        super().__init__(Content.assemble(*parts))
        self._key = int(remedy.key)

    def on_click(self) -> None:
        """Tell the screen."""
        self.post_message(self.Picked(self._key))


class DiagnosisPanel(Panel):
    """What is wrong, how we know, and what would help."""

    HELP = (
        "The verdict on the run. The first line names the failure with its severity (■ critical, ▲ warning, ● note, "
        "◆ healthy) and since when; below stand the measured evidence with its limits, the cause, and numbered "
        "remedies: press the number to apply one. Findings clear by themselves once the run has recovered."
    )
    DEFAULT_CSS = """
    DiagnosisPanel .caption { color: $lab-muted; margin-top: 1; }
    """

    view: reactive[DiagnosisView] = reactive(DiagnosisView(), init=False)

    def compose(self) -> ComposeResult:
        """Three texts around the list of remedies, all filled by the watcher."""
        self.border_title = "diagnosis"
        yield Static(id="story")
        yield Static(id="evidence")
        yield Static("what would help", id="remedies-caption", classes="caption")
        yield Static(id="further")

    def on_mount(self) -> None:
        """Show the first view."""
        self._tell(self.view)

    def watch_view(self, before: DiagnosisView, after: DiagnosisView) -> None:
        """Redraw what changed."""
        self._tell(after)
        if before.remedies != after.remedies:
            self.query(RemedyRow).remove()
            self.mount_all([RemedyRow(remedy) for remedy in after.remedies], before="#further")
        if before.mode != after.mode:
            self.scroll_home(animate=False)

    def _tell(self, view: DiagnosisView) -> None:
        tone = TONES[view.tone]
        head = [Content.styled(f"{view.glyph} {view.word.upper()}", f"bold {tone}")]
        if view.mode:
            head.append(Content.styled(view.mode, "bold"))
        if view.since:
            head.append(Content.styled(view.since, "$lab-muted"))
        lines = [Content("  ").join(head), Content(view.story)]
        if view.outcome:
            lines.insert(0, Content.styled(view.outcome, "$lab-muted"))
        if view.because:
            lines.append(Content.assemble(("because ", "$lab-muted"), view.because))
        self.query_one("#story", Static).update(Content("\n").join(lines))
        evidence = self.query_one("#evidence", Static)
        evidence.display = bool(view.evidence)
        evidence.update(Content("\n").join([Content(""), *(_evidence(item) for item in view.evidence)]))
        self.query_one("#remedies-caption").display = bool(view.remedies)
        further = self.query_one("#further", Static)
        further.display = bool(view.others or view.waiting)
        further.update(_further(view))


def _evidence(item: EvidenceView) -> Content:
    name = Content.assemble((item.series, "bold"), "  ", (item.spark, "$lab-accent"), "  ", item.reading)
    return Content.assemble(name, "\n", (item.text, "$lab-muted"))


def _further(view: DiagnosisView) -> Content:
    lines = [Content("")]
    lines += [Content(text) for text in view.others]
    more = len(view.waiting) - WAITING_SHOWN
    if view.waiting:
        lines.append(Content.styled("still gathering", "$lab-muted"))
        lines += [Content.styled(f"  {text}", "$lab-muted") for text in view.waiting[:WAITING_SHOWN]]
    if more > 0:
        lines.append(Content.styled(f"  and {more} more", "$lab-muted"))
    return Content("\n").join(lines)

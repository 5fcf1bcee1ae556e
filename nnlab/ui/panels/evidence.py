"""A piece of evidence: the series with its course and reading, and under it the sentence that says what it means."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from nnlab.ui.views.diagnosis import EvidenceView


class EvidenceRow(Vertical):
    """Two texts; the first is cut where it does not fit, the second wraps under itself."""

    DEFAULT_CSS = """
    EvidenceRow { height: auto; }
    EvidenceRow .reading { text-wrap: nowrap; text-overflow: ellipsis; }
    EvidenceRow .meaning { padding-left: 2; color: $lab-muted; }
    """

    item: var[EvidenceView] = var(EvidenceView("", "", "", "", ""), init=False)

    def __init__(self, item: EvidenceView) -> None:
        super().__init__()
        self.set_reactive(EvidenceRow.item, item)

    def compose(self) -> ComposeResult:
        """Both texts."""
        yield Static(_reading(self.item), classes="reading")
        yield Static(_meaning(self.item), classes="meaning")

    def watch_item(self, before: EvidenceView, after: EvidenceView) -> None:
        """Redraw what changed."""
        if not self.is_mounted:
            return
        self.query_one(".reading", Static).update(_reading(after))
        if (before.text, before.limit) != (after.text, after.limit):
            self.query_one(".meaning", Static).update(_meaning(after))


def _reading(item: EvidenceView) -> Content:
    parts = (Content.styled(item.series, "bold"), Content.styled(item.spark, "$lab-accent"), Content(item.reading))
    return Content("  ").join(part for part in parts if part.plain)


def _meaning(item: EvidenceView) -> Content:
    return Content(f"{item.text}, {item.limit}" if item.limit else item.text)

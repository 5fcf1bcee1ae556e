"""A piece of evidence: the series with its course and reading, and under it the sentence that says what it means."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nnlab.ui.panels.retell import retell
from nnlab.ui.views.diagnosis import EvidenceView


class EvidenceRow(Vertical):
    """Two texts; the first is cut where it does not fit, the second wraps under itself."""

    DEFAULT_CSS = """
    EvidenceRow { height: auto; }
    EvidenceRow .reading { text-wrap: nowrap; text-overflow: ellipsis; }
    EvidenceRow .meaning { padding-left: 2; color: $lab-muted; }
    """

    def __init__(self, item: EvidenceView) -> None:
        super().__init__()
        self._reading = Static(_reading(item), classes="reading")
        self._meaning = Static(_meaning(item), classes="meaning")

    def compose(self) -> ComposeResult:
        """Both texts."""
        yield self._reading
        yield self._meaning

    def show(self, item: EvidenceView) -> None:
        """Redraw what changed."""
        self._reading.update(_reading(item), layout=False)
        retell(self._meaning, _meaning(item))


def _reading(item: EvidenceView) -> Content:
    parts = (Content.styled(item.series, "bold"), Content.styled(item.spark, "$lab-accent"), Content(item.reading))
    return Content("  ").join(part for part in parts if part.plain)


def _meaning(item: EvidenceView) -> Content:
    return Content(f"{item.text}, {item.limit}" if item.limit else item.text)

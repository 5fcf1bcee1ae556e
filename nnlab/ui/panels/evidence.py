"""A piece of evidence: the series with its course and reading, and under it the sentence that says what it means."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nnlab.ui.panels.retell import retell
from nnlab.ui.views.diagnosis import EvidenceView


class EvidenceRow(Vertical):
    """Two texts: the first leaves out the course where there is no room for it, the second wraps under itself."""

    DEFAULT_CSS = """
    EvidenceRow { height: auto; }
    EvidenceRow .reading { text-wrap: nowrap; text-overflow: ellipsis; }
    EvidenceRow .meaning { padding-left: 2; color: $lab-muted; }
    """

    def __init__(self, item: EvidenceView) -> None:
        super().__init__()
        self._item = item
        self._reading = Static(_reading(item, 0), classes="reading")
        self._meaning = Static(_meaning(item), classes="meaning")

    def compose(self) -> ComposeResult:
        """Both texts."""
        yield self._reading
        yield self._meaning

    def show(self, item: EvidenceView) -> None:
        """Redraw what changed."""
        self._item = item
        self._reading.update(_reading(item, self.content_size.width), layout=False)
        retell(self._meaning, _meaning(item))

    def on_resize(self) -> None:
        """There may be room for the course now, or none any more."""
        self._reading.update(_reading(self._item, self.content_size.width), layout=False)


def _reading(item: EvidenceView, width: int) -> Content:
    """In one line of a width, 0 where it is not known yet."""
    parts = (Content.styled(item.series, "bold"), Content.styled(item.spark, "$lab-accent"), Content(item.reading))
    line = Content("  ").join(part for part in parts if part.plain)
    if len(line) <= width or not width:
        return line
    return Content("  ").join((Content.styled(item.series.rstrip(), "bold"), Content(item.reading.strip())))


def _meaning(item: EvidenceView) -> Content:
    return Content(f"{item.text}, {item.limit}" if item.limit else item.text)

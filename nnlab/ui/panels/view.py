"""The panel that shows a look inside the run."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import var

from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing, Picture


class ViewPanel(Container, can_focus=True):
    """Shows the picture of the view that was chosen."""

    DEFAULT_CSS = """
    ViewPanel { border-left: blank; padding: 0 1 0 0; }
    ViewPanel:focus { border-left: outer $lab-accent; }
    """
    ALLOW_MAXIMIZE = True
    topic = ""
    """Title of the present view."""
    about = ""
    """What the present view tells, for the help screen."""

    view: var[Drawing] = var(Notice("", ""), init=False)

    def compose(self) -> ComposeResult:
        """The picture, which writes its own title."""
        yield Picture()

    def watch_view(self, view: Drawing) -> None:
        """Hand the drawing to the picture, which repaints what changed."""
        self.query_one(Picture).show(view)

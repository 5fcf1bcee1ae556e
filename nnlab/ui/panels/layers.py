"""The layers panel: a bar table with one row per layer."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import var

from nnlab.ui.charts.bars import BarTable
from nnlab.ui.views.layers import LayersView

FEWEST, MOST = 7, 12
"""Rows of the panel, whatever the number of layers."""


def height_for(layers: int) -> int:
    """Rows for the title and all layers, and one in which something may be said of the rest."""
    return min(max(layers + 2, FEWEST), MOST)


class LayersPanel(Container, can_focus=True):
    """How gradient and updates fare in each layer."""

    HELP = (
        "One row per layer, the first layer on top, as of the last probe. gradient: its norm, on a log scale; update: "
        "length of the last step relative to the weights (about 1e-3 is usual); dead: share of units that are zero on "
        "the whole probe batch; saturated (flat): share of activations at the flat ends of tanh or sigmoid. A layer "
        "that the diagnosis blames is marked."
    )
    DEFAULT_CSS = """
    LayersPanel { border-left: blank; padding: 0 1 0 0; }
    LayersPanel:focus { border-left: outer $lab-accent; }
    """
    ALLOW_MAXIMIZE = True

    view: var[LayersView] = var(LayersView(), init=False)

    def compose(self) -> ComposeResult:
        """The table, which writes its own title."""
        yield BarTable("layers")

    def watch_view(self, view: LayersView) -> None:
        """Hand rows and columns to the table."""
        self.query_one(BarTable).show(view.rows, view.columns)

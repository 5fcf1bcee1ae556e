"""The layers panel: a bar table with one row per layer."""

from textual.app import ComposeResult
from textual.reactive import reactive

from nnlab.ui.charts.bars import BarTable
from nnlab.ui.panels.panel import Panel
from nnlab.ui.views.layers import LayersView


class LayersPanel(Panel):
    """How gradient and updates fare in each layer."""

    HELP = (
        "One row per layer, the first layer on top, as of the last probe. gradient: its norm, on a log scale; update: "
        "length of the last step relative to the weights (about 1e-3 is usual); dead: share of units that are zero on "
        "the whole probe batch; saturated: share of activations at the flat ends of tanh or sigmoid."
    )

    view: reactive[LayersView] = reactive(LayersView(), init=False)

    def compose(self) -> ComposeResult:
        """The table."""
        self.border_title = "layers"
        yield BarTable()

    def watch_view(self, view: LayersView) -> None:
        """Hand rows and columns to the table."""
        self.query_one(BarTable).show(view.rows, view.columns)

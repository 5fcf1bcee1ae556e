"""How the user likes the panels: what they choose is kept for later runs of the family, until they want it as usual."""

from textual import on
from textual.screen import Screen

from nnlab.ui.arrangements import Arrangements
from nnlab.ui.charts.sight import Styled
from nnlab.ui.screens.body import Body
from nnlab.ui.session import Session


class Arranging(Screen[None]):
    """A screen over the session of a run with a `Body`, which hears of views and tabs itself."""

    session: Session
    _arrangements: Arrangements

    @on(Styled)
    def _keep_style(self, event: Styled) -> None:
        """Draw this plot so in later runs of the family too."""
        if self.session.info is not None:
            self._arrangements.keep_style(self.session.info.family, event.plot, event.style)

    def action_usual_arrangement(self) -> None:
        """Forget how the user likes runs of this family."""
        if self.session.info is not None:
            self._arrangements.forget(self.session.info.family)
            self.query_one(Body).as_liked(0)
            self.notify("Views, axes and smoothing are the usual ones again.", title="arrangement", timeout=4)

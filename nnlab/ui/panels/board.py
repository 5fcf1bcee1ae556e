"""The board of presenter mode: large numbers, two pictures of the run, and words for a room."""

import time

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.large_text import LargeText
from nnlab.ui.panels.prose import prose
from nnlab.ui.panels.retell import retell
from nnlab.ui.panels.tones import TONES
from nnlab.ui.panels.view import ViewPanel
from nnlab.ui.session import Session
from nnlab.ui.views import ghost, plots
from nnlab.ui.views.presenter import SHOWN, Answer, Offer, Phase, PresenterView
from nnlab.ui.views.sight import Known
from nnlab.ui.views.sights import sights

LOOK_EVERY = 0.5
"""Seconds between two looks inside the run."""

NARROW, LOW = 100, 30
"""Columns and rows below which there is one picture, and no numbers beside words."""

REMEDIES_SHOWN = 3


class Board(Vertical):
    """What the room sees; the second picture is one of the run's views, and `turn_view` takes the next."""

    DEFAULT_CSS = """
    Board { height: 1fr; }
    Board #numbers { height: auto; padding: 0 2; margin-top: 1; }
    Board .number { width: 1fr; height: auto; }
    Board .label { color: $lab-muted; }
    Board #pictures { height: 1fr; margin-top: 1; }
    Board #pictures > * { width: 1fr; }
    Board #large { padding: 0 2; margin-top: 1; }
    Board .words { height: auto; padding: 0 2; }
    Board #caption { text-style: bold; }
    Board #remedies, Board #forks { text-wrap: nowrap; text-overflow: ellipsis; }
    Board.-low #numbers, Board.-low #large { margin-top: 0; }
    Board.-low.-asking #numbers { display: none; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._sights = sights(session.info) if session.info else (None,)
        self._shown = 0

    def compose(self) -> ComposeResult:
        """Numbers, pictures, words."""
        info = self._session.info
        with Horizontal(id="numbers"):
            for place in range(SHOWN):
                with Vertical(classes="number"):
                    yield Static(id=f"label{place}", classes="label")
                    yield LargeText(id=f"number{place}", lines=1)
        with Horizontal(id="pictures"):
            yield ChartPanel(plots.LOSS, id="first")
            yield ChartPanel(plots.third_plot(info) if info else plots.LOSS, id="second")
            yield ViewPanel()
        yield LargeText(id="large")
        for name in ("small", "twin", "answers", "remedies", "forks", "caption"):
            yield Static(id=name, classes="words")

    def on_mount(self) -> None:
        """Begin with what the family is looked at for."""
        self.turn_view(0)

    def on_resize(self) -> None:
        """Another size has room for other things."""
        self.set_class(self.size.height < LOW, "-low")
        self.turn_view(0)

    def turn_view(self, by: int) -> None:
        """The next view beside the loss; where there is room for one picture, in its place after all others."""
        narrow = self.size.width < NARROW
        choices = len(self._sights) + narrow
        self._shown = (self._shown + by) % choices
        loss_only = narrow and self._shown == 0
        sight = None if loss_only else self._sights[self._shown - narrow]
        self.query_one("#first").display = loss_only or not narrow
        self.query_one("#second").display = not loss_only and sight is None
        self.query_one(ViewPanel).display = sight is not None

    def paint(self, view: PresenterView, phase: Phase, caption: str, drawn: frozenset[int]) -> None:
        """Show the run as it stands, branches in `drawn` behind it; findings and ghosts once they are revealed."""
        session = self._session
        if session.history is None:
            return
        self.set_class(phase != "watching", "-asking")
        told = phase == "revealed"
        marks = plots.marks(session.history, session.diagnosis if told else None)
        twin = ghost.ghost(session.history, session.twins.present) if told else None
        for chart in self.query(ChartPanel):
            if chart.size.area:
                chart.view = plots.plot_view(chart.plot, session.history, marks, None, None, drawn, twin)
        self._paint_view()
        for place in range(SHOWN):
            label, value = view.numbers[place] if place < len(view.numbers) else ("", "")
            retell(self.query_one(f"#label{place}", Static), Content(label))
            self.query_one(f"#number{place}", LargeText).say(value, "$lab-text")
        self.query_one("#large", LargeText).say(view.large, TONES[view.tone])
        self._say("small", Content(view.small))
        self._say("twin", Content.assemble(("twin ", "$lab-muted"), view.twin) if view.twin else Content(""))
        self._say("answers", Content("\n").join(map(_answer, view.answers)))
        self._say("remedies", _remedies(view))
        self._say("forks", Content.styled(view.forks, "$lab-muted"))
        self._say("caption", prose(caption))

    def _paint_view(self) -> None:
        panel, session = self.query_one(ViewPanel), self._session
        sight = self._sights[self._shown - (self.size.width < NARROW)]
        if sight is None or not panel.display or session.history is None:
            return
        session.look_inside(sight.kinds(*panel.content_size), time.monotonic(), LOOK_EVERY)
        panel.view = sight.draw(Known(session.history, None, session.inspections.answers))

    def _say(self, name: str, words: Content) -> None:
        text = self.query_one(f"#{name}", Static)
        text.display = bool(words.plain)
        retell(text, words)


def _answer(answer: Answer) -> Content:
    """Letter, words, and what became of it: by sign and word."""
    said = "" if answer.right is None else ("right" if answer.right else "wrong" if answer.chosen else "")
    sign = {"right": "✓", "wrong": "✗"}.get(said, "▸" if answer.chosen else " ")
    tone = {"right": "$lab-good", "wrong": "$lab-bad"}.get(said, "$lab-accent" if answer.chosen else "$lab-text")
    words = (answer.words, f"bold {tone}")
    return Content.assemble((f"{sign} {answer.letter}  ", "bold $lab-accent"), words, f"  {said}")


def _remedies(view: PresenterView) -> Content:
    return Content("\n").join(map(_offer, view.offers[:REMEDIES_SHOWN]))


def _offer(offer: Offer) -> Content:
    """Key, what it is, and what forks have proved of it: by sign and word."""
    told = Content.assemble(
        (f"  {offer.remedy.key or '·'}  ", "bold $lab-accent"),
        offer.remedy.text,
        (f"  {offer.remedy.adds}" if offer.remedy.adds else "", "$lab-muted"),
    )
    proof = Content.styled(f"\n     {offer.sign} {offer.proof}", f"bold {TONES[offer.tone]}")
    return told + proof if offer.proof else told

"""Presenter mode: the run for a room. One or two plots and large type; ask what is wrong, then reveal it."""

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from nnlab.diagnosis.finding import Remedy
from nnlab.lessons.question import Question, question
from nnlab.trials.cure import changes
from nnlab.ui import pace
from nnlab.ui.messages import Again
from nnlab.ui.panels.board import Board
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.status import ProgressRule, StatusLine
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.lab_keys import works
from nnlab.ui.session import Session
from nnlab.ui.tight_paint import catch_up, paint_tightly, waiting
from nnlab.ui.trials import Attempt, Trials
from nnlab.ui.views.presenter import Offer, Phase, PresenterView, presenter_view
from nnlab.ui.views.status import status

PAINT_EVERY = 0.15
"""Seconds between two paintings."""

SLOW = 5.0
"""Steps a second in slow motion."""

WAITING = 3
"""Writes that may wait for the terminal when the next picture is painted."""

LONGEST = 160
"""Characters of a caption."""


class Presenter(Screen[None]):
    """Over the lab screen, which goes on to listen. The diagnosis is hidden until it is revealed."""

    topic = "presenter mode"
    HELP = (
        "The run for a room: curves and large numbers, and no diagnosis until you ask for it. The first enter "
        "freezes the run and asks what is wrong, the next reveals it with what it rests on, the third goes on. "
        "While the answers stand there, a letter marks what the room thinks."
    )
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Presenter Input { display: none; margin: 0 2; }
    Presenter.-typing Input { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,pagedown", "onward", "ask, reveal, go on", tooltip="Freeze and ask; then reveal; then go on."),
        Binding("space", "pause", "pause", tooltip="Pause the run, or let it go on."),
        *(Binding(key, f"choose({place})", "choose", key_display="a…d", show=not place, tooltip="Mark the answer.")
          for place, key in enumerate("abcd")),
        *(Binding(str(key), f"remedy({key})", "remedy", key_display="1…", show=key == 1, tooltip="Turn what it says.")
          for key in range(1, 10)),
        Binding("y", "prove", "prove", tooltip="Try the remedies on copies of the run, and show what each proves."),
        Binding("v", "view", "view", tooltip="Another picture: what the model does, its layers, its examples."),
        Binding("s", "slow", "slow motion", tooltip="Train five steps a second, or as before."),
        Binding("minus", "slower", "slower", show=False, tooltip="Train fewer steps a second."),
        Binding("plus,equals_sign", "faster", "faster", show=False, tooltip="Train more steps a second."),
        Binding("t", "caption", "caption", tooltip="Type a caption; an empty one takes it away."),
        Binding("escape,P,shift+p", "leave", "leave", tooltip="Back to the lab."),
    ]  # fmt: skip

    def __init__(self, session: Session, body: Body, trials: Trials) -> None:
        super().__init__()
        paint_tightly(self)
        self.session, self._body, self._trials = session, body, trials
        self._attempt: Attempt | None = None
        self._phase: Phase = "watching"
        self._asked: Question | None = None
        self._chosen: int | None = None
        self._pace = session.pace
        self._caption = ""
        self._view = PresenterView()

    def compose(self) -> ComposeResult:
        """Numbers, plots, words."""
        yield StatusLine()
        yield ProgressRule()
        if self.session.info is not None:
            yield Board(self.session)
        yield Input(max_length=LONGEST, compact=True, placeholder="a caption for the room")
        yield KeyBar()

    def on_mount(self) -> None:
        """Follow the run."""
        self._following = self.set_interval(PAINT_EVERY, self._paint)
        self.call_after_refresh(self._paint)

    # --- painting ------------------------------------------------------------------------------------------------

    def _paint(self) -> None:
        catch_up(self)
        session = self.session
        if session.failure is not None and self.is_current:
            self._following.stop()  # what is dismissed is whatever stands on top: once, and then no more
            self.dismiss()
            return
        if not self.is_current or waiting(self.app) >= WAITING:
            return
        top = status(session)
        title = top.title if self._phase == "revealed" else "presenter mode"  # a title may give the answer away
        self.query_one(StatusLine).view = replace(top, title=title)
        self.query_one(ProgressRule).show(top.done)
        if session.history is None:
            return
        if not self.query(Board):  # it shows what the run measures, which is known now
            self.mount(Board(session), before="Input")
            self.refresh_bindings()
        board = self.query_one(Board)
        if not board.is_mounted:
            return
        if self._phase == "asked" and self._asked is None and session.state != "running":
            self._asked = question(session.diagnosis, session.info.seed if session.info else 0)
            self.refresh_bindings()
        drawn = self._body.drawn(session) if self._phase == "revealed" else frozenset[int]()
        view = presenter_view(session, self._phase, self._asked, self._chosen, self._attempt)
        board.paint(view, self._phase, self._caption, drawn)
        if view.offers != self._view.offers:
            self.call_after_refresh(self.refresh_bindings)
        self._view = view

    # --- what keys do --------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False for what makes no sense at present."""
        if action == "choose":
            return (
                self._phase == "asked"
                and self._asked is not None
                and int(str(parameters[0])) < len(self._asked.answers)
            )
        if action == "remedy":
            return self._phase == "revealed" and self._offered(int(str(parameters[0]))) is not None
        if action == "prove":
            return self._phase == "revealed" and works("try", self.session, None)
        if action == "onward":
            return self.session.history is not None
        return True

    def action_onward(self) -> None:
        """Freeze and ask; reveal; go on."""
        session = self.session
        if self._phase == "watching":
            if session.state == "running":
                session.toggle()
            self._phase, self._asked, self._chosen, self._attempt = "asked", None, None, None
        elif self._phase == "asked":
            self._phase = "revealed"
        else:
            self._phase, self._asked = "watching", None
            if session.state == "paused":
                session.toggle()
        self.refresh_bindings()
        self._paint()

    def action_choose(self, place: int) -> None:
        """Mark what the room thinks; again takes it back."""
        self._chosen = None if self._chosen == place else place
        self._paint()

    def action_pause(self) -> None:
        """Pause or go on."""
        self.session.toggle()

    def action_view(self) -> None:
        """Show another picture."""
        self.query_one(Board).turn_view(1)
        self._paint()

    def action_slow(self) -> None:
        """Slow motion, or the pace from before."""
        slow = self.session.pace == SLOW
        self._pace = self._pace if slow else self.session.pace
        self.session.set_pace(self._pace if slow else SLOW)

    def action_slower(self) -> None:
        """Train fewer steps a second."""
        rate = self.session.frame.steps_per_second if self.session.frame else 0.0
        self.session.set_pace(pace.slower(self.session.pace, rate))

    def action_faster(self) -> None:
        """Train more steps a second."""
        self.session.set_pace(pace.faster(self.session.pace))

    def _offered(self, key: int) -> Offer | None:
        return next((one for one in self._view.offers if one.remedy.key == str(key)), None)

    def action_prove(self) -> None:
        """Try the remedies in forks, beside the run; or show what they have proved."""
        finding = self.session.diagnosis.headline if self.session.diagnosis is not None else None
        if finding is not None:
            self._attempt = self._trials.last(finding.mode) or self._trials.remedies(finding)

    def action_remedy(self, key: int) -> None:
        """Turn what a remedy says, and go on; or begin the run again with it, and present that."""
        offer = self._offered(key)
        if offer is None:
            return
        self._trials.cancel()
        turns, settings = changes(Remedy(offer.remedy.text, offer.remedy.commands))
        if offer.remedy.restarts:
            self.post_message(Again(settings | turns, (offer.note,) if offer.note else (), then="presenter"))
            return
        for knob, value in turns.items():
            self.session.turn(knob, value, source="remedy")
        self._asked = None
        if self.session.state == "paused":
            self.session.toggle()

    def action_caption(self) -> None:
        """Type a caption."""
        self.add_class("-typing")
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Show what was typed."""
        self.remove_class("-typing")
        self.set_focus(None)
        self._caption = event.value.strip()
        self._paint()

    def action_leave(self) -> None:
        """Stop typing, or go back to the lab."""
        if self.has_class("-typing"):
            self.remove_class("-typing")
            self.set_focus(None)
        else:
            self.dismiss()

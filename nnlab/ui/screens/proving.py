"""What the lab's keys do to prove things beside the run: try remedies, separate changes, adopt what helped."""

from textual.screen import Screen

from nnlab.trials.separate import turned_together
from nnlab.ui.messages import Again
from nnlab.ui.proofs import notes
from nnlab.ui.screens.trials import TrialScreen
from nnlab.ui.session import Session
from nnlab.ui.trials import Attempt, Trials
from nnlab.ui.views.trials import Adoption
from nnlab.wire import commands


class Proving(Screen[None]):
    """A screen over the session of a run."""

    session: Session
    trials: Trials

    def action_try(self) -> None:
        """Show what trials of the headline's remedies proved, or begin them."""
        finding = self.session.diagnosis.headline if self.session.diagnosis is not None else None
        if finding is not None:
            last = self.trials.last(finding.mode)
            self._show(last or self.trials.remedies(finding))

    def action_separate(self) -> None:
        """Show what each of the knobs did that were turned at once, or begin to find out."""
        turns = turned_together(self.session.history) if self.session.history is not None else ()
        if turns:
            last = self.trials.last("")
            self._show(last if last is not None and last.turns == turns else self.trials.separate(turns))

    def on_unmount(self) -> None:
        """Nobody waits for trials any more."""
        self.trials.cancel()

    def _show(self, attempt: Attempt) -> None:
        def again() -> Attempt:
            headline = self.session.diagnosis.headline if self.session.diagnosis is not None else None
            if attempt.finding is None:
                return self.trials.separate(attempt.turns)
            return self.trials.remedies(
                headline if headline is not None and headline.mode == attempt.about else attempt.finding
            )

        def adopt(adoption: Adoption | None) -> None:
            if adoption is not None:
                self._adopt(adoption, attempt)

        self.app.push_screen(TrialScreen(attempt, self.session, again, self.trials.cancel), adopt)

    def _adopt(self, adoption: Adoption, attempt: Attempt) -> None:
        """Begin again with the settings; or go back to where the forks began, and turn the knobs there, on a branch."""
        session = self.session
        if session.info is None or attempt.run is not session.info:
            return
        if adoption.settings:
            told = f"{adoption.proof} (at step {adoption.step} of the run before)"
            self.post_message(Again(adoption.settings, (told,)))
            return
        session.travel(commands.Rewind(adoption.step))
        for knob, value in adoption.turns.items():
            session.turn(knob, value, adoption.source)
        for text in notes(attempt.found):
            session.note("trial", text, adoption.step)
        seen = adoption.step + attempt.horizon
        if seen > session.info.planned_steps:
            session.run(attempt.horizon)
        else:
            session.go_on()

"""What the lab's keys, clicks and sliders do to the run that goes on: pause, step, pace, knobs, remedies."""

from textual.screen import Screen

from nnlab.scenario.knob_table import RESET
from nnlab.ui import pace
from nnlab.ui.controls.slider import Slider
from nnlab.ui.messages import Again
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.panels.remedy import RemedyRow
from nnlab.ui.screens.dialog import AskSteps, Confirm
from nnlab.ui.session import Session
from nnlab.ui.views.diagnosis import RemedyView, settings_of
from nnlab.wire.values import KnobValue

DEFAULT_STEPS = 100


class Steering(Screen[None]):
    """A screen over the session of a run, with a diagnosis panel."""

    session: Session

    def on_slider_turned(self, event: Slider.Turned) -> None:
        """Ask the engine; the slider moves when it answers."""
        self.session.turn(event.knob, event.value)

    def on_remedy_row_picked(self, event: RemedyRow.Picked) -> None:
        """A click on a remedy does what its key does."""
        self.action_remedy(event.key)

    def offered(self, key: int) -> RemedyView | None:
        """The remedy of this number in the diagnosis, where a key press can carry it out."""
        remedies = self.query_one(DiagnosisPanel).view.remedies if self.is_mounted else ()
        found = next((remedy for remedy in remedies if remedy.key == str(key)), None)
        return found if found and found.commands else None

    def action_pause(self) -> None:
        """Stop between two steps."""
        self.session.toggle()

    def action_resume(self) -> None:
        """Go on."""
        self.session.toggle()

    def action_step(self) -> None:
        """Train one step."""
        self.session.run(1)

    def action_run_steps(self) -> None:
        """Ask how many steps, and train them."""

        def go(steps: int | None) -> None:
            if steps:
                self.session.run(steps)

        self.app.push_screen(AskSteps(DEFAULT_STEPS), go)

    def action_restart(self) -> None:
        """Begin again from step 0."""
        if self.session.alive:
            self.session.restart()
        else:
            self.post_message(Again())

    def action_evaluate(self) -> None:
        """Measure everything now."""
        self.session.evaluate()

    def action_reset_optimizer(self) -> None:
        """Have the optimizer forget its moments."""
        self.session.turn(RESET, True)

    def action_slower(self) -> None:
        """Train fewer steps a second."""
        rate = self.session.frame.steps_per_second if self.session.frame else 0.0
        self.session.set_pace(pace.slower(self.session.pace, rate))

    def action_faster(self) -> None:
        """Train more steps a second."""
        self.session.set_pace(pace.faster(self.session.pace))

    def action_twin(self) -> None:
        """Ghost twins, or none."""
        self.session.twins.switch()
        text = "Each turn of a knob is held against an untouched twin." if self.session.twins.on else "No twins."
        self.notify(text, title="ghost twin", timeout=3)

    def action_remedy(self, key: int) -> None:
        """Turn the knobs of a remedy; one that needs a restart is asked about first."""
        remedy = self.offered(key)
        if remedy is None:
            return
        if not remedy.restarts:
            self._apply(remedy)
            return
        settings: dict[str, KnobValue] = {}
        for command in remedy.commands:
            settings.update(settings_of(command))

        def again(sure: bool | None) -> None:
            if sure:
                self.post_message(Again(settings))

        self.app.push_screen(Confirm(f"{remedy.text}\n\n{remedy.does}. The run begins again from step 0."), again)

    def _apply(self, remedy: RemedyView) -> None:
        for command in remedy.commands:
            knob, value = command.get("turn"), command.get("to")
            if isinstance(knob, str) and value is not None and not isinstance(value, dict):
                self.session.turn(knob, value, source="remedy")

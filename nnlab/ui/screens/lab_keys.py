"""The keys of the lab screen, in the order in which the footer shows them, and when each of them makes sense."""

from textual.binding import Binding, BindingType

from nnlab.diagnosis.finding import Diagnosis
from nnlab.trials.separate import turned_together
from nnlab.ui import pace
from nnlab.ui.session import Session
from nnlab.ui.views.diagnosis import headline
from nnlab.ui.views.rivals import next_test

REMEDY = "Apply the remedy of this number from the diagnosis; one that begins the run again asks first."

TWIN = "Have an untouched twin run along from each knob turn on, which tells what the turn caused; or no more."

LAB_KEYS: list[BindingType] = [
    Binding("space", "pause", "pause", tooltip="Stop training between two steps; everything stays as it is."),
    Binding("space", "resume", "go on", tooltip="Go on training; past the planned steps too once they are done."),
    Binding("s", "step", "step", tooltip="Train exactly one step, then pause."),
    Binding("n", "run_steps", "run N", tooltip="Train a number of steps that you type, then pause."),
    Binding("r", "restart", "restart", tooltip="Begin again from step 0 with the knobs as the scenario sets them."),
    Binding("1", "remedy(1)", "remedy", key_display="1…", tooltip=REMEDY),
    *(Binding(str(key), f"remedy({key})", "remedy", show=False, tooltip=REMEDY) for key in range(2, 10)),
    Binding("y", "try", "try", tooltip="Try the remedies on copies of the run, and see which of them proves right."),
    Binding(
        "Y,shift+y",
        "separate",
        "separate",
        show=False,
        tooltip="Of several knobs turned at once, show what each did by itself, on copies of the run.",
    ),
    Binding("escape", "look_now", "now", tooltip="Watch the newest step again."),
    Binding("u", "undo", "undo", tooltip="Take the last knob turn back: the run goes on, on a branch, without it."),
    Binding("U,shift+u", "redo", "redo", show=False, tooltip="Take the last undo back."),
    Binding("b", "branches", "branches", tooltip="List the branches of the run: go to one, name it, draw it."),
    Binding("o", "overlay", "overlay", show=False, tooltip="Draw a recorded run of this scenario behind this one."),
    Binding("S,shift+s", "snapshot", "snapshot", show=False, tooltip="Keep the state of the run as it is now."),
    Binding("G,shift+g", "twin", "ghost twin", show=False, tooltip=TWIN),
    Binding("v", "view(1)", "view", tooltip="Show the next view: what the model does, its layers, its examples."),
    Binding("V,shift+v", "view(-1)", "view", show=False, tooltip="Show the previous view."),
    Binding(
        "w", "toggle_view", "wide", tooltip="Let the view that v chooses fill the screen, with all it has; and back."
    ),
    Binding("x", "explain", "explain", tooltip="What the finding is, why it happens, and what to do, in full."),
    Binding(
        "D,shift+d", "separate_rivals", "which", show=False, tooltip="Take the test that tells rival findings apart."
    ),
    Binding(
        "p", "explain_point", "point", show=False, tooltip="Why the step under the cursor (or the newest) went so."
    ),
    Binding("t", "tests", "tests", tooltip="Test a copy of the run: one batch, range of rates, labels, baselines…"),
    Binding(
        "H,shift+h", "lesson", "lesson", tooltip="Begin the guided lesson of the scenario; in it: hint, steps, leave."
    ),
    Binding(
        "P,shift+p",
        "presenter",
        "presenter",
        show=False,
        tooltip="Large type for a room: ask what is wrong, then reveal it.",
    ),
    Binding("i", "story", "story", tooltip="Tell the scenario's story: what you will see, why, what to try."),
    Binding("k", "focus_knobs", "knobs", tooltip="Go to the knobs: arrows turn, shift turns coarsely, digits type."),
    Binding("Z,shift+z", "reset_optimizer", "reset", show=False, tooltip="Forget the moments of the optimizer."),
    Binding("c", "focus_charts", "plots", tooltip="Go to the plots, one by one: arrows look at steps and zoom."),
    Binding("d", "focus_diagnosis", "diagnosis", show=False, tooltip="Go to the diagnosis, to scroll or enlarge it."),
    Binding("m", "toggle_maximised", "enlarge", tooltip="Let the focused panel fill the screen, and back."),
    Binding("e", "evaluate", "evaluate", tooltip="Measure the validation set and all probes now."),
    Binding("minus", "slower", "slower", key_display="−", tooltip="Train fewer steps a second, to watch closely."),
    Binding("plus,equals_sign", "faster", "faster", key_display="+", tooltip="Train more steps a second."),
    Binding("R,shift+r", "report", "report", show=False, tooltip="Save the report of the run, as an HTML file."),
    Binding("tab", "app.focus_next", "panels", show=False, tooltip="Go to the next panel or knob."),
    Binding("shift+tab", "app.focus_previous", "panels", show=False, tooltip="Go to the previous panel or knob."),
    Binding("g", "gallery", "gallery", tooltip="Leave the run (its file is kept) and choose another scenario."),
]


def works(action: str, session: Session, look: int | None) -> bool:
    """Whether an action makes sense for the run as it stands; `look` is the step looked at, None for the newest."""
    going = session.state in ("running", "warming")
    known = session.alive and session.info is not None
    steered = known and not session.recorded
    found = {
        "pause": session.alive and going,
        "resume": session.alive and not going,
        "step": known,
        "run_steps": known,
        "evaluate": steered,
        "slower": known,
        "faster": session.alive and session.pace != pace.FULL,
        "explain": headline(session.diagnosis if look is None else session.past.at(look)) is not None,
        "lesson": known and session.story.lesson is not None,
        "presenter": session.alive,
        "report": session.info is not None,
        "tests": known and session.experiment is not None,
        "try": steered and look is None and _can_be_treated(session.diagnosis),
        "separate": steered and look is None and _turned_at_once(session),
        "explain_point": session.step > 0,
        "separate_rivals": known and next_test(session) is not None,
        "look_now": look is not None,
        "undo": steered and bool(session.history and session.history.turns),
        "redo": steered,
        "snapshot": steered,
        "overlay": steered,
        "twin": steered and session.twins.possible,
        "reset_optimizer": steered and look is None,
        "branches": bool(session.history and len(session.history.branches) > 1),
        "focus_knobs": bool(session.info and session.info.knobs) and look is None and not session.recorded,
    }
    return found.get(action, True)


def _can_be_treated(found: Diagnosis | None) -> bool:
    """Whether the problem to look at first has remedies that can be carried out."""
    return bool(found and found.headline and any(remedy.commands for remedy in found.headline.remedies))


def _turned_at_once(session: Session) -> bool:
    """Whether the run is recorded and several of its knobs were turned within one window."""
    recorded = bool(session.info and session.info.run_file)
    return recorded and session.history is not None and bool(turned_together(session.history))

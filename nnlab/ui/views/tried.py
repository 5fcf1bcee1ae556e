"""What trials proved, as the diagnosis panel tells it: from the journal, so that a recording tells it too."""

from nnlab.telemetry.history import History
from nnlab.ui import format as write


def tried(history: History | None) -> tuple[str, ...]:
    """What the last trials proved that stand in the journal of a run, with the step that they began at."""
    marks = [mark for mark in history.marks if mark.kind == "trial"] if history is not None else []
    last = dict.fromkeys(mark.text for mark in marks if mark.step == marks[-1].step)
    since = f", from step {write.count(marks[-1].step)}" if marks and marks[-1].step else ""
    return tuple(f"{text}{since}" for text in last)

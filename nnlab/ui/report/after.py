"""What was measured after a knob was turned: the outcome before and after, and findings that came and went.

This is what followed, and not yet what was caused: only an untouched twin or a branch can tell that.
"""

from collections.abc import Sequence

from nnlab.diagnosis.finding import HEALTHY, Finding
from nnlab.telemetry.history import History
from nnlab.ui import format as write

OUTCOMES = ("val/loss", "train/loss")
"""The first of these that the run records says how it went."""


def after(history: History, ever: Sequence[Finding], step: int, until: int) -> str:
    """What became of the run from step `step`, where knobs were turned, until `until`; "" where nothing is known."""
    told = [_outcome(history, step, until)]
    problems = [finding for finding in ever if finding.mode not in HEALTHY]
    came = [_words(finding) for finding in problems if step < finding.detected_step <= until]
    went = [_words(it) for it in problems if it.cleared_step is not None and step < it.cleared_step <= until]
    told += [f"found: {', '.join(came)}"] if came else []
    told += [f"cleared: {', '.join(went)}"] if went else []
    return "; ".join(filter(None, told))


def _outcome(history: History, step: int, until: int) -> str:
    for name in OUTCOMES:
        series = history.get(name)
        if series is None:
            continue
        before, later = series.at(step), series.at(until)
        if before is None or later is None or series.last_step <= step:
            return ""
        return f"{name} {write.number(before, 3)} → {write.number(later, 3)} by step {write.count(until)}"
    return ""


def _words(finding: Finding) -> str:
    return finding.mode.replace("-", " ")

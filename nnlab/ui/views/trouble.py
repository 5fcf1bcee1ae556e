"""What the lab says when the engine is gone."""

from dataclasses import dataclass

from nnlab.ui import format as write
from nnlab.ui.session import Session
from nnlab.wire import events

LOG_LINES = 40
"""Lines of the engine's log that are shown."""


@dataclass(frozen=True, slots=True)
class TroubleView:
    """A headline, a sentence, and the log or traceback."""

    headline: str
    explanation: str
    detail: str


def trouble(session: Session) -> TroubleView:
    """What happened to the session's engine. The session must have failed."""
    kept = ""
    if session.info and session.info.run_file:
        kept = f" Everything up to then is in {session.info.run_file}."
    at = f"step {write.count(session.step)}"
    lost = session.failure
    told = lost.error + lost.traceback if isinstance(lost, events.RunFailed) else lost.log if lost else ""
    if "No module named 'torch'" in told:
        return TroubleView("torch is not installed", "This Python has no torch; pip install torch puts it there.", "")
    if isinstance(lost, events.RunFailed) and not lost.traceback:
        return TroubleView("this cannot be trained", lost.error + kept, "")
    if isinstance(lost, events.RunFailed):
        return TroubleView(f"the engine failed at {at}", lost.error + kept, _tail(lost.traceback))
    code = "" if lost is None or lost.code is None else f" ({_died(lost.code)})"
    return TroubleView(
        f"the engine is gone since {at}",
        f"Its process ended without a word{code}.{kept}",
        _tail(lost.log if lost else ""),
    )


def _died(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit status {code}"


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-LOG_LINES:])

"""The status line: which run, what it is doing, how far and how fast."""

from dataclasses import dataclass
from typing import Literal

from nnlab.ui import format as write
from nnlab.ui.session import Session
from nnlab.wire.events import RunFailed

Tone = Literal["good", "warn", "bad", "busy", "quiet"]

RATE_WIDTH = len("1.2k steps/s")
"""Speeds are aligned to this, so that what stands beside them keeps still."""

_STATES: dict[str, tuple[str, str, Tone]] = {
    "warming": ("◌", "warming up", "busy"),
    "running": ("●", "running", "good"),
    "paused": ("‖", "paused", "warn"),
    "finished": ("✓", "finished", "quiet"),
    "stopped": ("◼", "stopped", "quiet"),
    "failed": ("✗", "engine lost", "bad"),
}


@dataclass(frozen=True, slots=True)
class StatusView:
    """`done` is the share of the planned steps done; `facts` are listed from the one wanted most to the least."""

    title: str = "nnlab"
    glyph: str = "◌"
    state: str = "starting"
    tone: Tone = "busy"
    position: str = ""
    facts: tuple[str, ...] = ()
    done: float = 0.0


def status(session: Session, look: int | None = None, *, slowed: bool = False) -> StatusView:
    """The status line of the run as it stands; `slowed`: the terminal cannot take all that could be painted.

    `look` is the step that is looked at, None for the newest.
    """
    glyph, word, tone = _STATES[session.state]
    if isinstance(session.failure, RunFailed):
        word = "failed"
    info = session.info
    if info is None:
        return StatusView(session.title, glyph, word, tone)
    frame, facts = session.frame, []
    if frame and session.state == "running":
        facts.append(write.rate(frame.steps_per_second).rjust(RATE_WIDTH))
    if frame:
        facts.append(write.duration(session.elapsed))
    if session.pace:
        facts.append(f"pace {write.number(session.pace)}/s")
    facts += [info.device, f"seed {info.seed}"]
    if slowed:
        facts.insert(0, "slow line")
    if session.dropped:
        facts.insert(0, f"{write.plural(session.dropped, 'frame')} skipped")
    planned = write.count(info.planned_steps)
    if session.guest:
        facts.insert(0, "attached")
    if session.recorded:
        facts.insert(0, "recording")
        word = "replaying" if session.state == "running" else word
    done = min(session.step / max(info.planned_steps, 1), 1.0)
    if look is not None:
        where = f"looking at step {write.count(look)} (run at {write.count(session.step)})"
        return StatusView(session.title, "◂", where, "warn", "", (word, *facts), done)
    return StatusView(
        session.title,
        glyph,
        word,
        tone,
        f"{write.count(session.step).rjust(len(planned))} / {planned}",
        tuple(facts),
        done,
    )

"""The journal: what was done to the run and what was found in it, newest first."""

from dataclasses import dataclass

from nnlab.diagnosis.finding import HEALTHY, Diagnosis
from nnlab.telemetry.history import History
from nnlab.trials.effect import KIND
from nnlab.ui import format as write
from nnlab.ui.answers import Answer
from nnlab.ui.views.diagnosis import SEVERITIES
from nnlab.ui.views.ghost import effect_of
from nnlab.ui.views.held import turned
from nnlab.ui.views.staleness import MOVES_INPUTS, NORM_STEPS, keeps, leaves_stale
from nnlab.wire.events import KnobTurned

KEPT_ROWS = 200

TOLD_ELSEWHERE = ("finding", "verdict", "readings", KIND)
"""Marks that are left out, or told in words of their own: the diagnosis tells of findings, and when they cleared; last
readings go without saying."""

TURN = "◇"
"""What the line of a knob turn begins with."""

_SOURCES = {"user": "you", "script": "script", "remedy": "remedy", "guard": "guard"}


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One line. `tone`: knob, note, good, warn or bad."""

    step: int
    at: str
    glyph: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class JournalView:
    """All lines, newest first; `width` is that of the widest step.

    `looked` counts the lines above the step that is looked at: they lie in its future, and the one after them is the
    last that had happened. None where the newest step is looked at.
    """

    rows: tuple[JournalRow, ...] = ()
    width: int = 0
    looked: int | None = None


def journal(
    history: History | None,
    diagnosis: Diagnosis | None,
    refusals: tuple[Answer, ...] = (),
    look: int | None = None,
) -> JournalView:
    """Turns, refusals, marks and findings of the run in the order of their steps; `look` is the step looked at."""
    rows: list[JournalRow] = []
    if history is not None:
        for turn in history.turns:
            source = _SOURCES.get(turn.source, turn.source)
            text = f"{turned(turn)}  by {source}"
            rows.append(_row(turn.step, TURN, f"{text}{_left_behind(history, turn)}", "knob"))
        rows += [_row(mark.step, "◌", effect_of(mark), "knob") for mark in history.marks if mark.kind == KIND]
        marks = (mark for mark in history.marks if mark.kind not in TOLD_ELSEWHERE)
        rows += [_row(mark.step, "·", mark.text or mark.kind, "note") for mark in marks]
    for refusal in refusals:
        asked = f"{refusal.knob} = {write.knob(refusal.value)}" if refusal.value != "" else refusal.knob
        text = f"{asked} refused: {refusal.refusal}"
        rows.append(_row(refusal.step, "✗", text, "warn"))
    for finding in diagnosis.ever if diagnosis else ():
        if finding.mode in HEALTHY:
            continue
        glyph, tone = SEVERITIES[finding.severity]
        words = finding.mode.replace("-", " ")
        rows.append(_row(finding.detected_step, glyph, words, tone))
        if finding.cleared_step is not None:
            rows.append(_row(finding.cleared_step, "◆", f"{words} cleared", "good"))
    rows.sort(key=lambda row: row.step, reverse=True)
    kept = tuple(rows[:KEPT_ROWS])
    looked = None if look is None else sum(row.step > look for row in kept)
    return JournalView(kept, max((len(row.at) for row in kept), default=0), looked)


def _left_behind(history: History, turn: KnobTurned) -> str:
    """What a turn leaves that was gathered under other conditions, and how it can be put away."""
    left = ""
    if leaves_stale(turn) and keeps(history, turn.step) > 0.0:
        left = "; the optimizer's moments are of before (Z resets)"
    if turn.knob in MOVES_INPUTS and history.info.facts.get("model.norm") == "batch":
        left += f"; batch-norm statistics catch up in {NORM_STEPS} steps"
    return left


def _row(step: int, glyph: str, text: str, tone: str) -> JournalRow:
    return JournalRow(step, write.count(step), glyph, text, tone)

"""The diagnosis panel: one line of story first, then what it rests on, then what would help."""

import itertools
import math
import re
from dataclasses import dataclass, replace

import numpy as np

from nnlab.diagnosis.finding import HEALTHY, UNDECIDED, Command, Diagnosis, Evidence, Finding
from nnlab.telemetry.history import History
from nnlab.trials import ledger
from nnlab.ui import format as write
from nnlab.ui.charts.bars import sparkline
from nnlab.ui.experience import experience
from nnlab.ui.session import Session
from nnlab.ui.story import UNTOLD, Story
from nnlab.ui.views.ghost import twin_of
from nnlab.ui.views.rivals import told_apart
from nnlab.ui.views.tests import said
from nnlab.ui.views.tried import tried
from nnlab.wire.values import KnobValue

SPARK_WIDTH = 8
"""Characters of a sparkline beside a piece of evidence."""

OUTCOMES = ("train/loss", "val/loss", "val/accuracy", "val/r2")
"""Last values that a finished run is summed up with, where it measures them."""

COUNTED = re.compile(r"(\d+) of (\d+)( \w+)?")
"""Of the rules that wait, only those that are gathering readings are worth a line ("3 of 8 readings")."""

NUMBER_WORD = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")
"""A number as it is written in a remedy."""

MAX_REMEDIES = 9
"""One digit key each."""

SEVERITIES = {"critical": ("■", "bad"), "warning": ("▲", "warn"), "note": ("●", "note")}
"""Shape and tone of each severity; the word stands beside them, so neither shape nor colour is the only cue."""

LOADING = "The engine is loading torch. The first step follows in a moment."
FIRST_LOOK = "The first look comes after a few steps."
TOO_EARLY = "Nothing is wrong so far, and there is not enough evidence of learning yet."


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A measured reason: the series with its course so far, the reading, and the sentence that says what it means."""

    series: str
    spark: str
    reading: str
    limit: str
    text: str


@dataclass(frozen=True, slots=True)
class RemedyView:
    """What would help. `commands` is what pressing `key` does, `does` that in words; all are empty where only the user
    can do it. `adds` is what of it `text` does not say already."""

    key: str
    text: str
    does: str
    adds: str
    commands: tuple[Command, ...] = ()
    worked: str = ""
    """How often the like of it was confirmed on this machine; empty where it was never tried."""

    @property
    def restarts(self) -> bool:
        """Whether the run must begin again for it."""
        return any(command.get("action") == "restart" for command in self.commands)


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """The panel's content. `tone`: good, note, warn, bad or quiet. `others` are further standing findings;
    `scenario` has its place as long as there is no diagnosis (`diagnosed`)."""

    glyph: str = "◌"
    word: str = "no diagnosis yet"
    mode: str = ""
    tone: str = "quiet"
    story: str = ""
    since: str = ""
    because: str = ""
    evidence: tuple[EvidenceView, ...] = ()
    remedies: tuple[RemedyView, ...] = ()
    others: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    outcome: str = ""
    scenario: Story = UNTOLD
    diagnosed: bool = False
    tests: tuple[str, ...] = ()
    """What named tests have found."""
    tried: tuple[str, ...] = ()
    """What trials have proved."""
    rivals: str = ""
    """The findings that the first one might be instead, with weights."""
    separates: str = ""
    """The test that tells them apart; `D` takes it where it can be taken."""
    twin: str = ""
    """What the ghost twin does, or has found."""


def diagnosis(session: Session, look: int | None = None) -> DiagnosisView:
    """What the panel shows of the session's run as it stands, or as it stood at the step `look`.

    Remedies of the past have no keys: they would change the run as it is now.
    """
    found = _judged(session, look)
    rivals, separates = told_apart(session, look)
    tests, proved, twin = said(session.history), tried(session.history), twin_of(session)
    return replace(found, tests=tests, tried=proved, rivals=rivals, separates=separates, twin=twin)


def _judged(session: Session, look: int | None) -> DiagnosisView:
    found, outcome = (session.diagnosis, _outcome(session)) if look is None else (session.past.at(look), "")
    if session.state == "warming" and session.step == 0:
        begins = FIRST_LOOK if session.recorded else LOADING
        return DiagnosisView(word="warming up", tone="busy", story=session.reason or begins, scenario=session.story)
    if found is None:
        return DiagnosisView(story=FIRST_LOOK, outcome=outcome, scenario=session.story)
    head = headline(found)
    others = tuple(_other(one) for one in found.standing if one is not head and one.mode not in HEALTHY)
    counts = ((mode, _gathers(why)) for mode, why in sorted(found.waiting.items()))
    waiting = tuple(f"{_words(mode)}: {count}" for mode, count in counts if count)
    if head is None:
        word = "undecided" if found.verdict == UNDECIDED else _words(found.verdict)
        return DiagnosisView(
            word=word, story=TOO_EARLY, others=others, waiting=waiting, outcome=outcome, scenario=session.story
        )
    healthy = head.mode in HEALTHY
    glyph, tone = ("◆", "good") if healthy else SEVERITIES[head.severity]
    return DiagnosisView(
        glyph,
        _words(head.mode) if healthy else head.severity,
        "" if healthy else _words(head.mode),
        tone,
        write.true_minus(head.headline),
        f"since step {write.count(head.since_step)}",
        write.true_minus(head.because),
        _evidence(head.evidence, session.history, look),
        _remedies(head, live=look is None and not session.recorded),
        others,
        waiting,
        outcome,
        session.story,
        diagnosed=True,
    )


def headline(found: Diagnosis | None) -> Finding | None:
    """The finding that the panel tells: the problem to look at first, or else the verdict on a healthy run."""
    if found is None:
        return None
    return found.headline or next((one for one in found.standing if one.mode == found.verdict), None)


def _outcome(session: Session) -> str:
    """Why the run stands still, and what came of it; empty while it goes on."""
    info, history = session.info, session.history
    if session.state not in ("paused", "finished", "stopped", "failed") or info is None or history is None:
        return ""
    parts = [f"{session.state} at step {write.count(session.step)}"]
    if session.reason:
        parts.append(session.reason)
    if session.state != "paused":
        for name in OUTCOMES:
            series = history.get(name)
            if series is not None:
                parts.append(f"{name} {write.number(series.last, 3)}")
    return ", ".join(parts)


def _gathers(why: str) -> str:
    """How many readings of how many a rule has, if that is what it waits for."""
    counted = COUNTED.search(why)
    return counted[0] if counted is not None and int(counted[1]) < int(counted[2]) else ""


def _words(mode: str) -> str:
    return mode.replace("-", " ")


def _remedies(finding: Finding, *, live: bool) -> tuple[RemedyView, ...]:
    """In the order of their ranks, what has proved itself here first, advice last; those that the lab can carry out, on
    a run that is `live`, get the keys.
    """
    ranked = sorted(finding.remedies, key=lambda remedy: remedy.rank)
    can = [remedy for remedy in ranked if remedy.commands]
    advice = [remedy for remedy in ranked if not remedy.commands]
    known, keys = experience(), itertools.count(1)
    return tuple(
        RemedyView(
            str(next(keys)) if remedy.commands and live else "",
            remedy.text,
            does(remedy.commands),
            adds(remedy.text, remedy.commands),
            remedy.commands if live else (),
            _worked(*ledger.record(known, finding.mode, remedy)) if remedy.commands else "",
        )
        for remedy in (*ledger.by_experience(known, finding.mode, can), *advice)[:MAX_REMEDIES]
    )


def _worked(confirmed: int, tried: int) -> str:
    return f"worked {confirmed} of {write.plural(tried, 'time')} here" if tried else ""


def _other(finding: Finding) -> str:
    glyph, _ = SEVERITIES[finding.severity]
    why = f", follows from {_words(finding.folded_into)}" if finding.folded_into else ""
    return f"{glyph} {finding.severity}: {_words(finding.mode)} since step {write.count(finding.since_step)}{why}"


def _evidence(items: tuple[Evidence, ...], history: History | None, look: int | None) -> tuple[EvidenceView, ...]:
    """The pieces of evidence, in columns."""
    names = max((len(item.series) for item in items), default=0)
    readings = [write.number(item.value, 3) for item in items]
    widest = max(map(len, readings), default=0)
    sparks = [_spark(item.series, history, look) for item in items]
    width = max(map(len, sparks), default=0)
    return tuple(
        EvidenceView(
            item.series.ljust(names),
            spark.ljust(width),
            reading.rjust(widest),
            f"limit {write.number(item.threshold, 3)}"
            if math.isfinite(item.threshold) and "limit" not in item.text
            else "",
            write.true_minus(item.text),
        )
        for item, reading, spark in zip(items, readings, sparks, strict=True)
    )


def _spark(name: str, history: History | None, look: int | None) -> str:
    """The course of a series up to now, or up to the step `look`."""
    series = history.get(name) if history else None
    if series is None:
        return ""
    steps, _, _, mean = series.overview()
    if look is not None:
        mean = mean[: int(np.searchsorted(steps, look, side="right"))]
    finite = mean[np.isfinite(mean)]
    if len(finite) < 2:
        return ""
    picked = finite[np.linspace(0, len(finite) - 1, min(SPARK_WIDTH, len(finite))).astype(int)]
    return sparkline(picked.tolist(), SPARK_WIDTH)


def does(commands: tuple[Command, ...]) -> str:
    """In a few words what the commands change: "lr → 0.01", "restart with model.norm = layer"."""
    parts = []
    for command in commands:
        if "turn" in command:
            parts.append(f"{command['turn']} → {_value(command['to'])}")
        elif command.get("action") == "restart":
            settings = ", ".join(f"{key} = {write.knob(value)}" for key, value in settings_of(command).items())
            parts.append(f"restart with {settings}" if settings else "restart")
        else:
            parts.append(str(command.get("action", "")))
    return ", ".join(part for part in parts if part)


def adds(text: str, commands: tuple[Command, ...]) -> str:
    """What the commands do beyond what the text of their remedy says: values that it does not name, and a restart.

    Each change is one unbroken word ("lr→0.01"), so that lines do not break within it.
    """
    parts = ["restart"] if any("set" in command for command in commands) and "restart" not in text else []
    for command in commands:
        changes = settings_of(command) if "set" in command else {command.get("turn", ""): command.get("to", "")}
        for key, value in changes.items():
            if not isinstance(value, dict) and not _says(text, value):
                parts.append(f"{str(key).rpartition('.')[2]}→{write.knob(value)}")
    return " ".join(parts)


def _says(text: str, value: KnobValue) -> bool:
    """Whether the text of a remedy names the value: as a number, as a word, or as "no such thing" for one of zero."""
    if not value:
        return text.startswith("no ")
    if isinstance(value, str):
        return value in text.lower()
    numbers = [float(word.replace(",", "")) for word in NUMBER_WORD.findall(text)]
    return not isinstance(value, bool) and value in numbers


def settings_of(command: Command) -> dict[str, KnobValue]:
    """What a restart sets: dotted scenario keys and their values."""
    settings = command.get("set", {})
    return settings if isinstance(settings, dict) else {}


def _value(value: KnobValue | dict[str, KnobValue]) -> str:
    return "" if isinstance(value, dict) else write.knob(value)

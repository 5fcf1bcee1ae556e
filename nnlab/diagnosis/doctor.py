"""The doctor: asks every rule at each boundary, lets no single reading decide, and ranks what stands.

State depends on the sequence of boundaries alone, so a live lab, a headless run and a replay reach the same findings
at the same steps.
"""

from collections import deque
from dataclasses import dataclass, field, replace

from nnlab.diagnosis import arbitration
from nnlab.diagnosis.finding import HEALTHY, UNDECIDED, Diagnosis, Finding
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Reading, Rule
from nnlab.diagnosis.rules import RULES
from nnlab.diagnosis.tested import weighed
from nnlab.telemetry.history import History
from nnlab.wire.values import RunInfo

CLEAR_BELOW = 0.5
"""A finding clears under this share of the strength that raised it (FAILURE_MODES, detection discipline)."""
QUIET_PROBES = 2
"""Probes after a knob turn during which patient rules keep still."""
REOPEN_SHARE = 0.1
"""A mode that returns within this share of the budget is the same finding, not a new one."""


@dataclass(slots=True)
class _Case:
    """What the doctor remembers of one rule."""

    votes: deque[bool]
    against: int = 0
    clock: int = -1
    regime: int = -1
    """Start of the regime in which the rule was last asked."""
    wait: str = ""
    """What it answered then, while it has no finding."""
    finding: Finding | None = None
    explains: tuple[str, ...] = ()
    closed: list[Finding] = field(default_factory=list)

    def copy(self) -> "_Case":
        """Another one; written out, for it is made of every rule at every boundary."""
        return _Case(
            self.votes.copy(),
            self.against,
            self.clock,
            self.regime,
            self.wait,
            self.finding,
            self.explains,
            self.closed.copy(),
        )


class Doctor:
    """Holds the findings of one run. Call `look` at each boundary, in order."""

    def __init__(self, info: RunInfo, rules: tuple[Rule, ...] = RULES) -> None:
        self._planned = max(1, info.planned_steps)
        self._rules = rules
        self._cases = {rule.mode: _Case(deque(maxlen=rule.confirm[1])) for rule in rules}

    def copy(self) -> "Doctor":
        """Another one that knows the same."""
        copy = object.__new__(Doctor)
        copy._planned, copy._rules = self._planned, self._rules
        copy._cases = {mode: case.copy() for mode, case in self._cases.items()}
        return copy

    def look(self, history: History) -> Diagnosis:
        """The diagnosis at the history's present step."""
        look = Look(history)
        waiting: dict[str, str] = {}
        for rule in self._rules:
            why = self._ask(rule, look)
            if why:
                waiting[rule.mode] = why
        return self._diagnosis(look, waiting)

    def _ask(self, rule: Rule, look: Look) -> str:
        """One rule's reading into its case; what it waits for, or nothing."""
        case = self._cases[rule.mode]
        missing = [name for name in rule.needs if look.history.get(name) is None]
        if missing:
            return f"needs {', '.join(missing)}"
        if rule.patient and look.start and look.age < QUIET_PROBES * look.info.probe_every + 1:
            case.votes.clear()
            return f"quiet until step {look.start + QUIET_PROBES * look.info.probe_every + 1} after the last change"
        clock = _clock(look, rule)
        fresh = clock > case.clock
        if not fresh and case.finding is None and case.regime == look.start:
            return case.wait  # no reading, so nothing to open or to clear: whatever the rule said would change nothing
        case.regime = look.start
        case.wait = self._read(rule, case, look, clock if fresh else None)
        return case.wait

    def _read(self, rule: Rule, case: _Case, look: Look, clock: int | None) -> str:
        """The rule's answer into its case, as a vote where its clock has moved on; what it waits for, or nothing."""
        answer = rule.check(look)
        if isinstance(answer, str):
            return answer
        if clock is not None:
            case.clock = clock
            case.votes.append(answer is not None and answer.strength >= 1)
        needed, window = rule.confirm
        if case.finding is not None:
            self._follow(rule, case, answer, look.step, clock is not None)
        elif answer is not None and answer.strength >= 1:
            if sum(case.votes) >= needed:
                self._open(case, rule.mode, answer, look.step)
            else:
                return f"{sum(case.votes)} of {needed} readings (last {window})"
        return ""

    def _open(self, case: _Case, mode: str, reading: Reading, step: int) -> None:
        detected, since = step, min(reading.since_step, step)
        if case.closed and step - (case.closed[-1].cleared_step or 0) <= REOPEN_SHARE * self._planned:
            before = case.closed.pop()
            detected, since = before.detected_step, before.since_step
        case.against = 0
        case.finding = _finding(mode, reading, since, detected)
        case.explains = reading.explains

    def _follow(self, rule: Rule, case: _Case, answer: Reading | None, step: int, fresh: bool) -> None:
        """Keep a standing finding up to date, or clear it."""
        standing = case.finding
        if standing is None:
            return
        if answer is not None and answer.strength >= 1:
            detected, cause = standing.detected_step, standing.folded_into
            case.finding = _finding(rule.mode, answer, standing.since_step, detected, cause)
            case.explains = answer.explains
            case.against = 0
        elif answer is None or answer.strength < CLEAR_BELOW:
            case.against += fresh
            if case.against >= rule.clear:
                case.closed.append(replace(standing, cleared_step=step))
                case.finding, case.explains = None, ()
                case.votes.clear()
        else:
            case.against = 0

    def _diagnosis(self, look: Look, waiting: dict[str, str]) -> Diagnosis:
        standing = {mode: case.finding for mode, case in self._cases.items() if case.finding is not None}
        explains = {mode: case.explains for mode, case in self._cases.items() if case.explains}
        standing = self._keep_folded(arbitration.fold(standing, explains), look.step)
        for mode, finding in standing.items():
            self._cases[mode].finding = finding
        top = arbitration.headline(standing)
        if top is not None:
            standing = {mode: item for mode, item in standing.items() if mode not in HEALTHY}
        shown = tuple(sorted((_as_symptom(item) for item in standing.values()), key=arbitration.rank))
        past = [item for case in self._cases.values() for item in case.closed]
        ever = tuple(sorted((*shown, *(_as_symptom(item) for item in past)), key=arbitration.rank))
        verdict = arbitration.verdict(standing, UNDECIDED)
        return weighed(Diagnosis(look.step, verdict, top, shown, ever, waiting), look.history)

    def _keep_folded(self, standing: dict[str, Finding], step: int) -> dict[str, Finding]:
        """A symptom outlives its cause for a while before it is a problem of its own."""
        kept = dict(standing)
        for mode, finding in standing.items():
            before = self._cases[mode].finding
            cause = before.folded_into if before is not None else None
            if finding.folded_into is None and cause is not None and self._cases[cause].closed:
                cleared = self._cases[cause].closed[-1].cleared_step or 0
                if step - cleared <= REOPEN_SHARE * self._planned:
                    kept[mode] = replace(finding, folded_into=cause)
        return kept


def _clock(look: Look, rule: Rule) -> int:
    """Step of the newest point of the series that the rule counts its readings by."""
    series = look.history.get(rule.needs[0]) if rule.needs else None
    return look.step if series is None else series.last_step


def _finding(mode: str, reading: Reading, since: int, detected: int, cause: str | None = None) -> Finding:
    return Finding(
        mode,
        reading.severity,
        reading.confidence,
        since,
        detected,
        None,
        reading.headline,
        reading.because,
        reading.evidence,
        reading.remedies,
        cause,
    )


def _as_symptom(finding: Finding) -> Finding:
    """A folded finding is a note under its cause, not a problem of its own."""
    return replace(finding, severity="note") if finding.folded_into is not None else finding

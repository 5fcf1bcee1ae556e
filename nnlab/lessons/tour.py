"""The unattended tour: at each scenario wait for its failure, let it be read, cure it, and show what came of it.

What is turned is what the scenario's `[expect]` table proves: its cure, or the settings to begin again with. A scenario
without a failure is only watched.
"""

import json
from dataclasses import dataclass, replace
from typing import Literal

from nnlab.diagnosis.finding import HEALTHY, Diagnosis
from nnlab.lessons.awaiting import stands
from nnlab.scenario.load import Loaded
from nnlab.wire.values import KnobValue

PROGRAMME = (
    "lr-too-low", "exploding-gradients", "class-collapse", "overfitting", "two-tower-collapse", "drift-hurts",
    "catastrophic-forgetting",
)  # fmt: skip
"""Scenarios of the tour, one from each part of the laboratory."""

WATCH = 60.0
"""Most seconds that a failure is waited for."""
READ = 8.0
"""Seconds in which the diagnosis can be read, the run standing still."""
HEAL = 25.0
"""Most seconds in which a cure may work."""
LOOK = 6.0
"""Seconds in which the end can be looked at."""
TURN_VIEW = 5.0
"""Seconds between two views."""

Phase = Literal["watch", "read", "heal", "look", "over"]
Act = Literal["freeze", "cure", "go on", "next view", "leave"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A stop of the tour. Either knobs are turned (`turns`), or it begins again (`settings`, values as TOML)."""

    name: str
    summary: str
    finding: str = ""
    turns: tuple[tuple[str, KnobValue], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the tour is at a stop: since when in this phase, and when the view was changed last (seconds)."""

    phase: Phase = "watch"
    since: float = 0.0
    viewed: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the tour sees of a run: seconds on any clock, whether it has ended, and what the diagnosis says."""

    seconds: float
    ended: bool = False
    diagnosis: Diagnosis | None = None


def plan(loaded: Loaded) -> Plan:
    """What the tour does with a scenario."""
    scenario, expect = loaded.scenario, loaded.scenario.expect
    finding = "" if expect.finding in (None, *HEALTHY) else str(expect.finding)
    settings = tuple(
        (key, value if isinstance(value, str) else json.dumps(value)) for key, value in expect.restart.items()
    )
    return Plan(loaded.name, scenario.summary or scenario.title, finding, tuple(expect.cure.items()), settings)


def go(stage: Stage, at: Plan, seen: Seen) -> tuple[Stage, tuple[Act, ...]]:
    """The next stage, and what is to be done now."""
    waited = seen.seconds - stage.since
    match stage.phase:
        case "watch" if at.finding and stands(seen.diagnosis, at.finding):
            return _enter("read", seen), ("freeze",)
        case "watch" if seen.ended or waited >= (WATCH if at.finding else HEAL):
            return _enter("look", seen), ()
        case "read" if waited >= READ:
            return _enter("heal", seen), ("cure",) if at.settings else ("cure", "go on")
        case "heal" if seen.ended or waited >= HEAL or _healed(seen, at, waited):
            return _enter("look", seen), ()
        case "look" if waited >= LOOK:
            return _enter("over", seen), ("leave",)
    if stage.phase in ("watch", "heal") and seen.seconds - stage.viewed >= TURN_VIEW:
        return replace(stage, viewed=seen.seconds), ("next view",)
    return stage, ()


def caption(stage: Stage, at: Plan, diagnosis: Diagnosis | None) -> str:
    """What is to be seen, in a sentence or two."""
    match stage.phase:
        case "watch":
            return at.summary
        case "read":
            told = next((one.headline for one in diagnosis.standing if one.mode == at.finding), "") if diagnosis else ""
            return f"The diagnosis: {_words(at.finding)}. {told}"
        case "heal" if at.settings:
            return f"Begun again with {_listed(at.settings)}."
        case "heal":
            return f"Turned while it trains: {_listed(at.turns)}."
    if not at.finding:
        return f"{at.summary}. Nothing is wrong here."
    healthy = diagnosis is not None and diagnosis.verdict in HEALTHY
    return f"It was {_words(at.finding)}; now the run is {'healthy' if healthy else 'on its way'}."


def _healed(seen: Seen, at: Plan, waited: float) -> bool:
    """Whether the cure has worked, and could be watched working."""
    healthy = seen.diagnosis is not None and seen.diagnosis.verdict in HEALTHY
    return waited >= 2 * TURN_VIEW and healthy and not stands(seen.diagnosis, at.finding)


def _enter(phase: Phase, seen: Seen) -> Stage:
    return Stage(phase, seen.seconds, seen.seconds)


def _listed(changes: tuple[tuple[str, KnobValue], ...]) -> str:
    return ", ".join(f"{key.rpartition('.')[2].replace('_', ' ')} {value}" for key, value in changes)


def _words(mode: str) -> str:
    return mode.replace("-", " ")

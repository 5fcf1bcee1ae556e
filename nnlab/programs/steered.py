"""What was done in a recorded run: the scenario as it was trained, and everything that was turned and said since."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nnlab.errors import UserError
from nnlab.runs.journal import Recordable
from nnlab.runs.reader import RunFile
from nnlab.scenario.load import load_recorded
from nnlab.scenario.scenario import Scenario
from nnlab.wire.events import KnobTurned, Marked, StateChanged
from nnlab.wire.values import KnobValue, RunInfo


@dataclass(frozen=True, slots=True)
class Turn:
    """A knob turned before step `step`. `source`: user, script, remedy, guard, or phase (of the data)."""

    step: int
    knob: str
    value: KnobValue
    source: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding when it was first seen, at `step`."""

    step: int
    mode: str
    headline: str
    cleared_step: int | None


@dataclass(frozen=True, slots=True)
class Steered:
    """A line of a run. `turns` in the order in which they took hold; `notes` are (step, text)."""

    path: Path
    info: RunInfo
    scenario: Scenario
    """With the seed that was trained with."""
    steps: int
    """Steps done."""
    turns: tuple[Turn, ...]
    notes: tuple[tuple[int, str], ...]
    findings: tuple[Found, ...]
    guarded: tuple[int, ...]
    """Steps at which a guard stepped in."""
    outlived: tuple[int, ...]
    """Steps at which early stopping ended the run, and it went on all the same."""


def steered(run: RunFile, branch: int | None = None) -> Steered:
    """What was done on the line of a branch (the current one) of a run.

    Raises UserError where its scenario is not one of this version.
    """
    info = run.info
    if not info.scenario_toml.strip():
        raise UserError(f"{run.path} does not say what was trained: it holds no scenario")
    base_dir = Path(info.base_dir) if info.base_dir else run.path.parent
    scenario = load_recorded(info.scenario_toml, f"the scenario in {run.path}", base_dir, info.seed).scenario
    happened = run.events(branch=branch)
    marks = [event for event in happened if isinstance(event, Marked)]
    states = [event for event in happened if isinstance(event, StateChanged)]
    return Steered(
        path=run.path,
        info=info,
        scenario=scenario,
        steps=run.done(branch),
        turns=tuple(_turns(happened)),
        notes=tuple((mark.step, mark.text) for mark in marks if mark.kind == "note"),
        findings=tuple(findings(marks)),
        guarded=tuple(mark.step for mark in marks if mark.kind == "guard"),
        outlived=tuple(
            state.step
            for number, state in enumerate(states)
            if state.reason.startswith("early stopping") and any(later.state == "running" for later in states[number:])
        ),
    )


def findings(marks: list[Marked]) -> Iterator[Found]:
    """Every finding once, with the step at which it cleared, by the step at which it was seen."""
    found: dict[tuple[str, int], Found] = {}
    for mark in marks:
        if mark.kind != "finding":
            continue
        try:
            told = json.loads(mark.text)
            one = Found(told["detected_step"], told["mode"], told["headline"], told["cleared_step"])
        except (ValueError, KeyError, TypeError):
            one = Found(mark.step, "finding", mark.text, None)
        found[one.mode, one.step] = one
    yield from sorted(found.values(), key=lambda one: one.step)


def _turns(happened: list[Recordable]) -> Iterator[Turn]:
    """The turns of knobs; those that follow a phase of the data at once are the phase's own."""
    phase = -1
    for event in happened:
        if isinstance(event, KnobTurned):
            turn = Turn(event.step, event.knob, event.new, event.source)
            yield replace(turn, source="phase") if (phase, "script") == (event.step, event.source) else turn
        phase = event.step if _opens(event) or (isinstance(event, KnobTurned) and phase == event.step) else -1


def _opens(event: Recordable) -> bool:
    return isinstance(event, Marked) and event.kind == "phase"

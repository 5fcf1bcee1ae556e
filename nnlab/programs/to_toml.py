"""A steered run as a scenario: what was trained, and a `[[script]]` with everything that was turned on the way.

Running it gives the recorded scalars again, to the last bit where device and versions are the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from nnlab import __version__
from nnlab.programs.steered import Found, Steered, Turn
from nnlab.scenario.data import DataPart, MsMarco, Table, Tasks
from nnlab.scenario.dump import array_element, dump
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import Expect
from nnlab.scenario.training import Guard

BY = {
    "user": "by hand",
    "remedy": "a remedy of the diagnosis",
    "guard": "the guard",
    "script": "the scenario's script",
    "phase": "comes with the data's phase",
}
"""Who turned a knob, in words."""


def to_toml(run: Steered) -> str:
    """The text of the scenario file."""
    base, remarks = _base(run)
    script = "".join(_script(run, base.train.steps or run.info.planned_steps))
    return "".join(f"# {line}".rstrip() + "\n" for line in (*_header(run), *remarks)) + "\n" + dump(base) + script


def _header(run: Steered) -> Iterator[str]:
    info = run.info
    versions = ", ".join(f"{name} {version}" for name, version in info.versions.items())
    yield f"A steered run as a scenario, written by `nnlab export --to toml` (nnlab {__version__})."
    yield f"Recorded in {run.path.name}: {info.scenario}, seed {info.seed}, on {info.device} ({versions})."
    yield f"Its line has {run.steps} of {info.planned_steps} planned steps. With the same device and versions,"
    yield "`nnlab run` on this file gives the recorded scalars again, to the last bit."
    yield "[expect] and [lesson] are left out: they are about the run as it was planned."


def _base(run: Steered) -> tuple[Scenario, list[str]]:
    """The scenario without its script, and what else had to change, in sentences."""
    scenario, remarks = run.scenario, []
    changes: dict[str, Any] = {"script": (), "expect": Expect(), "lesson": None}
    train = scenario.train
    if any(turn.source == "guard" for turn in run.turns) or any(step < run.steps for step in run.guarded):
        changes["guard"] = Guard()
        remarks.append("[guard] is left out: it stepped in, and what it turned is scripted.")
    if run.outlived:
        train = train.model_copy(update={"early_stopping": None})
        remarks.append(f"Early stopping is left out: the run went on after step {_steps(run.outlived)}.")
    data, moved = _found_from_anywhere(scenario.data, run.info.base_dir)
    if isinstance(data, Table | MsMarco):
        remarks.append(
            "Paths of the data are absolute: this file works anywhere on this machine; elsewhere, copy the data along."
            if moved
            else "Copy the data along: the run file does not say where they lay, and paths start at this file's folder."
        )
    if run.steps > run.info.planned_steps:
        beyond = _beyond(run)
        train = train.model_copy(update=beyond.train)
        data = data.model_copy(update=beyond.data)
        changes["schedule"] = scenario.schedule.model_copy(update=beyond.schedule)
        remarks.append(
            f"The run went on past its plan of {run.info.planned_steps} steps, so the plan is longer here and some"
        )
        remarks.append("readings are taken at other steps; the training itself, train/loss and grad/norm are the same.")
    return scenario.model_copy(update=changes | {"train": train, "data": data}), remarks


@dataclass(frozen=True, slots=True)
class _Pinned:
    """Keys of the tables that must be given where a longer plan would change what they come to."""

    train: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    schedule: dict[str, Any] = field(default_factory=dict)


def _beyond(run: Steered) -> _Pinned:
    info, schedule, data = run.info, run.scenario.schedule, run.scenario.data
    pinned = _Pinned({"steps": run.steps, "epochs": None, "eval_every": info.eval_every})
    if schedule.kind in {"cosine", "one_cycle"}:
        pinned.schedule["total_steps"] = schedule.total_steps or info.planned_steps
    if schedule.kind == "warmup" and schedule.warmup_steps == 0:
        pinned.schedule["warmup_steps"] = max(1, info.planned_steps // 10)
    if isinstance(data, Tasks) and data.steps_per_task is None:
        pinned.data["steps_per_task"] = -(-info.planned_steps // data.count)
    return pinned


def _found_from_anywhere(data: DataPart, base_dir: str) -> tuple[DataPart, bool]:
    """The data with absolute paths, and whether there were any to make so."""
    if not base_dir or not isinstance(data, Table | MsMarco):
        return data, False
    changes: dict[str, Any] = {"path": str(Path(base_dir) / data.path)}
    if isinstance(data, Table) and data.val_path is not None:
        changes["val_path"] = str(Path(base_dir) / data.val_path)
    phases = []
    for phase in data.phases:
        extra = phase.model_extra or {}
        paths: dict[str, Any] = {
            key: str(Path(base_dir) / str(extra[key])) for key in ("path", "val_path") if key in extra
        }
        phases.append(phase.model_copy(update=paths))
    return data.model_copy(update=changes | {"phases": tuple(phases)}), True


def _script(run: Steered, planned: int) -> Iterator[str]:
    """Findings, turns and notes in step order; turns at one step keep their order, which may matter."""
    pieces = [
        *((found.step, 0, _finding(found)) for found in run.findings),
        *(
            (step, 1, _turned(step, source, list(turns), planned))
            for (step, source), turns in groupby(run.turns, key=lambda turn: (turn.step, turn.source))
        ),
        *((step, 2, _note(step, text, planned)) for step, text in run.notes),
    ]
    for _, _, text in sorted(pieces, key=lambda piece: piece[:2]):
        yield "\n" + text


def _finding(found: Found) -> str:
    cleared = "" if found.cleared_step is None else f" (cleared at step {found.cleared_step})"
    return f"# step {found.step}: {found.mode}{cleared}: {_one_line(found.headline)}\n"


def _note(step: int, text: str, planned: int) -> str:
    if step >= planned:
        return f"# step {step}: note: {_one_line(text)}\n"
    return array_element("script", {"at": step, "action": "note", "text": text})


def _turned(step: int, source: str, turns: list[Turn], planned: int) -> str:
    """Entries under a comment that says who; a comment altogether where no step is left to do them before."""
    text = "\n".join(array_element("script", {"at": step, "set": table}) for table in _together(turns))
    who = f"# {BY.get(source, source)}"
    return f"{who}\n{text}" if step < planned else f"{who}, after the last step\n{_commented(text)}"


def _together(turns: list[Turn]) -> Iterator[dict[str, Any]]:
    """Turns in as few tables as keep their order: a knob that is turned again begins a new one."""
    table: dict[str, Any] = {}
    for turn in turns:
        if turn.knob in table:
            yield table
            table = {}
        table[turn.knob] = turn.value
    yield table


def _steps(steps: tuple[int, ...]) -> str:
    return ", ".join(map(str, steps))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _commented(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())

"""The three plots of the lab: which series they draw for a run, and the lines and marks as they stand."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.ui.charts.axes import Scale
from nnlab.ui.charts.lines import Line, Mark
from nnlab.ui.charts.sight import Window, followed
from nnlab.ui.views.branches import behind
from nnlab.ui.views.ghost import Ghost, haunting
from nnlab.ui.views.held import turned
from nnlab.wire.values import RunInfo

MARK_KINDS = ("phase", "drift", "generation", "note", "guard", "snapshot")
"""Marks of the engine that the plots show; turns and findings come from history and diagnosis themselves."""


SAID = {"drift": "drift begins", "generation": ""}
"""What a mark is labelled with where its text is long; the journal has the text."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What a plot draws: title, unit, scale, (series, label, role) of its lines, and (fact, label) of its guides."""

    title: str
    lines: tuple[tuple[str, str, str], ...]
    unit: str = ""
    scale: Scale = "linear"
    guides: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PlotView:
    """Lines, marks, guides, planned steps, steps done, the steps to show and the one looked at, for a line chart."""

    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    guides: tuple[tuple[float, str], ...] = ()
    planned: int = 0
    step: int = 0
    window: Window | None = None
    cursor: int | None = None


FIRST_STRETCHES, LAST_STRETCHES = 4, 2
"""Stretches of the data that one plot tells apart: as many as there are colours for lines."""

BRIEF = {
    "validation": "val",
    "all parameters": "all",
    "KS distance": "KS",
    "accuracy": "acc",
    "positive": "pos",
    "negative": "neg",
    "‖W − W₀‖ / ‖W₀‖": "‖ΔW‖",
}
"""Labels where there is no room for the whole word."""

LOSS = Plot(
    "loss",
    (("train/loss", "train", "train"), ("val/loss", "validation", "val")),
    scale="auto",
    guides=(("constant_loss", "a constant guess"),),
)
GRADIENT = Plot("gradient norm", (("grad/norm", "all parameters", "s1"),), scale="log")

DRIFT = Plot("drift", (("drift/ks", "KS distance", "s1"), ("val/accuracy", "accuracy", "val")))
SAMPLES = Plot(
    "samples",
    (("samples/variance", "variance", "s1"), ("samples/tail_mass", "tails", "s2")),
)
ACCURACY = Plot(
    "accuracy",
    (("train/probe_accuracy", "train", "train"), ("val/accuracy", "validation", "val")),
    guides=(("majority_share", "the largest class"),),
)

THIRD = (
    Plot("similarity", (("sim/positive", "positive", "good"), ("sim/negative", "negative", "bad"))),
    DRIFT,
    SAMPLES,
    ACCURACY,
    Plot("R²", (("val/r2", "validation", "val"),)),
    Plot("distance from start", (("weight/distance", "‖W − W₀‖ / ‖W₀‖", "s2"),)),
)
"""From the most telling to the most general; the first whose leading series the run records is drawn."""


def third_plot(info: RunInfo) -> Plot:
    """The plot beside loss and gradient that fits what this run measures."""
    if info.facts.get("data.kind") == "stream":
        return DRIFT  # its statistic is measured, and announced, only once a first window is full
    recorded = {spec.name for spec in info.series}
    stretches = stretches_plot(recorded)
    if stretches:
        return stretches
    for plot in THIRD:
        if plot.lines[0][0] in recorded:
            return plot
    return THIRD[-1]


def stretches_plot(recorded: set[str]) -> Plot | None:
    """Accuracy on each task or phase of the data; on the first and the last ones where they are too many to tell."""
    for chapter in ("task", "phase"):
        count = sum(name.startswith(f"{chapter}/") and name.endswith("/accuracy") for name in recorded)
        if count > 1:
            shown = sorted({*range(min(count, FIRST_STRETCHES)), *range(max(0, count - LAST_STRETCHES), count)})
            lines = (
                (f"{chapter}/{index}/accuracy", f"{chapter} {index}", f"s{n + 1}") for n, index in enumerate(shown)
            )
            return Plot(f"accuracy by {chapter}", tuple(lines))
    return None


def plot_view(
    plot: Plot,
    history: History,
    marks: tuple[Mark, ...],
    window: Window | None = None,
    cursor: int | None = None,
    drawn: frozenset[int] = frozenset(),
    ghost: Ghost | None = None,
) -> PlotView:
    """The lines of a plot over a window of steps (None: all), with their values at the cursor or else the newest.

    Behind them the lines of the branches in `drawn`, and how they would have gone on without the last turn.
    """
    shown = followed(window, history.step)
    lines = tuple(line for spec in plot.lines if (line := _line(history, *spec, shown, cursor)))
    named = {label: name for name, label, _ in plot.lines}
    ghosts = itertools.chain.from_iterable(haunting(ghost, named[line.label], line) for line in lines)
    others: Iterator[Line] = iter(())
    if drawn and _elsewhere(history):
        others = itertools.chain.from_iterable(behind(history, drawn, named[line.label], line) for line in lines)
    lines = (*lines, *ghosts, *others)
    facts = ((history.info.facts.get(fact), label) for fact, label in plot.guides)
    guides = tuple((float(value), label) for value, label in facts if isinstance(value, float | int))
    return PlotView(lines, marks, guides, history.info.planned_steps, history.step, shown, cursor)


def marks(history: History, diagnosis: Diagnosis | None) -> tuple[Mark, ...]:
    """Knob turns, findings, drift, phases and notes of the run in the order of their steps."""
    found = [Mark(turn.step, "knob", turned(turn, "→")) for turn in history.turns]
    found += [
        Mark(mark.step, mark.kind, SAID.get(mark.kind, mark.text)) for mark in history.marks if mark.kind in MARK_KINDS
    ]
    for finding in diagnosis.ever if diagnosis else ():
        if finding.problem:
            found.append(Mark(finding.since_step, "finding", finding.mode.replace("-", " ")))
    return tuple(sorted(found, key=lambda mark: mark.step))


def _elsewhere(history: History) -> bool:
    """Whether the run has been anywhere but on its line up to now."""
    told = history.line(history.branch)
    return len(history.branches) > 1 or (told is not None and told.step > history.step)


def _line(history: History, name: str, label: str, role: str, shown: Window | None, cursor: int | None) -> Line | None:
    series = history.get(name)
    if series is None:
        return None
    steps, low, high, mean = series.overview() if shown is None else series.between(shown.first, shown.last)
    return Line(
        label,
        steps,
        low,
        high,
        mean,
        role,
        nonfinite=series.nonfinite()[0],
        value=series.last if cursor is None else series.at(cursor),
        brief=BRIEF.get(label, ""),
    )

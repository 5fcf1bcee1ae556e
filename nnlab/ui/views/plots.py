"""The three plots of the lab: which series they draw for a run, and the lines and marks as they stand."""

from dataclasses import dataclass

from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.ui.charts.lines import Line, Mark
from nnlab.wire.values import RunInfo

MARK_KINDS = ("phase", "drift", "note", "guard", "snapshot")
"""Marks of the engine that the plots show; turns and findings come from history and diagnosis themselves."""


SAID = {"drift": "drift begins"}
"""What a mark is labelled with where its text is long; the journal has the text."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What a plot draws: its title, unit, scale, and (series, label, role) of its lines."""

    title: str
    lines: tuple[tuple[str, str, str], ...]
    unit: str = ""
    log_y: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PlotView:
    """Lines, marks, planned steps and steps done, as a line chart takes them."""

    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    planned: int = 0
    step: int = 0


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

LOSS = Plot("loss", (("train/loss", "train", "train"), ("val/loss", "validation", "val")))
GRADIENT = Plot("gradient norm", (("grad/norm", "all parameters", "s1"),), log_y=True)

DRIFT = Plot("drift", (("drift/ks", "KS distance", "s1"), ("val/accuracy", "accuracy", "val")))
ACCURACY = Plot("accuracy", (("train/probe_accuracy", "train", "train"), ("val/accuracy", "validation", "val")))

THIRD = (
    Plot("similarity", (("sim/positive", "positive", "good"), ("sim/negative", "negative", "bad"))),
    DRIFT,
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


def plot_view(plot: Plot, history: History, marks: tuple[Mark, ...]) -> PlotView:
    """The lines of a plot from the history's bounded overview."""
    lines = tuple(line for name, label, role in plot.lines if (line := _line(history, name, label, role)))
    return PlotView(lines, marks, history.info.planned_steps, history.step)


def marks(history: History, diagnosis: Diagnosis | None) -> tuple[Mark, ...]:
    """Knob turns, findings, drift, phases and notes of the run in the order of their steps."""
    found = [Mark(turn.step, "knob", turn.knob) for turn in history.turns]
    found += [
        Mark(mark.step, mark.kind, SAID.get(mark.kind, mark.text)) for mark in history.marks if mark.kind in MARK_KINDS
    ]
    for finding in diagnosis.ever if diagnosis else ():
        if finding.problem:
            found.append(Mark(finding.since_step, "finding", finding.mode.replace("-", " ")))
    return tuple(sorted(found, key=lambda mark: mark.step))


def _line(history: History, name: str, label: str, role: str) -> Line | None:
    series = history.get(name)
    if series is None:
        return None
    steps, low, high, mean = series.overview()
    return Line(
        label,
        steps,
        low,
        high,
        mean,
        role,
        nonfinite=series.nonfinite()[0],
        last=series.last,
        brief=BRIEF.get(label, ""),
    )

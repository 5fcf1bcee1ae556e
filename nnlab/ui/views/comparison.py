"""Runs, or branches of one, side by side: their curves over each other, and tables with a column for each."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nnlab.programs import side_by_side
from nnlab.programs.compare import CURVES, Comparison, Side, compare
from nnlab.programs.side_by_side import Table
from nnlab.runs.reader import Points, RunFile
from nnlab.telemetry.series import Series
from nnlab.ui.charts.lines import Line, Texture
from nnlab.ui.charts.sight import Window
from nnlab.ui.views.runs import moment

LETTERS = "ABCDEF"
"""What the runs are called in plots and tables."""

LOOKS: tuple[tuple[str, Texture], ...] = (
    ("s1", "solid"),
    ("s2", "dashed"),
    ("s3", "dotted"),
    ("s4", "dash-dotted"),
    ("s5", "sparse"),
)
"""Colour and texture of each run's curves."""

MOST = len(LOOKS)
"""Runs that can be told apart in one picture."""

BEFORE = 0.2
"""Of the steps after a parting, the share that is shown before it."""

TITLES = {"train/loss": "training loss", "val/loss": "validation loss"}


@dataclass(frozen=True, slots=True)
class Column:
    """One of the runs: its letter and its look in the plots, and what it is."""

    letter: str
    role: str
    texture: Texture
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A series of all of them over each other; `steps` is how far the longest goes."""

    title: str
    lines: tuple[Line, ...]
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class CompareView:
    """Curves, sentences and tables; the cells of a row are in the order of the columns.

    `parting` are the steps around and after the first at which any two differ; None where that is all of them, or none.
    """

    columns: tuple[Column, ...]
    plots: tuple[Drawn, ...]
    partings: tuple[str, ...]
    tables: tuple[Table, ...]
    parting: Window | None = None


def of_files(paths: Sequence[Path]) -> CompareView:
    """The current lines of run files, the first one being what the others are held against. Raises UserError."""
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(RunFile(path)) for path in paths]
        found = compare([Side(file) for file in files])
    now = datetime.now().astimezone()
    names = [f"{file.info.scenario}, seed {file.info.seed}, {moment(file.path.stat().st_mtime, now)}" for file in files]
    return _view(found, names)


def of_branches(path: Path, branches: Sequence[tuple[int, str, str]]) -> CompareView:
    """Lines of one run file by number, name and verdict, where the file need not have it yet. Raises UserError."""
    with RunFile(path) as file:
        found = compare([Side(file, number) for number, _, _ in branches])
    verdicts = (verdict or known for (_, _, verdict), known in zip(branches, found.verdicts, strict=True))
    return _view(replace(found, verdicts=tuple(verdicts)), [name for _, name, _ in branches])


def curves(path: Path) -> tuple[Line, ...]:
    """Training and validation loss of the current line of a run. Raises UserError."""
    with RunFile(path) as file:
        told = (("train/loss", "train", "train"), ("val/loss", "validation", "val"))
        lines = (line(file.series(name), label, role) for name, label, role in told)
        return tuple(one for one in lines if one is not None)


def line(points: Points, label: str, role: str, texture: Texture | None = None) -> Line | None:
    """A recorded series as a line in a plot, in so many buckets as the lab draws; None if it has no points."""
    if not len(points.steps):
        return None
    series = Series(label)
    series.extend(points.steps, points.values)
    return Line(
        label, *series.overview(), role, nonfinite=series.nonfinite()[0], value=series.last, brief="", texture=texture
    )


def _view(found: Comparison, names: Sequence[str]) -> CompareView:
    columns = tuple(
        Column(letter, role, texture, name)
        for letter, (role, texture), name in zip(LETTERS[: len(names)], LOOKS, names, strict=False)
    )
    tables = (side_by_side.runs, side_by_side.settings, side_by_side.metrics, side_by_side.findings)
    return CompareView(
        columns,
        tuple(_drawn(found, name, columns) for name in CURVES),
        side_by_side.partings(found, [column.letter for column in columns]),
        tuple(table(found) for table in tables),
        _parting(found),
    )


def _parting(found: Comparison) -> Window | None:
    first, last = min(one.step for one in found.divergences), max(found.steps)
    begin = first - round(BEFORE * (last - first))
    return Window(begin, last) if 0 < begin < last else None


def _drawn(found: Comparison, name: str, columns: tuple[Column, ...]) -> Drawn:
    lines = (
        line(points, column.letter, column.role, column.texture)
        for points, column in zip(found.curves[name], columns, strict=True)
    )
    return Drawn(TITLES[name], tuple(one for one in lines if one is not None), max(found.steps))

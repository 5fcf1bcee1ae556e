"""A recorded run behind the lines of the one that goes on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from nnlab.runs import tags
from nnlab.runs.reader import RunFile
from nnlab.ui.charts.lines import Line, as_branch
from nnlab.ui.views.comparison import line
from nnlab.ui.views.plots import Plot, PlotView
from nnlab.ui.views.runs import moment


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A recorded run to be drawn: what it is called beside its lines, and those of its series that plots show."""

    path: Path
    name: str
    lines: Mapping[str, Line]


def overlay(path: Path, plots: Iterable[Plot], taken: Collection[str] = ()) -> Overlay:
    """The current line of a run file, as far as these plots show it, under a name that is not taken.

    The name is its first tag, or else when it was. Raises UserError.
    """
    names = dict.fromkeys(name for plot in plots for name, _, _ in plot.lines)
    with RunFile(path) as file:
        told = {name: line(file.series(name), name, "muted") for name in names}
        when = moment(path.stat().st_mtime, datetime.now().astimezone())
    marked = tags.known(path.parent).get(path.name, ())
    name = marked[0] if marked else when
    free = next(tried for number in count(1) if (tried := name if number == 1 else f"{name} {number}") not in taken)
    return Overlay(path, free, {name: one for name, one in told.items() if one is not None})


def with_overlays(view: PlotView, plot: Plot, overlays: Iterable[Overlay]) -> PlotView:
    """The plot with faint lines of recorded runs behind its own, each labelled with the run and the line."""
    roles = {name: (label, role) for name, label, role in plot.lines}
    behind = [
        replace(as_branch(one, f"{over.name}: {label}", number), role=role, value=None, brief=over.name, faint=True)
        for number, over in enumerate(overlays)
        for name, (label, role) in roles.items()
        if (one := over.lines.get(name)) is not None
    ]
    return replace(view, lines=(*view.lines, *behind)) if behind else view

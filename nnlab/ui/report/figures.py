"""The plots of a report: those of the lab, the learning rate, and what the findings rest on."""

from collections.abc import Iterator, Sequence

from nnlab.diagnosis.finding import Finding
from nnlab.telemetry.history import History
from nnlab.ui.report.told import Figure
from nnlab.ui.session import Session
from nnlab.ui.views.branches import drawn_by_default
from nnlab.ui.views.ghost import ghost
from nnlab.ui.views.plots import GRADIENT, LOSS, Plot, marks, plot_view, third_plot

RATE = Plot("learning rate", (("lr", "effective", "s2"),), scale="auto")

MOST = 8
"""Plots in a report, at most."""


def figures(session: Session, history: History, findings: Sequence[Finding]) -> tuple[Figure, ...]:
    """Those that have something to show, over all steps, with the branch that the run came from behind."""
    told, drawn = marks(history, session.diagnosis), drawn_by_default(session)
    usual = [LOSS, GRADIENT, third_plot(history.info), *([RATE] if _moves(history) else [])]
    shown_ghost = ghost(history, session.twins.present)
    known = {name for plot in usual for name, _, _ in plot.lines}
    shown: list[Figure] = []
    for plot in [*usual, *_evidence(history, findings, known)]:
        view = plot_view(plot, history, told, drawn=drawn, ghost=shown_ghost)
        if view.lines and len(shown) < MOST:
            shown.append(Figure(plot.title, plot.scale, view))
    return tuple(shown)


def _moves(history: History) -> bool:
    """Whether the learning rate was ever another one."""
    rate = history.get("lr")
    return rate is not None and bool((rate.values != rate.values[0]).any())


def _evidence(history: History, findings: Sequence[Finding], known: set[str]) -> Iterator[Plot]:
    """A plot for each measured reason that no other plot shows."""
    labels = {spec.name: spec.label for spec in history.info.series}
    for item in (evidence for finding in findings for evidence in finding.evidence):
        name = f"layer/{item.layer}/{item.series}" if item.layer and "/" not in item.series else item.series
        if name not in known and history.get(name) is not None:
            known.add(name)
            yield Plot(labels.get(name) or name, ((name, name, "s3"),), scale="auto")

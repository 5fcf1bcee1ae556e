"""What `nnlab compare` prints."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nnlab import __version__
from nnlab.cli.report import plain as plain_numbers
from nnlab.cli.table import columns
from nnlab.programs import side_by_side
from nnlab.programs.compare import Comparison
from nnlab.programs.side_by_side import Table
from nnlab.runs.reader import Points

BUCKETS = 300
"""Points of a curve in the picture, at most: its width in dots is not much more."""
LONGEST = 40
"""Characters of a cell."""


def plain(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON can hold it; the curves are in the run files."""
    record = asdict(comparison)
    del record["curves"]
    found: dict[str, Any] = {"nnlab": __version__} | plain_numbers(record)
    return found


def text(comparison: Comparison) -> str:
    """Everything but the picture."""
    names = _names(comparison)
    parts = [
        _told(side_by_side.runs(comparison), names),
        _told(side_by_side.settings(comparison), names),
        "".join(f"{line}\n" for line in side_by_side.partings(comparison, names)),
        _told(side_by_side.metrics(comparison), names),
        _told(side_by_side.findings(comparison), names),
    ]
    return "\n".join(parts)


def picture(comparison: Comparison) -> str:
    """The losses as curves; "" where standard output is no terminal."""
    from nnlab.cli.experiment import drawn
    from nnlab.wire.telling import Curve, Picture

    named = zip(_names(comparison), comparison.curves["train/loss"], strict=True)
    found = drawn(Picture("train/loss", "step", tuple(Curve(name, *_thinned(points)) for name, points in named)))
    return f"\n{found}" if found else ""


def _names(comparison: Comparison) -> tuple[str, ...]:
    """The files' names without folder and suffix where these tell them apart, else as given."""
    stems = tuple(Path(file).stem for file in comparison.files)
    return stems if len(set(stems)) == len(stems) else comparison.files


def _told(table: Table, names: tuple[str, ...]) -> str:
    rows = [tuple(map(_cell, row)) for row in table.rows]
    return (columns((table.title, *names), rows) if rows or not table.none else table.none) + "\n"


def _cell(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _thinned(points: Points) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Means of neighbouring points."""
    size = -(-len(points.steps) // BUCKETS) or 1
    edges = np.arange(0, len(points.steps), size)
    if not len(edges):
        return (), ()
    counts = np.diff(np.append(edges, len(points.steps)))
    with np.errstate(invalid="ignore", over="ignore"):
        means = [np.add.reduceat(column.astype(float), edges) / counts for column in points]
    return tuple(means[0].tolist()), tuple(means[1].tolist())

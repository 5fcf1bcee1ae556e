"""What `nnlab compare` prints."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from nnlab import __version__
from nnlab.cli.report import plain as plain_numbers
from nnlab.cli.table import columns
from nnlab.programs.compare import Comparison, Divergence
from nnlab.programs.steered import Found
from nnlab.runs.reader import Points

FIRST = ("train/loss", "grad/norm", "train/accuracy", "val/loss", "val/accuracy", "val/r2", "val/recall@1", "lr")
"""Metrics that are printed; `--json` has all."""
BUCKETS = 300
"""Points of a curve in the picture, at most: its width in dots is not much more."""
LONGEST = 40
"""Characters of a cell."""


def plain(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON can hold it; the losses are in the run files."""
    record = asdict(comparison)
    del record["losses"]
    found: dict[str, Any] = {"nnlab": __version__} | plain_numbers(record)
    return found


def text(comparison: Comparison) -> str:
    """Everything but the picture."""
    names = _names(comparison)
    parts = [_table(("", *names), _runs(comparison))]
    different = [(one.what, *map(_cell, one.values)) for one in comparison.differences]
    parts.append(_table(("set differently", *names), different) if different else "Set differently: nothing.\n")
    parts.append("".join(f"{line}\n" for line in _parting(comparison, names)))
    metrics = [(name, *map(_number, comparison.metrics[name])) for name in FIRST if name in comparison.metrics]
    parts.append(_table(("last value", *names), metrics))
    findings = list(zip_longest(*([_found(one) for one in found] for found in comparison.findings), fillvalue=""))
    parts.append(_table(("findings", *names), [("", *row) for row in findings]) if findings else "Findings: none.\n")
    return "\n".join(parts)


def picture(comparison: Comparison) -> str:
    """The losses as curves; "" where standard output is no terminal."""
    from nnlab.cli.experiment import drawn
    from nnlab.wire.telling import Curve, Picture

    named = zip(_names(comparison), comparison.losses, strict=True)
    found = drawn(Picture("train/loss", "step", tuple(Curve(name, *_thinned(points)) for name, points in named)))
    return f"\n{found}" if found else ""


def _names(comparison: Comparison) -> tuple[str, ...]:
    """The files' names without folder and suffix where these tell them apart, else as given."""
    stems = tuple(Path(file).stem for file in comparison.files)
    return stems if len(set(stems)) == len(stems) else comparison.files


def _runs(comparison: Comparison) -> list[tuple[str, ...]]:
    return [
        ("scenario", *comparison.scenarios),
        ("steps", *map(str, comparison.steps)),
        ("verdict", *(verdict or "-" for verdict in comparison.verdicts)),
    ]


def _parting(comparison: Comparison, names: tuple[str, ...]) -> Iterator[str]:
    for name, parting in zip(names[1:], comparison.divergences, strict=True):
        yield f"{name} {_parts(parting, names[0])}"


def _parts(parting: Divergence, first: str) -> str:
    if parting.step >= 0:
        was, now = map(_exactly, parting.values)
        return (
            f"parts from {first} at step {parting.step}, in {parting.series}: {now} instead of {was}; "
            f"the {parting.same} common points before are the same to the last bit."
        )
    if not parting.same:
        return f"has no point in common with {first}."
    return f"is the same as {first} to the last bit: {parting.same} common points, {parting.until} common steps."


def _found(one: Found) -> str:
    cleared = "" if one.cleared_step is None else f" to {one.cleared_step}"
    return f"{one.mode} {one.step}{cleared}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return columns(head, rows) + "\n"


def _cell(value: Any) -> str:
    text = "-" if value is None else ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"


def _exactly(value: float) -> str:
    return "NaN" if math.isnan(value) else repr(value)


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

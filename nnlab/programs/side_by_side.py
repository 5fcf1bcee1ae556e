"""A comparison in words: tables with a column for each run, and a sentence for each that parts from the first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from nnlab.programs.compare import Comparison, Divergence
from nnlab.programs.steered import Found

FIRST = ("train/loss", "grad/norm", "train/accuracy", "val/loss", "val/accuracy", "val/r2", "val/recall@1", "lr")
"""Metrics that are told; a comparison has all."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of what is told and a cell for each run; `none` stands for a table without rows."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    none: str = ""


def runs(comparison: Comparison) -> Table:
    """What ran, and how far."""
    return Table(
        "",
        (
            ("scenario", *comparison.scenarios),
            ("steps", *map(str, comparison.steps)),
            ("verdict", *(verdict or "-" for verdict in comparison.verdicts)),
        ),
    )


def settings(comparison: Comparison) -> Table:
    """What is not the same in all."""
    rows = tuple((one.what, *map(_cell, one.values)) for one in comparison.differences)
    return Table("set differently", rows, "Set differently: nothing.")


def metrics(comparison: Comparison) -> Table:
    """Last values."""
    known = (name for name in FIRST if name in comparison.metrics)
    return Table("last value", tuple((name, *map(_number, comparison.metrics[name])) for name in known))


def findings(comparison: Comparison) -> Table:
    """What the diagnosis found in each, in the order in which it did."""
    found = zip_longest(*([_found(one) for one in found] for found in comparison.findings), fillvalue="")
    return Table("findings", tuple(("", *row) for row in found), "Findings: none.")


def partings(comparison: Comparison, names: Sequence[str]) -> tuple[str, ...]:
    """Where each run parts from the first one; `names` are what the runs are called."""
    pairs = zip(names[1:], comparison.divergences, strict=True)
    return tuple(f"{name} {_parts(parting, names[0])}" for name, parting in pairs)


def _parts(parting: Divergence, first: str) -> str:
    if parting.step >= 0:
        was, now = _apart(*parting.values)
        parts = f"parts from {first} at step {parting.step}, in {parting.series}: {now} instead of {was}"
        before = f"; the {parting.same} common points before are the same to the last bit" if parting.same else ""
        return f"{parts}{before}."
    if not parting.same:
        return f"has no point in common with {first}."
    return f"is the same as {first} to the last bit: {parting.same} common points, {parting.until} common steps."


def _found(one: Found) -> str:
    cleared = "" if one.cleared_step is None else f" to {one.cleared_step}"
    return f"{one.mode} {one.step}{cleared}"


def _cell(value: Any) -> str:
    """A setting as a scenario file has it."""
    if isinstance(value, list | tuple):
        return ",".join(map(_cell, value)) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return "-" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"


def _apart(one: float, other: float) -> tuple[str, str]:
    """Two values in as few digits as tell them apart: four, or all where it takes more."""
    said = ("NaN" if math.isnan(one) else f"{one:.4g}", "NaN" if math.isnan(other) else f"{other:.4g}")
    return said if said[0] != said[1] else (repr(one), repr(other))

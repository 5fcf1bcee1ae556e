"""Rows of named values, from a CSV file, JSON lines or Python, as columns over steps.

Rows may be sparse: a row counts for the columns that it has values of. What is not a number matters only if the column
is used later, so it is remembered rather than refused.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from nnlab.imports import numbers
from nnlab.imports.metrics import Gathering, Metrics, MetricsError, Unit, listed

NUMBERED = "#"
"""Given as the steps' column: the rows are numbered from 0."""

STEP_COLUMNS = (
    "global_step", "trainer/global_step", "train/global_step", "step", "steps", "iteration", "iterations", "iter", "it",
    "num_updates", "update", "updates", "_step", "num_steps", "n_iter",
)  # fmt: skip
EPOCH_COLUMNS = ("epoch", "epochs", "train/epoch", "epoch_number", "n_epoch")
"""Names of the column that counts, in lower case, the surest first."""


class Row(NamedTuple):
    """One record; `line` counts from 1 as an editor does."""

    line: int
    cells: Mapping[str, object]


def collect(rows: Sequence[Row], source: str, steps_column: str | None = None) -> Metrics:
    """The columns of these rows. Raises MetricsError where they have no steps."""
    names = list(dict.fromkeys(name for row in rows for name in row.cells))
    column, unit, notes = _counter(rows, names, source, steps_column)
    gathering = Gathering()
    broken: dict[str, str] = {}
    lost = 0
    for index, row in enumerate(rows):
        at = index if column is None else _step(row, column, source)
        if at is None:
            lost += 1
            continue
        for name, cell in row.cells.items():
            if name == column:
                continue
            try:
                value = numbers.number(cell)
            except ValueError as error:
                broken.setdefault(name, f"{source}:{row.line}: {name}: {error}")
                continue
            if value is not None:
                gathering.add(name, at, value)
    if lost:
        notes = (*notes, f"{lost} rows without a {column} are passed over")
    return Metrics(source, gathering.columns(), unit, broken, (*notes, *gathering.notes()))


def _counter(
    rows: Sequence[Row], names: list[str], source: str, asked: str | None
) -> tuple[str | None, Unit, tuple[str, ...]]:
    """The column that counts (None: the rows themselves), what it counts, and notes."""
    if asked == NUMBERED:
        return None, "row", ()
    if asked is not None:
        if asked not in names:
            near = get_close_matches(asked, names, 1)
            hint = f'did you mean "{near[0]}"?' if near else f"its columns are {listed(names)}"
            raise MetricsError(f'{source}: there is no column "{asked}" for the steps; {hint}')
        return asked, "epoch" if asked.lower() in EPOCH_COLUMNS else "step", ()
    steps, epochs = _named(names, STEP_COLUMNS), _named(names, EPOCH_COLUMNS)
    if steps is not None:
        if epochs is not None and _returns(rows, steps) > 1 and not _returns(rows, epochs):
            return None, "row", (f"{steps} begins again in every {epochs}: rows are numbered instead",)
        return steps, "step", ()
    if epochs is not None:
        if any(_fraction(row.cells.get(epochs)) for row in rows):
            return None, "row", (f"{epochs} has fractions: rows are numbered instead",)
        return epochs, "epoch", ()
    raise MetricsError(
        f"{source}: no column counts steps (looked for {', '.join(STEP_COLUMNS[:6])}, epoch and the like; found "
        f"{listed(names)}); name it with --steps-column NAME, or number the rows with --steps-column {NUMBERED}"
    )


def _named(names: list[str], wanted: tuple[str, ...]) -> str | None:
    lowered = {name.strip().lower(): name for name in reversed(names)}
    return next((lowered[name] for name in wanted if name in lowered), None)


def _step(row: Row, column: str, source: str) -> int | None:
    try:
        return numbers.step(row.cells.get(column))
    except ValueError as error:
        raise MetricsError(f"{source}:{row.line}: {column}: {error}") from None


def _returns(rows: Sequence[Row], column: str) -> int:
    """How often the column's value falls."""
    count, before = 0, float("-inf")
    for row in rows:
        try:
            now = numbers.number(row.cells.get(column))
        except ValueError:
            continue
        if now is not None:
            count += now < before
            before = now
    return count


def _fraction(cell: object) -> bool:
    try:
        value = numbers.number(cell)
    except ValueError:
        return False
    return value is not None and value % 1 != 0

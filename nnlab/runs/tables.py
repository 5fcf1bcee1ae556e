"""Every recorded point of a run as CSV or JSON lines, a row for each step at which anything was measured."""

import csv
import io
import json
import math

from nnlab.runs.reader import RunFile


def csv_text(run: RunFile) -> str:
    """Columns `step` and every series; empty cells where nothing was measured."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = run.names()
    writer.writerow(("step", *names))
    writer.writerows((step, *(cells.get(name, "") for name in names)) for step, cells in _rows(run))
    return out.getvalue()


def json_lines(run: RunFile) -> str:
    """An object a row; NaN and infinities as the words of `nnlab run --json`, since JSON has no numbers for them."""
    return "".join(
        json.dumps({"step": step} | {name: _plain(value) for name, value in cells.items()}, allow_nan=False) + "\n"
        for step, cells in _rows(run)
    )


def _rows(run: RunFile) -> list[tuple[int, dict[str, float]]]:
    rows: dict[int, dict[str, float]] = {}
    for name in run.names():
        steps, values = run.series(name)
        for step, value in zip(steps.tolist(), values.tolist(), strict=True):
            rows.setdefault(step, {})[name] = value
    return sorted(rows.items())


def _plain(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"

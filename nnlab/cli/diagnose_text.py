"""The report of `nnlab diagnose`, for people and as plain data."""

import textwrap
from collections.abc import Iterator
from typing import Any

from nnlab import __version__
from nnlab.cli import rivals
from nnlab.cli.report import finding_record, healthy, number, problems
from nnlab.cli.report_text import finding_lines, short
from nnlab.diagnosis.differential import differential
from nnlab.examine import Examination

WIDTH = 100
"""Columns of running text."""
IGNORED = 20
"""Columns that were not used and are named, at most."""


def build(file: str, found: Examination) -> dict[str, Any]:
    """JSON-ready, with the keys of the report of `nnlab run` where they mean the same.

    `unit` is what steps count; `columns` says which column each series was read from; `waiting` has a line for each
    mode that could not be judged.
    """
    history, diagnosis = found.history, found.diagnosis
    metrics = {name: series.last for name in history.names() if (series := history.get(name)) is not None}
    return {
        "nnlab": __version__,
        "file": file,
        "scenario": None if found.columns else found.info.scenario,
        "steps": history.step,
        "unit": found.unit,
        "metrics": {name: number(value) for name, value in metrics.items()},
        "verdict": diagnosis.verdict,
        "findings": [finding_record(finding) for finding in problems(diagnosis)],
        "differential": rivals.record(differential(diagnosis, history)),
        "health": next((finding_record(finding) for finding in healthy(diagnosis)), None),
        "waiting": dict(diagnosis.waiting),
        "columns": found.columns,
        "ignored": list(found.ignored),
        "notes": list(found.notes),
    }


def render(file: str, found: Examination) -> str:
    """Several paragraphs."""
    return "\n".join(_lines(file, found)) + "\n"


def _lines(file: str, found: Examination) -> Iterator[str]:
    history, diagnosis = found.history, found.diagnosis
    of = "" if found.columns else f" of {found.info.planned_steps}"
    scenario = "" if found.columns else f" · {found.info.scenario} · seed {found.info.seed}"
    yield f"{file}{scenario} · {history.step:,}{of} {found.unit}s"
    yield ""
    yield f"Verdict: {diagnosis.verdict}"
    for finding in healthy(diagnosis):
        yield from finding_lines(finding)
    for finding in problems(diagnosis):
        yield ""
        yield from finding_lines(finding)
    yield from rivals.lines(differential(diagnosis, history), "" if found.columns else found.info.scenario)
    if found.columns:
        yield ""
        yield from _columns(found)
    yield from _undecided(diagnosis.waiting)


def _columns(found: Examination) -> Iterator[str]:
    """What the columns were taken for, with their last values."""
    yield "Read as"
    width, wide = max(map(len, found.columns)), max(map(len, found.columns.values()))
    for series, column in found.columns.items():
        recorded = found.history.get(series)
        last = short(recorded.last) if recorded is not None else ""
        yield f"  {series:<{width}}  {column:<{wide}}  {last}".rstrip()
    if found.unit != "step":
        yield f"  · a step is one {found.unit} of the file"
    for note in found.notes:
        yield from _wrapped(note)
    if found.ignored:
        more = ", …" if len(found.ignored) > IGNORED else ""
        yield from _wrapped(f"not used: {', '.join(found.ignored[:IGNORED])}{more}")


def _undecided(waiting: dict[str, str]) -> Iterator[str]:
    """First what could not be decided yet, then what cannot be judged by this file at all."""
    blind = {mode: text for mode, text in waiting.items() if text.startswith("needs ")}
    open_ = {mode: text for mode, text in waiting.items() if mode not in blind}
    for title, lines in (("Too little to decide", open_), ("Not applicable", blind)):
        if lines:
            yield ""
            yield title
            width = max(map(len, lines))
            yield from (f"  {mode:<{width}}  {text}" for mode, text in lines.items())


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  · ", subsequent_indent="    ")

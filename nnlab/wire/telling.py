"""The results of experiments in words and curves, for the commands and the lab alike."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nnlab.wire.experiments import (
    Check,
    Checkup,
    Comparison,
    LrRange,
    OverfitBatch,
    Reexecuted,
    ReplayBatches,
    Result,
    Trial,
)
from nnlab.wire.point import PointAgain

MARKS = {"ok": "ok   ", "wrong": "WRONG", "note": "note ", "skipped": "-    "}


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a picture; abscissae and ordinates are equally long, a gap is NaN."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Curves with a title and the name of the axis."""

    title: str
    axis: str
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """`verdict` in a few words; `right`: nothing is wrong; `cause`: a failure mode, a fault or ""; `details`: lines."""

    verdict: str
    right: bool
    cause: str
    headline: str
    picture: Picture | None
    details: tuple[str, ...]


def told(result: Result) -> Told:
    """What a named test has found."""
    match result:
        case OverfitBatch():
            return _overfit_batch(result)
        case LrRange():
            return _lr_range(result)
        case Comparison():
            return _comparison(result)
        case Checkup():
            return _checkup(result)
        case ReplayBatches():
            return _replay_batches(result)
        case Reexecuted() | PointAgain():
            raise TypeError("a re-execution is no named test")


def check_lines(checks: Sequence[Check]) -> list[str]:
    """One line for each check."""
    return [f"  {MARKS[check.state]} {check.text}" for check in checks]


def _overfit_batch(result: OverfitBatch) -> Told:
    verdict = "does not fit"
    if result.fits:
        verdict = "fits" if result.trials[0].fits else "fits at another rate"
    scale = max(result.constant_loss, 1e-12)
    curves = tuple(
        Curve(
            f"lr {trial.lr:g}" + ("" if trial.rows == result.rows else f", {trial.rows} rows"),
            _steps(trial.losses),
            tuple(_log(loss / scale) for loss in trial.losses),
        )
        for trial in result.trials
    )
    picture = Picture("log10 of the loss over a constant guess's", "step", curves)
    details = (*map(_trial, result.trials), "", *check_lines(result.checks))
    return Told(verdict, not result.cause, result.cause, result.headline, picture, details)


def _trial(trial: Trial) -> str:
    right = "" if math.isnan(trial.accuracy) else f", {trial.accuracy:.0%} right"
    course = f"loss {trial.losses[0]:.4g} → {trial.losses[-1]:.4g} in {len(trial.losses)} steps{right}"
    return f"  lr {trial.lr:g}, {trial.rows} rows: {course}: {'fits' if trial.fits else 'no'}"


def _lr_range(result: LrRange) -> Told:
    curves = tuple(
        Curve(f"sweep {number}", tuple(map(math.log10, sweep.lrs[: len(sweep.smoothed)])), sweep.smoothed)
        for number, sweep in enumerate(result.sweeps, 1)
    )
    details: list[str] = []
    if math.isfinite(result.suggestion):
        details = [
            f"  suggested  {result.suggestion:.2g}   range {result.low:.2g} … {result.high:.2g}",
            f"  own        {result.lr:g}   sweeps differ by a factor of {result.spread:.2g}",
        ]
        details += [
            f"  sweep {number}: steepest {sweep.steepest:.2g}, valley {sweep.valley:.2g}, lowest {sweep.lowest:.2g}, "
            + (f"diverges at {sweep.diverged:.2g}" if math.isfinite(sweep.diverged) else "does not diverge")
            for number, sweep in enumerate(result.sweeps, 1)
        ]
    picture = Picture("smoothed loss", "log10 of the learning rate", curves)
    cause = {"too-low": "lr-too-low", "too-high": "lr-too-high"}.get(result.verdict, "")
    return Told(result.verdict, result.verdict == "inside", cause, result.headline, picture, tuple(details))


def _comparison(result: Comparison) -> Told:
    curves = tuple(Curve(course.label, tuple(map(float, course.steps)), course.losses) for course in result.courses)
    picture = Picture("loss", "step", curves) if curves else None
    details = tuple(check_lines(result.checks))
    return Told(result.verdict, result.right, result.cause, result.headline, picture, details)


def _checkup(result: Checkup) -> Told:
    lines: list[str] = []
    for stage in dict.fromkeys(check.stage for check in result.checks):
        lines += [stage, *check_lines([check for check in result.checks if check.stage == stage])]
    wrong = next((check for check in result.checks if check.state == "wrong"), None)
    verdict = "healthy" if result.healthy else f"stopped at: {result.stopped_at}"
    return Told(verdict, result.healthy, wrong.mode if wrong else "", result.headline, None, tuple(lines))


def _replay_batches(result: ReplayBatches) -> Told:
    head = ("steps", "batches", "loss when trained", f"after {result.steps} steps", "median rise")
    rows = [
        (f"{item.first}–{item.end - 1}", str(item.batches), f"{item.then:.4g}", f"{item.now:.4g}", f"{item.rise:+.4g}")
        for item in result.stretches
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows))
    cause = {"forgotten": "catastrophic-forgetting", "diverged": "nonfinite"}.get(result.verdict, "")
    details = tuple(line.rstrip() for line in lines)
    return Told(result.verdict, result.verdict == "kept", cause, result.headline, None, details)


def _steps(losses: Sequence[float]) -> tuple[float, ...]:
    return tuple(map(float, range(len(losses))))


def _log(value: float) -> float:
    return math.log10(value) if 0.0 < value < math.inf else math.nan

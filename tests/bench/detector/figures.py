"""Scores of many runs as tables: overall against the targets, and per failure mode."""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .score import Score


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and what it should reach; `below` says which side is good."""

    what: str
    value: float
    target: float
    below: bool
    percent: bool = True

    @property
    def reached(self) -> bool:
        """Whether the target is met."""
        return self.value <= self.target if self.below else self.value >= self.target

    def line(self) -> str:
        """One row of the table."""
        shown, wanted = (
            (f"{self.value:7.1%}", f"{self.target:.0%}") if self.percent else (f"{self.value:7.2f}", f"{self.target:g}")
        )
        sign = "≤" if self.below else "≥"
        return f"{self.what:52s}{shown}   {sign} {wanted:5s} {'' if self.reached else 'missed'}".rstrip()


def overall(scores: Sequence[Score]) -> Iterator[Figure]:
    """The figures of all runs whose label came true."""
    kept = [score for score in scores if score.true]
    well = [score for score in kept if score.case.healthy]
    ill = [score for score in kept if not score.case.healthy]
    if well:
        yield Figure(f"false alarms, of {len(well)} healthy runs", _share(score.wrong for score in well), 0.02, True)
        yield Figure("healthy runs called learning or converged", _share(score.hit for score in well), 0.95, False)
    if ill:
        delays = sorted(score.delay for score in ill)
        yield Figure(f"alarmed, of {len(ill)} sick runs", _share(score.alarmed for score in ill), 0.97, False)
        yield Figure("right headline", _share(score.hit for score in ill), 0.90, False)
        yield Figure("first right alarm after onset, median", statistics.median(delays), 0.10, True)
        yield Figure("first right alarm after onset, p90", p90(delays), 0.30, True)
        yield Figure("wrong extra findings per sick run", _mean(len(score.wrong) for score in ill), 0.2, True, False)
    if kept:
        yield Figure("flips of the verdict per run", _mean(score.flips for score in kept), 1.0, True, False)


def per_mode(scores: Sequence[Score]) -> Iterator[str]:
    """A row per mode.

    runs: sick runs whose label names it; recall: share of those with the right headline; precision: share of the runs
    in which the mode was named a problem where label or `accept` allow it; false: false alarms of this mode per
    healthy run; median and p90 of the delay of the first right alarm.
    """
    kept = [score for score in scores if score.true]
    well = [score for score in kept if score.case.healthy]
    modes = sorted({mode for score in kept for mode in (*score.named, *score.case.expect)} - {"learning", "converged"})
    yield f"{'mode':26s}{'runs':>5s}{'recall':>9s}{'precision':>11s}{'false':>8s}{'median':>9s}{'p90':>7s}{'flips':>7s}"
    for mode in modes:
        mine = [score for score in kept if mode in score.case.expect]
        named = [score for score in kept if mode in score.named]
        fine = [mode in score.case.expect | score.case.accept for score in named]
        false = _share(mode in score.wrong for score in well)
        delays = sorted(score.delay for score in mine)
        row = f"{mode:26s}{len(mine):5d}"
        row += f"{_share(score.hit for score in mine):9.0%}" if mine else f"{'':9s}"
        row += f"{_share(fine):11.0%}" if named else f"{'':11s}"
        row += f"{false:8.1%}" if well else f"{'':8s}"
        if mine:
            row += f"{statistics.median(delays):9.0%}{p90(delays):7.0%}"
            row += f"{_mean(score.flips for score in mine):7.1f}"
        yield row.rstrip()


def line(score: Score) -> str:
    """One run in one line."""
    mark = "    " if not score.true else "ok  " if score.hit and not score.wrong else "MISS"
    want = "healthy" if score.case.healthy else "/".join(sorted(score.case.expect))
    label = "" if score.true else "  (label did not come true)"
    named = f" [{' '.join(score.named)}]" if score.named else ""
    return (
        f"{mark} {score.case.name}.{score.seed}  want {want}  got {score.verdict}{named}"
        f"  delay {score.delay:.0%} flips {score.flips}{label}"
    )


def p90(ordered: Sequence[float]) -> float:
    """The smallest of some ordered values that nine tenths do not exceed."""
    return ordered[math.ceil(0.9 * len(ordered)) - 1]


def _share(values: "Iterator[object] | Sequence[object]") -> float:
    found = [bool(value) for value in values]
    return sum(found) / len(found) if found else 0.0


def _mean(values: Iterator[int]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0

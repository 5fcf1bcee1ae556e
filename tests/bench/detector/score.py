"""How right the doctor was about one run."""

from dataclasses import dataclass
from itertools import pairwise

from nnlab.diagnosis.finding import UNDECIDED, Diagnosis, Finding

from .case import Case
from .course import Course

SETTLING = 0.1
"""A finding on a healthy run that has cleared by this share of the budget is no false alarm."""
PROGRESS = (UNDECIDED, "learning", "converged")
"""Verdicts of a run without a problem, in the order in which a run passes through them."""


@dataclass(frozen=True, slots=True)
class Score:
    """`named` are the problems of the run, headline first; `delay` the first right alarm after the onset as a share of
    the budget, 1 where there was none; `wrong` the findings that neither label nor `accept` allow; `flips` see
    `count_flips`. `true` is False where the run did not come to what its label says."""

    case: Case
    seed: int
    verdict: str
    named: tuple[str, ...]
    hit: bool
    alarmed: bool
    delay: float
    wrong: tuple[str, ...]
    flips: int
    true: bool
    final: dict[str, float]


def judge(case: Case, seed: int, course: Course) -> Score:
    """The score of one run, by the rules of the published cases.

    A sick run is a hit where the verdict at the end, or the first of all problems that were named, is expected. On a
    healthy run every problem beyond `accept` is a false alarm that stood after SETTLING; a hit has none and a healthy
    verdict at the end.
    """
    final = course.looks[-1]
    problems = [finding for finding in final.ever if finding.problem]
    fine = case.expect | case.accept
    if case.healthy:
        late = [item for item in problems if _stood(item, SETTLING * course.planned)]
        wrong = tuple(item.mode for item in late if item.mode not in fine)
        hit, alarmed, delay = not wrong and final.verdict in fine, bool(late), 0.0
    else:
        wrong = tuple(item.mode for item in problems if item.mode not in fine)
        right = [item.detected_step for item in problems if item.mode in case.expect]
        hit = bool({final.verdict, *(item.mode for item in problems[:1])} & case.expect)
        alarmed, delay = bool(problems), max(0, min(right) - case.onset) / course.planned if right else 1.0
    named = tuple(item.mode for item in problems)
    flips, true = count_flips(course.looks), _came_true(case, course)
    return Score(case, seed, final.verdict, named, hit, alarmed, delay, wrong, flips, true, course.last)


def count_flips(looks: tuple[Diagnosis, ...]) -> int:
    """Changes of the verdict from one look to the next, but for progress (undecided, learning, converged) and the
    first alarm. An alarm that clears is a flip, and so is one mode after another."""
    flips, alarms = 0, 0
    for before, after in pairwise(look.verdict for look in looks):
        if before == after:
            continue
        if after in PROGRESS and before in PROGRESS and PROGRESS.index(after) > PROGRESS.index(before):
            continue
        first = after not in PROGRESS and not alarms
        alarms += after not in PROGRESS
        flips += not (first and before in PROGRESS)
    return flips


def _stood(finding: Finding, step: float) -> bool:
    return finding.cleared_step is None or finding.cleared_step > step


def _came_true(case: Case, course: Course) -> bool:
    if case.outcome is None:
        return True
    value = course.last.get(case.outcome.series, float("nan"))
    if case.outcome.most < float("inf"):
        return not value > case.outcome.most
    return value >= case.outcome.least

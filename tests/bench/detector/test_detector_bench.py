"""The detector bench judges runs as it says it does."""

from collections import Counter
from pathlib import Path

import pytest
from detector.case import Case, Outcome, Setup, healthy, missed, sick
from detector.course import Course, follow
from detector.healthy import HEALTHY_CASES
from detector.parts import CE, MOONS, adam, mlp, steps
from detector.score import count_flips, judge
from detector.siblings import SIBLINGS
from detector.sick_fit import FIT
from detector.sick_layers import LAYERS
from detector.sick_optimisation import OPTIMISATION

from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.scenario.load import load_text

SUITE = (*HEALTHY_CASES, *OPTIMISATION, *LAYERS, *FIT, *SIBLINGS)
SETUP = Setup(MOONS, mlp(8), CE, adam(), steps(60))


def looks(*verdicts: str) -> tuple[Diagnosis, ...]:
    return tuple(Diagnosis(step, verdict) for step, verdict in enumerate(verdicts))


def finding(mode: str, detected: int, cleared: int | None = None) -> Finding:
    return Finding(mode, "warning", 0.9, detected, detected, cleared, "")


def course(verdict: str, *ever: Finding) -> Course:
    return Course(100, (Diagnosis(100, verdict, ever=ever),), {"val/accuracy": 0.7})


@pytest.mark.parametrize(
    ("verdicts", "flips"),
    [
        (("undecided", "learning", "converged"), 0),
        (("undecided", "learning", "lr-too-high", "lr-too-high"), 0),
        (("undecided", "plateau", "underfitting"), 1),
        (("learning", "plateau", "learning", "plateau"), 2),
        (("learning", "converged", "learning", "converged"), 1),
    ],
)
def test_progress_and_the_first_alarm_are_no_flips(verdicts: tuple[str, ...], flips: int) -> None:
    assert count_flips(looks(*verdicts)) == flips


def test_a_sick_run_is_a_hit_by_its_first_or_its_last_headline() -> None:
    case = sick("case", "lr-too-high", "plateau", SETUP, onset=20)
    late = judge(case, 0, course("learning", finding("lr-too-high", 50, 80), finding("dead-units", 60)))
    assert late.hit and late.delay == 0.3 and late.wrong == ("dead-units",)
    missing = judge(case, 0, course("plateau", finding("plateau", 50)))
    assert not missing.hit and missing.alarmed and missing.delay == 1.0 and not missing.wrong


def test_a_false_alarm_is_one_that_outlasts_the_start() -> None:
    case = healthy("case", SETUP, Outcome("val/accuracy", least=0.6))
    assert judge(case, 0, course("learning", finding("lr-too-high", 3, 9))).hit
    assert judge(case, 0, course("learning", finding("lr-too-high", 3, 30))).wrong == ("lr-too-high",)


def test_a_run_that_does_not_come_to_its_label_is_left_out() -> None:
    assert not judge(healthy("case", SETUP, Outcome("val/accuracy", least=0.8)), 0, course("learning")).true
    assert not judge(sick("case", "plateau", "", SETUP, outcome=missed(0.6)), 0, course("learning")).true
    assert judge(sick("case", "plateau", "", SETUP, outcome=missed(0.8)), 0, course("learning")).true


def test_every_case_is_a_valid_scenario_of_its_own_in_one_of_two_halves(tmp_path: Path) -> None:
    for case in SUITE:
        load_text(case.toml, name=case.name, base_dir=tmp_path)
    assert max(Counter(case.name for case in SUITE).values()) == 1
    halves = Counter((case.half, case.healthy) for case in SUITE)
    assert min(halves.values()) >= 40 and len(halves) == 4


def test_a_run_file_tells_the_course_again(tmp_path: Path) -> None:
    case: Case = healthy("case", SETUP, Outcome("val/accuracy", least=0.0))
    first = follow(case, 3, tmp_path)
    assert first.planned == 60 and first.looks[-1].step == 60 and len(list(tmp_path.glob("*.nnlab"))) == 1
    assert follow(case, 3, tmp_path) == first

"""The doctor: hysteresis, quiet periods, folding, ranking, and nothing but boundaries."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnlab.diagnosis import arbitration
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import HEALTHY, Finding
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.rules import RULES
from nnlab.scenario.steering import FailureMode
from nnlab.telemetry.history import History


def finding(mode: str, **fields: Any) -> Finding:
    return replace(Finding(mode, "warning", 0.9, 10, 20, None, mode), **fields)


def doctor_of(story: Any, check: Any, **fields: Any) -> list[Any]:
    """Diagnoses of a healthy run under one made-up rule."""
    rule = Rule("plateau", check, **fields)
    told = story()
    info = told.info()
    told.info = lambda: info
    plain = Doctor.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Doctor, "__init__", lambda self, info: plain(self, info, (rule,)))
        return list(told.tell())


def strong_between(start: int, stop: int) -> Any:
    def check(look: Look) -> Answer:
        return Reading(1.5 if start <= look.step < stop else 0.0, f"at {look.step}", since_step=start)

    return check


def test_there_is_one_rule_for_every_mode() -> None:
    assert {rule.mode for rule in RULES} == {*FailureMode.__args__, *HEALTHY}
    assert set(arbitration.ORDER) == {rule.mode for rule in RULES}


def test_alarms_after_m_of_n_readings_and_clears_after_as_many_against(story: Any) -> None:
    looks = doctor_of(story, strong_between(100, 300), confirm=(2, 3), clear=3)
    (only,) = looks[-1].ever
    assert (only.since_step, only.detected_step, only.cleared_step) == (100, 110, 320)


def test_a_single_reading_does_not_alarm(story: Any) -> None:
    looks = doctor_of(story, strong_between(100, 105), confirm=(2, 3))
    assert looks[-1].ever == ()


def test_between_half_and_full_strength_nothing_changes(story: Any) -> None:
    looks = doctor_of(story, lambda look: Reading(1.5 if 100 <= look.step < 200 else 0.7, "x"), confirm=(1, 1))
    assert looks[-1].ever[0].cleared_step is None


def test_a_reading_counts_once_for_each_new_point_of_its_clock(story: Any) -> None:
    looks = doctor_of(story, strong_between(100, 112), needs=("val/loss",), confirm=(2, 3))
    assert looks[-1].ever[0].detected_step == 110


def test_patient_rules_keep_still_after_a_turn(story: Any) -> None:
    def check(look: Look) -> Answer:
        return Reading(2.0, "x")

    rule = Rule("plateau", check, confirm=(1, 1))
    told = story()
    told.turn(0, "lr", 1e-3, 1e-3)
    told.turn(1, "lr", 1e-3, 2e-3)
    with pytest.MonkeyPatch.context() as patch:
        plain = Doctor.__init__
        patch.setattr(Doctor, "__init__", lambda self, info: plain(self, info, (rule,)))
        looks = told.tell()
    assert looks[-1].ever[0].detected_step == 0
    assert "quiet" in looks[1].waiting["plateau"]


def test_missing_series_are_said_to_be_missing(story: Any) -> None:
    looks = doctor_of(story, strong_between(0, 9), needs=("no/such",))
    assert looks[-1].waiting == {"plateau": "needs no/such"}


def test_symptoms_fold_under_their_cause_and_are_no_problem_of_their_own() -> None:
    standing = {mode: finding(mode) for mode in ("dead-units", "plateau", "underfitting", "data-drift")}
    folded = arbitration.fold(standing, {})
    assert {mode: item.folded_into for mode, item in folded.items()} == {
        "dead-units": None, "plateau": "dead-units", "underfitting": "dead-units", "data-drift": None,
    }  # fmt: skip
    top = arbitration.headline(folded)
    assert top is not None and top.mode == "dead-units"


def test_what_a_finding_explains_explicitly_comes_before_the_order() -> None:
    standing = {mode: finding(mode) for mode in ("dead-units", "lr-too-high")}
    assert arbitration.fold(standing, {"lr-too-high": ("dead-units",)})["dead-units"].folded_into == "lr-too-high"


def test_notes_never_are_the_verdict() -> None:
    standing = {"plateau": finding("plateau", severity="note"), "learning": finding("learning", severity="note")}
    assert arbitration.headline(standing) is None
    assert arbitration.verdict(standing, "undecided") == "learning"


def test_no_cause_is_unknown_to_the_order() -> None:
    for cause, symptoms in arbitration.EXPLAINS.items():
        assert {cause, *symptoms} <= set(arbitration.ORDER)
        assert cause not in symptoms


def test_healthy_runs_end_converged_without_a_problem(story: Any, problems: Any) -> None:
    for seed in range(3):
        looks = story(seed).tell()
        assert problems(looks) == []
        assert looks[-1].verdict == "converged"
        assert "learning" in {look.verdict for look in looks}


def test_the_same_run_gives_the_same_diagnoses(story: Any) -> None:
    assert story(3).tell() == story(3).tell()


def test_tiny_runs_without_validation_or_probes_are_looked_at(story: Any, problems: Any) -> None:
    told = story(planned=20)
    told.curves = {name: told.curves[name] for name in ("train/loss", "grad/norm")}
    assert problems(told.tell()) == []


def test_remedies_are_ranked_and_executable(story: Any) -> None:
    told = story()
    told.loss(lambda t: 0.69 + 0 * t)
    looks = told.tell()
    for item in looks[-1].ever:
        assert [remedy.rank for remedy in item.remedies] == list(range(1, len(item.remedies) + 1))
        for command in (command for remedy in item.remedies for command in remedy.commands):
            assert set(command) in ({"turn", "to"}, {"action", "set"})


def test_a_look_touches_a_bounded_window(story: Any) -> None:
    told = story()
    info = told.info()
    history = History(replace(info, planned_steps=10**7))
    look = Look(history)
    assert len(look.points("train/loss")) == 0
    assert np.isnan(look.gain)


def test_a_log_of_a_dozen_epochs_has_a_trend(story: Any) -> None:
    told = story(planned=12)
    told.stuck()
    assert told.tell()[-1].verdict == "underfitting"

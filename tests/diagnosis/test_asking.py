"""A rule is asked only where its answer can matter, and that leaves no trace in the findings."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import Diagnosis
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.telemetry.history import History


def often(told: Any) -> Any:
    """The same run, looked at three times between two probes."""
    info = replace(told.info(), diagnose_every=3)
    told.info = lambda: info
    return told


def stuck(told: Any) -> None:
    told.stuck()


def overfits(told: Any) -> None:
    told.loss(
        lambda t: 0.01 + 0.68 * np.exp(-8 * t), lambda t: 0.3 + 0.39 * np.exp(-8 * t) + 0.6 * np.maximum(0, t - 0.4)
    )
    told.flat("val/accuracy", 0.8)


def dies_and_comes_back(told: Any) -> None:
    told.stuck()
    told.layer("fc2", "dead", lambda t: np.where((t > 0.3) & (t < 0.6), 1.0, 0.1))


def is_turned(told: Any) -> None:
    told.stuck()
    told.turn(500, "lr", 1e-3, 1e-2)


@pytest.mark.parametrize("sick", [stuck, overfits, dies_and_comes_back, is_turned])
def test_findings_are_those_of_a_doctor_who_asks_every_rule_at_every_look(story: Any, sick: Any) -> None:
    plain = Doctor.look

    def tells() -> list[Diagnosis]:
        told = often(story())
        sick(told)
        return [replace(look, waiting={}) for look in told.tell()]

    def forgetful(self: Doctor, history: History) -> Diagnosis:
        for case in self._cases.values():
            case.regime = -1
        return plain(self, history)

    found = tells()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Doctor, "look", forgetful)
        assert list(map(repr, found)) == list(map(repr, tells()))
    assert any(finding.problem for look in found for finding in look.ever)


def test_without_a_finding_a_rule_is_asked_once_for_each_reading_and_with_one_at_every_look(story: Any) -> None:
    asked: list[int] = []

    def check(look: Look) -> Answer:
        asked.append(look.step)
        return Reading(1.0, f"at {look.step}") if look.step >= 500 else None

    rule = Rule("plateau", check, needs=("val/loss",), confirm=(1, 1))
    plain = Doctor.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Doctor, "__init__", lambda self, info: plain(self, info, (rule,)))
        looks = often(story()).tell()
    early, late = [step for step in asked if step < 500], [step for step in asked if step > 510]
    assert len(early) == 50
    assert late == [look.step for look in looks if look.step > 510]
    assert looks[-1].standing[0].headline == f"at {looks[-1].step}"

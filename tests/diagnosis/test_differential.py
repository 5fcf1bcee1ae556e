"""Rivals, their weights, the test between them, and what its verdict does to both."""

from pathlib import Path
from typing import Any, get_args

import pytest

from nnlab.diagnosis.differential import Differential, differential, distance, likelihood
from nnlab.diagnosis.finding import Diagnosis, Evidence, Finding
from nnlab.diagnosis.separating import SEPARATORS
from nnlab.diagnosis.tested import verdicts, weighed
from nnlab.resources import PACKAGE
from nnlab.scenario.steering import FailureMode
from nnlab.telemetry.history import History
from nnlab.wire.events import KnobTurned, Marked
from nnlab.wire.named_tests import BY_ID


@pytest.fixture
def history(story: Any) -> History:
    """A run in which nothing has been tested."""
    return History(story().info())


def finding(mode: str, confidence: float, folded: str | None = None) -> Finding:
    severity = "note" if folded else "warning"
    mine = (Evidence("train/loss", "high", 1.0, 0.5),)
    return Finding(mode, severity, confidence, 0, 0, None, "It is so.", evidence=mine, folded_into=folded)


def diagnosis(*standing: Finding) -> Diagnosis:
    return Diagnosis(10, standing[0].mode, standing[0], standing, standing)


DRIFT_OR_RATE = diagnosis(finding("data-drift", 0.95), finding("lr-too-high", 0.8, "data-drift"))


def note(history: History, text: str, step: int = 5) -> None:
    assert list(history.feed(Marked(step, "test", text))) == []


def weights(found: Differential | None) -> dict[str, float]:
    assert found is not None
    return {rival.mode: rival.weight for rival in found.rivals}


def test_weights_are_the_odds_of_the_confidences_and_add_up_to_one(history: History) -> None:
    found = differential(diagnosis(finding("overfitting", 0.8), finding("data-drift", 0.6)), history)
    assert weights(found) == pytest.approx({"overfitting": 4 / 5.5, "data-drift": 1.5 / 5.5})
    folded = differential(DRIFT_OR_RATE, history)
    assert weights(folded) == pytest.approx({"data-drift": 19 / 21, "lr-too-high": 2 / 21})
    assert folded is not None
    assert folded.rivals[1].folded_into == "data-drift"


def test_the_cheapest_test_that_separates_is_named(history: History) -> None:
    found = differential(DRIFT_OR_RATE, history)
    assert found is not None
    assert found.test is not None
    assert (found.test.test, found.test.between) == ("step-sizes", ("data-drift", "lr-too-high"))
    assert found.test.says["too long"] == "lr-too-high"
    assert found.test.says["fits"] == "data-drift"


def test_a_verdict_moves_the_weights_and_another_test_is_next(history: History) -> None:
    note(history, "half and double step: too long (lr-too-high)")
    found = differential(DRIFT_OR_RATE, history)
    assert weights(found)["lr-too-high"] == pytest.approx(2 * 0.85 / (2 * 0.85 + 19 * 0.15))
    assert found is not None
    assert found.test is not None
    assert found.test.test == "lr-range"
    note(history, "learning-rate range: too-high (lr-too-high)", 6)
    assert differential(DRIFT_OR_RATE, history).rivals[0].mode == "lr-too-high"  # type: ignore[union-attr]


def test_what_was_said_before_a_change_does_not_count(history: History) -> None:
    note(history, "half and double step: too long (lr-too-high)")
    list(history.feed(KnobTurned(8, "lr", 0.1, 0.01, 0.01, "user")))
    assert verdicts(history) == {}
    assert weights(differential(DRIFT_OR_RATE, history))["data-drift"] == pytest.approx(19 / 21)
    note(history, "half and double step: fits", 9)
    assert weights(differential(DRIFT_OR_RATE, history))["data-drift"] > 0.97


def test_nothing_is_told_apart_without_rivals(history: History) -> None:
    alone = finding("overfitting", 0.9)
    symptom = finding("plateau", 0.9, "overfitting")
    facts = finding("unshuffled-data", 0.95), finding("unscaled-inputs", 0.85)
    for standing in ((alone,), (alone, symptom), facts):
        assert differential(diagnosis(*standing), history) is None
    assert differential(Diagnosis(0, "learning"), history) is None
    assert differential(None, history) is None


def test_a_verdict_is_evidence_of_the_findings_it_speaks_about(history: History) -> None:
    note(history, "half and double step: fits")
    once = weighed(DRIFT_OR_RATE, history)
    told = {item.mode: item.evidence[-1] for item in once.standing}
    assert [(told[mode].text, told[mode].value) for mode in ("data-drift", "lr-too-high")] == [
        ("half and double step: fits, which speaks for it", 1.0),
        ("half and double step: fits, which speaks against it", 0.0),
    ]
    assert weighed(once, history) == once
    note(history, "half and double step: too long (lr-too-high)", 6)
    assert [item.evidence[-1].value for item in weighed(once, history).standing] == [0.0, 1.0]
    assert all(len(item.evidence) == 2 for item in weighed(once, history).standing)


def test_the_table_speaks_of_modes_tests_and_verdicts_that_there_are() -> None:
    said = "".join(file.read_text(encoding="utf-8") for file in Path(PACKAGE).glob("engine/experiments/*.py"))
    said += (PACKAGE / "wire" / "telling.py").read_text(encoding="utf-8")
    modes = set(get_args(FailureMode))
    assert SEPARATORS.keys() == BY_ID.keys()
    for separator in SEPARATORS.values():
        assert separator.expects.keys() <= modes
        for outcome in separator.outcomes:
            assert outcome in modes or f'"{outcome}"' in said or outcome == "other", outcome
        for mode, expected in separator.expects.items():
            assert set(expected) < set(separator.outcomes)
            assert sum(likelihood(separator, mode, one) for one in separator.outcomes) == pytest.approx(1.0)
            assert distance(separator, mode, mode) == 0.0
    seconds = [separator.seconds for separator in SEPARATORS.values()]
    assert seconds == sorted(seconds)

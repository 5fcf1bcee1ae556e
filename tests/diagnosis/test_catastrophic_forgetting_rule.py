"""catastrophic-forgetting: sick and healthy runs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnlab.wire.values import KnobSpec


def forgets(told: Any) -> Any:
    """Task 0 is learned in the first half and lost in the second, in which task 1 is learned."""
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.95, 0.95 * np.exp(-10 * (t - 0.5)))
    told.curves["task/1/accuracy"] = lambda t: np.where(t < 0.5, 0.5, 0.9)
    return told


def test_an_earlier_task_is_forgotten(story: Any, problems: Any) -> None:
    looks = forgets(story()).tell()
    assert problems(looks) == ["catastrophic-forgetting"]
    assert "task/0" in looks[-1].ever[0].headline
    assert looks[-1].ever[0].detected_step <= 600


def test_the_remedies_turn_the_knobs_that_the_run_has(story: Any) -> None:
    told = forgets(story())
    info = told.info
    told.info = lambda: with_knobs(info())
    remedies = told.tell()[-1].ever[0].remedies
    turned = [remedy.commands[0]["turn"] for remedy in remedies if remedy.commands]
    assert turned == ["replay", "ewc", "lr"]
    without = forgets(story()).tell()[-1].ever[0].remedies
    assert [remedy.commands[0]["turn"] for remedy in without if remedy.commands] == ["lr"]


def with_knobs(info: Any) -> Any:
    """A run whose data change has these too."""
    replay = KnobSpec("replay", "replay", 0.0, "linear", high=1.0)
    ewc = KnobSpec("ewc", "EWC", 0.0, "log", low=0.01, high=1e6, zero_ok=True)
    return replace(info, knobs=(*info.knobs, replay, ewc))


def test_replay_that_loses_a_few_points_is_no_forgetting(story: Any, problems: Any) -> None:
    told = forgets(story())
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.95, 0.9)
    assert problems(told.tell()) == []


def test_a_dip_that_replay_mends_is_no_forgetting_and_one_that_stays_is(story: Any, problems: Any) -> None:
    for mended, expected in ((0.35, []), (0.1, ["catastrophic-forgetting"])):
        told = forgets(story())
        told.curves["task/0/accuracy"] = lambda t, m=mended: np.where(
            t < 0.5, 0.95, 0.55 + m * (1 - np.exp(-12 * (t - 0.5)))
        )
        assert problems(told.tell()) == expected


def test_a_task_that_was_never_learned_cannot_be_forgotten(story: Any, problems: Any) -> None:
    told = forgets(story())
    told.facts["classes"], told.facts["majority_share"] = 4.0, 0.25
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.38, 0.2)
    assert problems(told.tell()) == []


def test_nothing_is_forgotten_for_a_task_that_is_not_learned_either(story: Any, problems: Any) -> None:
    """All accuracies at chance is a training that has broken down."""
    told = forgets(story())
    told.curves["task/1/accuracy"] = lambda t: np.where(t < 0.5, 0.5, 0.52)
    assert "catastrophic-forgetting" not in problems(told.tell())


def test_a_few_validation_rows_prove_little(story: Any, problems: Any) -> None:
    told = forgets(story())
    told.facts["n_val"] = 12.0
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.95, 0.7)
    assert problems(told.tell()) == []


def test_backward_transfer_is_evidence_where_it_is_measured(story: Any) -> None:
    told = forgets(story())
    told.curves["task/backward_transfer"] = lambda t: np.where(t < 0.5, 0.0, -0.6)
    evidence = {item.series: item.value for item in told.tell()[-1].ever[0].evidence}
    assert evidence["task/backward_transfer"] == pytest.approx(-0.6)

"""model-collapse: sick and healthy runs."""

from typing import Any

import numpy as np
import pytest


def told_by(story: Any, variance: Any, tail: Any, loss: Any) -> Any:
    told = story()
    told.facts["data.kind"] = "generations"
    told.curves |= {"samples/variance": variance, "samples/tail_mass": tail, "samples/true_loss": loss}
    return told


def test_generations_that_lose_their_tails(story: Any, problems: Any) -> None:
    told = told_by(story, lambda t: np.exp(-2 * t), lambda t: 0.7 * np.exp(-4 * t), lambda t: 0.4 + 0.8 * t)
    looks = told.tell()
    assert problems(looks) == ["model-collapse"]
    finding = looks[-1].headline
    assert {item.series for item in finding.evidence} == {"samples/variance", "samples/tail_mass", "samples/true_loss"}
    assert all(item.value < item.threshold for item in finding.evidence[:2])
    assert finding.evidence[2].value > finding.evidence[2].threshold
    assert finding.remedies[0].commands == ({"action": "restart", "set": {"data.replay": 0.3}},)


def test_tails_alone_are_enough_and_so_is_variance_of_a_foreign_log(story: Any, problems: Any) -> None:
    told = told_by(story, lambda t: 1.0 - 0.05 * t, lambda t: 0.5 * np.exp(-2 * t), lambda t: 0.4 + 0.8 * t)
    assert problems(told.tell()) == ["model-collapse"]
    told = story()
    told.curves["samples/variance"] = lambda t: np.exp(-2 * t)
    assert problems(told.tell()) == ["model-collapse"]


def wavering(t: Any) -> Any:
    return 1.0 + 0.02 * np.sin(90 * t)


@pytest.mark.parametrize(
    ("variance", "tail", "loss"),
    [
        (wavering, wavering, wavering),
        (lambda t: 0.5 + 0.5 * np.exp(-8 * t), lambda t: 0.5 + 0.2 * np.exp(-8 * t), lambda t: 0.4 + 0.01 * t),
        (lambda t: np.exp(-2 * t), wavering, lambda t: 0.4 + 0.8 * t),
        (wavering, wavering, lambda t: 0.4 + 0.8 * t),
    ],
    ids=["steady", "leaning-but-true", "tails-that-stay", "loss-alone"],
)
def test_one_witness_is_none(story: Any, problems: Any, variance: Any, tail: Any, loss: Any) -> None:
    assert "model-collapse" not in problems(told_by(story, variance, tail, loss).tell())

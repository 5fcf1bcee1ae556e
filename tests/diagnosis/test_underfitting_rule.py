"""underfitting: sick and healthy runs."""

from typing import Any

import numpy as np
import pytest

from nnlab.wire.events import Marked


def test_both_losses_stay_at_a_constant_guess(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.68 + 0 * t)
    looks = told.tell()
    assert problems(looks) == ["underfitting"]
    assert looks[-1].ever[0].detected_step <= 350
    assert {item.mode: item.folded_into for item in looks[-1].ever}["plateau"] == "underfitting"


def test_noisy_data_with_a_high_floor_are_no_underfitting(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.5 + 0.19 * np.exp(-30 * t))
    assert problems(told.tell()) == []


def test_a_run_at_its_floor_is_told_earlier(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.68 + 0 * t)
    told.activations = ("relu", "none")
    told.flat("step/critical", 4.0)
    told.flat("weight/distance", 0.5)
    looks = told.tell()
    assert problems(looks) == ["underfitting"]
    assert looks[-1].ever[0].detected_step <= 200


def test_a_run_that_has_learned_something_may_pause(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: np.where(t < 0.45, 0.57 + 0.12 * np.exp(-40 * t), 0.1 + 0.47 * np.exp(-30 * (t - 0.45))))
    assert problems(told.tell()) == []


@pytest.mark.parametrize(
    ("said", "because"),
    [("fits", "One batch can be learned by heart"), ("does not fit (misaligned_labels)", "Not even one batch")],
)
def test_the_one_batch_test_is_evidence(story: Any, said: str, because: str) -> None:
    told = story()
    told.loss(lambda t: 0.68 + 0 * t)
    told.events = [
        Marked(200, "test", "one-batch test: fits elsewhere"),
        Marked(600, "test", f"one-batch test: {said}"),
    ]
    told.events.append(Marked(700, "test", "baselines: healthy"))
    found = told.tell()[-1].headline
    assert found.because.startswith(because)
    speaks = "for" if said == "fits" else "against"
    told_so = f"one-batch test: {said}, which speaks {speaks} it"
    assert (told_so, float(said == "fits")) in [(item.text, item.value) for item in found.evidence]

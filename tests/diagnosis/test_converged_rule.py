"""converged: sick and healthy runs."""

from typing import Any

import numpy as np


def test_a_flat_loss_at_a_high_gain_is_convergence(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.2 + 0.5 * np.exp(-40 * t))
    looks = told.tell()
    assert problems(looks) == []
    assert looks[-1].verdict == "converged"

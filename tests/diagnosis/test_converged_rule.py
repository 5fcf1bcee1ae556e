"""converged: sick and healthy runs."""

from typing import Any

import numpy as np


def test_a_flat_loss_at_a_high_gain_is_convergence(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.2 + 0.5 * np.exp(-40 * t))
    looks = told.tell()
    assert problems(looks) == []
    assert looks[-1].verdict == "converged"


def test_convergence_holds_while_a_small_loss_halves(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: np.where(t < 0.5, 0.03 + 0.66 * np.exp(-40 * t), 0.03 * np.exp(-3 * (t - 0.5))))
    verdicts = [look.verdict for look in told.tell()]
    assert verdicts[-1] == "converged"
    assert "learning" not in verdicts[verdicts.index("converged") :]

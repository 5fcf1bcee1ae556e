"""learning: sick and healthy runs."""

from typing import Any


def test_green_needs_evidence(story: Any) -> None:
    told = story()
    told.curves = {"train/loss": lambda t: 0.69 + 0 * t, "grad/norm": lambda t: 1.0}
    looks = told.tell()
    assert {look.verdict for look in looks} == {"undecided"}

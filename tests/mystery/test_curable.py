"""A mystery with a real engine: it fails, and its cure cures; the benchmark does it with a sample of all levels."""

import pytest
from here import Here

from nnlab.cli.headless import Watch
from nnlab.diagnosis.finding import HEALTHY
from nnlab.mystery.code import parse
from nnlab.mystery.generate import mystery
from nnlab.mystery.target import MEASURE, cured, target
from nnlab.trials.cure import turned


@pytest.mark.slow
def test_a_mystery_fails_and_is_cured_by_turning_its_knob() -> None:
    found = mystery(parse("2G7-QG6"))
    wanted = target(found)
    sick = Watch(Here(found.sick)).run()
    healed = Watch(Here(turned(found.sick, found.cure, 500))).run()
    assert sick.verdict not in HEALTHY
    losses = [one.history.get(MEASURE).values.tolist() for one in (sick, healed)]
    assert [cured(one.verdict, loss, wanted) for one, loss in zip((sick, healed), losses, strict=True)] == [False, True]

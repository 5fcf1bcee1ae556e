"""Every bundled scenario does what its [expect] table promises: by training, with the real engine in this process."""

from collections.abc import Callable

import pytest
from here import Here

from nnlab.cli.expectations import verify
from nnlab.cli.headless import Outcome, Watch
from nnlab.diagnosis.finding import HEALTHY, Diagnosis
from nnlab.resources import bundled
from nnlab.scenario.load import Loaded, load
from nnlab.scenario.steering import Expect

NAMES = sorted(path.stem for path in bundled("scenarios").glob("*.toml"))


def trained(loaded: Loaded, until: Callable[[Diagnosis], bool] | None) -> Outcome:
    """As `nnlab verify` trains it, without a process of its own."""
    return Watch(Here(loaded, paused=until is not None), until).run()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_keeps_its_promise(name: str) -> None:
    claims = list(verify(load(bundled("scenarios") / f"{name}.toml"), trained))
    assert claims
    broken = [claim for claim in claims if not claim.held]
    assert not broken, broken


def test_every_sick_scenario_has_a_cure() -> None:
    """By knob, from the start or by its script; or its story names a scenario that is cured."""
    for name in NAMES:
        scenario = load(bundled("scenarios") / f"{name}.toml").scenario
        others = [other for other in NAMES if other != name and f"`{other}`" in scenario.story]
        sick = scenario.expect.finding not in (None, *HEALTHY)
        assert not sick or scenario.expect.cure or scenario.expect.restart or scenario.script or others, name


def test_every_scenario_promises_something() -> None:
    for name in NAMES:
        assert load(bundled("scenarios") / f"{name}.toml").scenario.expect != Expect(), name

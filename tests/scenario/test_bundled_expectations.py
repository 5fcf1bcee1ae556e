"""Every bundled scenario does what its [expect] table promises: by training, in the real engine."""

import json
import subprocess
import sys

import pytest

from nnlab.diagnosis.finding import HEALTHY
from nnlab.resources import bundled
from nnlab.scenario.load import load
from nnlab.scenario.steering import Expect

NAMES = sorted(path.stem for path in bundled("scenarios").glob("*.toml"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_keeps_its_promise(name: str) -> None:
    command = [sys.executable, "-P", "-m", "nnlab", "verify", name, "--json", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    broken = [claim for row in json.loads(done.stdout) for claim in row["claims"] if not claim["held"]]
    assert not broken, broken
    assert done.returncode == 0, done.stderr


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

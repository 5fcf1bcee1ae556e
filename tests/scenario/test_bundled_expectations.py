"""Every bundled scenario does what its [expect] table promises: by training, in the real engine."""

import json
import subprocess
import sys

import pytest

from nnlab.resources import bundled

NAMES = sorted(path.stem for path in bundled("scenarios").glob("*.toml"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_keeps_its_promise(name: str) -> None:
    command = [sys.executable, "-P", "-m", "nnlab", "verify", name, "--json", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    broken = [claim for row in json.loads(done.stdout) for claim in row["claims"] if not claim["held"]]
    assert not broken, broken
    assert done.returncode == 0, done.stderr


def test_every_scenario_promises_something() -> None:
    from nnlab.scenario.load import load
    from nnlab.scenario.steering import Expect

    for name in NAMES:
        assert load(bundled("scenarios") / f"{name}.toml").scenario.expect != Expect(), name

"""`nnlab run --twin` with real engines: the run is the same to the last bit, and the twin is the run left alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnlab.cli.main import main
from nnlab.client.runtime import engines
from nnlab.runs.reader import RunFile
from nnlab.trials.effect import KIND, from_text
from nnlab.wire.events import Marked

pytestmark = pytest.mark.slow

SCENARIO = """
seed = 3
data = { kind = "moons", samples = 200 }
model = { kind = "mlp", hidden = [8], dropout = 0.1 }
objective = { kind = "cross_entropy" }
optimizer = { kind = "adam", lr = 1e-5 }
train = { steps = 400 }
"""


def points(path: Path, steps: int) -> dict[str, bytes]:
    """Every point that a run file holds of the first steps."""
    with RunFile(path) as file:
        found = {name: file.series(name, stop=steps) for name in file.names()}
    return {name: b"".join(np.ascontiguousarray(part).tobytes() for part in parts) for name, parts in found.items()}


def test_what_two_turns_caused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("nnlab.trials.twin.NICE", 0)  # somebody waits for this one
    (tmp_path / "slow.toml").write_text(SCENARIO)
    both, plain = tmp_path / "both.nnlab", tmp_path / "plain.nnlab"
    turned = ["run", str(tmp_path / "slow.toml"), "--at", "150:lr=0.01"]

    assert main([*turned, "--at", "300:batch_size=16", "--twin", "--json", "--record", str(both)]) == 0
    rate, batch = json.loads(capsys.readouterr().out)["effects"]
    assert list(engines()) == []
    assert main([*turned, "--record", str(plain)]) == 0
    assert points(both, 300) == points(plain, 300)

    assert (rate["begin"], rate["end"], batch["begin"], batch["end"]) == (150, 252, 300, 400)
    assert rate["treated"] < rate["untouched"]
    assert 150 < rate["since"] < 252
    with RunFile(both) as file:
        marks = [mark for mark in file.events(KIND) if isinstance(mark, Marked)]
    found = [from_text(mark.text) for mark in marks]
    assert [one.turns[0].knob for one in found if one] == ["lr", "batch_size"]
    assert found[1] is not None
    with RunFile(plain) as file:
        steps, values = file.series("val/loss", start=301)
    assert found[1].courses["val/loss"] == (tuple(steps.tolist()), tuple(values.tolist()))

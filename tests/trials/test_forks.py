"""Forks with real engines: from any step of a run file, bit for bit the run itself, or with one change."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from frozen import frozen

from nnlab.cli.main import main
from nnlab.client.runtime import engines
from nnlab.diagnosis.finding import Remedy
from nnlab.errors import UserError
from nnlab.runs.reader import RunFile
from nnlab.trials.engine import CalledOffError
from nnlab.trials.fork import UNTOUCHED, Change, fork
from nnlab.trials.forks import Watching
from nnlab.trials.ground import Ground, recorded
from nnlab.trials.prove import horizon, prove

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A recorded run that is brought to life at step 301, after what looked like another cause; private folders."""
    home = tmp_path_factory.mktemp("home")
    (home / "frozen.toml").write_text(frozen("steps = 400"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home))
        turns = ("--at", "101:batch_size=16", "--at", "301:lr=0.01")
        assert main(["run", str(home / "frozen.toml"), "--record", str(home / "run.nnlab"), *turns]) == 0
        yield home / "run.nnlab"


@pytest.fixture(scope="module")
def sick(run_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The run at a step between two snapshots, after the first turn."""
    return recorded(run_file, 250, tmp_path_factory.mktemp("ground"))


def test_an_untouched_fork_goes_on_as_the_run_did(run_file: Path, sick: Ground) -> None:
    assert (sick.step, sick.history.step) == (250, 250)
    assert [(turn.step, turn.knob) for turn in sick.history.turns] == [(101, "batch_size")]
    assert sick.diagnosis is not None
    assert sick.diagnosis.verdict == "no-gradient"
    on = fork(sick, UNTOUCHED, 0, 150, "no-gradient")
    with RunFile(run_file) as file:
        recorded_values = file.series("val/loss", start=363).values
    assert on.step == 400
    assert on.values["val/loss"] == float(np.median(recorded_values))
    other = fork(sick, UNTOUCHED, 1, 150, "no-gradient")
    assert other.values["val/loss"] != on.values["val/loss"]


def test_remedies_are_proved_against_the_control(sick: Ground) -> None:
    by_itself = sick.scenario.scenario.model_copy(update={"script": ()})
    ground = replace(sick, scenario=replace(sick.scenario, scenario=by_itself))
    finding = ground.diagnosis and ground.diagnosis.headline
    assert finding is not None
    remedies = (
        Remedy("batches of 64", ({"turn": "batch_size", "to": 64},), 1),
        Remedy("no such layer", ({"action": "restart", "set": {"model.depth": 3}},), 2),
        Remedy("a rate", ({"turn": "lr", "to": 0.01},), 3),
    )
    told: list[tuple[int, int]] = []
    proved = prove(ground, finding, remedies, 2, Watching(done=lambda done, of: told.append((done, of))))
    assert proved.horizon == horizon(ground.info, 250)
    assert [(trial.remedy.text, trial.proof) for trial in proved.trials] == [
        ("a rate", "confirmed"), ("batches of 64", "refuted"), ("no such layer", "refuted"),
    ]  # fmt: skip
    best, _, unfit = proved.trials
    assert (best.confirmed, best.seeds, best.measure) == (2, 2, "val/loss")
    assert max(best.effects) < 0
    assert best.cleared is not None
    assert 250 < best.cleared <= best.end == 250 + proved.horizon
    assert "depth" in unfit.note
    assert proved.control.cleared is None
    assert told[-1] == (6, 6)
    assert list(engines()) == []


def test_a_trial_can_be_called_off(sick: Ground) -> None:
    with pytest.raises(CalledOffError):
        fork(sick, Change({"lr": 0.01}), 0, 10**6, "no-gradient", lambda: True)
    assert list(engines()) == []


def test_a_step_that_the_run_never_came_to_is_refused(run_file: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no step 401: it goes from step 0 to step 400"):
        recorded(run_file, 401, tmp_path)

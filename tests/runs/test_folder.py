"""The folder of recorded runs."""

import math
import os
from dataclasses import replace
from pathlib import Path

import pytest

from nnlab.runs import folder, listing
from nnlab.runs.recorder import Recorder
from nnlab.wire.events import StateChanged
from nnlab.wire.values import RunInfo

INFO = RunInfo("r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 10, 10, 10)


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NNLAB_RUNS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert folder.runs_folder() == tmp_path / "nnlab" / "runs"
    monkeypatch.setenv("NNLAB_RUNS", str(tmp_path / "mine"))
    assert folder.runs_folder() == tmp_path / "mine"
    assert list(listing.recorded()) == []


def test_new_names_are_tame_and_never_taken(tmp_path: Path) -> None:
    path = folder.new_path("../my scenario/é", 7, tmp_path)
    assert path.parent == tmp_path
    assert path.name.endswith("-my-scenario-7.nnlab")
    path.touch()
    assert folder.unused(path).name == f"{path.stem}-2.nnlab"


def test_listing_tells_the_newest_first_and_what_is_wrong(tmp_path: Path) -> None:
    first = Recorder.create(tmp_path / "a.nnlab", INFO)
    first.scalars("train/loss", range(40), [1.0] * 40)
    first.event(40, "verdict", {"text": "learning"})
    first.event(40, "verdict", {"text": "overfitting"})
    first.tell(StateChanged(40, "stopped"))
    first.close()
    Recorder.create(tmp_path / "b.nnlab", replace(INFO, scenario="other")).close()
    (tmp_path / "c.nnlab").write_text("no")
    for number, name in enumerate("cab"):
        os.utime(tmp_path / f"{name}.nnlab", (1000 + number, 1000 + number))
    other, demo, broken = listing.recorded(tmp_path)
    assert (other.scenario, other.steps, other.verdict, other.state) == ("other", 0, "", "")
    assert (demo.scenario, demo.steps, demo.planned_steps, demo.verdict, demo.state) == (
        "demo",
        40,
        100,
        "overfitting",
        "stopped",
    )
    assert "not a run file" in broken.problem
    assert (demo.interrupted, other.interrupted, broken.interrupted) == (True, True, False)


def test_a_glimpse_of_the_loss_costs_a_few_points_of_each_stretch(tmp_path: Path) -> None:
    run = Recorder.create(tmp_path / "a.nnlab", INFO)
    values = [float(step // 100) for step in range(2000)]
    values[510] = math.nan  # the eleventh point of its stretch: not looked at
    values[203], values[1600] = math.nan, math.inf
    run.scalars("train/loss", range(2000), values)
    run.close()
    (one,) = listing.recorded(tmp_path)
    assert [place for place, loss in enumerate(one.losses) if not math.isfinite(loss)] == [2, 16]
    assert [loss for loss in one.losses if math.isfinite(loss)] == [step for step in range(20) if step not in (2, 16)]

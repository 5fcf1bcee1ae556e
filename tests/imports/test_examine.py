"""Diagnosing what is over: the public function, and that a run file gives what the live run gave."""

import math
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlab
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import Diagnosis
from nnlab.errors import UserError
from nnlab.examine import examine_file
from nnlab.imports.naming import SERIES
from nnlab.runs.recorder import Recorder
from nnlab.telemetry.history import History
from nnlab.wire.events import Event, KnobTurned, StateChanged
from nnlab.wire.frames import frame
from nnlab.wire.values import KnobSpec, RunInfo, SeriesSpec

EPOCHS = np.arange(60)
FALLING = 2 * np.exp(-EPOCHS / 15) + 0.05


def noise(scale: float, count: int = 60, seed: int = 0) -> np.ndarray:
    return scale * np.random.default_rng(seed).normal(size=count)


SICK = {
    "overfitting": {"loss": FALLING, "val_loss": FALLING + 0.5 + 0.03 * np.maximum(0, EPOCHS - 15)},
    "underfitting": {"loss": 2.1 + noise(0.01), "val_loss": 2.15 + noise(0.01, seed=1)},
    "plateau": {"loss": 1.44 + noise(0.002)},
    "nonfinite": {"loss": [*np.linspace(1, 0.5, 30), *[math.nan] * 5]},
    "exploding-gradients": {
        "loss": 1.5 ** np.arange(40.0),
        "grad_norm": 1.7 ** np.arange(40.0),
    },
    "lr-too-high": {"loss": np.concatenate([[0.7], 40 + noise(3, 80)])},
    "vanishing-gradients": {
        "loss": 0.69 + noise(0.001),
        **{f"layer/fc{layer}/grad_norm": 10.0 ** (layer * 2 - 8) * (1 + noise(0.1)) for layer in range(4)},
    },
    "no-gradient": {"loss": np.full(30, 0.7), "lr": np.zeros(30)},
}


@pytest.mark.parametrize("mode", SICK)
def test_sick_runs_are_named(mode: str) -> None:
    diagnosis = nnlab.diagnose(SICK[mode])
    assert diagnosis.verdict == mode
    assert diagnosis.headline is not None
    told = f"{diagnosis.headline.headline} {diagnosis.headline.because}"
    assert "learning rate NaN" not in told
    assert not any(remedy.commands for finding in diagnosis.ever for remedy in finding.remedies)


HEALTHY = {
    "epochs": {
        "loss": FALLING,
        "val_loss": FALLING * 1.1,
        "accuracy": 1 - FALLING / 4,
        "val_accuracy": 0.95 - FALLING / 4,
    },
    "noisy batches": {
        "loss": (np.arange(0, 100_000, 50), np.exp(-np.arange(2000) / 300) + 0.2 * np.exp(noise(0.3, 2000)))
    },
    "converged": {"loss": np.exp(-np.arange(2000) / 100) * 2 + 0.3 * np.exp(noise(0.3, 2000))},
}


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_runs_are_not_alarmed(name: str) -> None:
    diagnosis = nnlab.diagnose(HEALTHY[name])
    assert diagnosis.verdict in ("learning", "converged")
    assert not any(finding.problem for finding in diagnosis.ever)


def test_what_cannot_be_judged_is_said() -> None:
    waiting = nnlab.diagnose({"loss": FALLING}).waiting
    assert waiting["overfitting"] == "needs val/loss"
    assert waiting["dead-units"] == "needs layer/<name>/dead"
    assert waiting["objective-mismatch"].startswith("needs the configuration")
    assert "no-gradient" not in nnlab.diagnose({"loss": FALLING, "lr": np.full(60, 0.1)}).waiting


def test_all_that_holds_a_history() -> None:
    keras = SimpleNamespace(history={"loss": FALLING.tolist(), "val_loss": [value * 1.1 for value in FALLING]})
    records = [{"step": 10 * i, "loss": float(value), "note": "x"} for i, value in enumerate(FALLING)]
    sparse = {"loss": (EPOCHS * 10, FALLING), "val_loss": ([0, 300, 590], [2.0, 1.0, 0.5])}
    for history in (keras, records, sparse, {"loss": [*FALLING, None]}):
        assert nnlab.diagnose(history).verdict == "learning"
    assert nnlab.diagnose({"mine": FALLING}, columns={"mine": "train/loss"}).verdict == "learning"
    assert nnlab.diagnose({"loss": FALLING}, facts={"constant_loss": 1.0}).verdict == "learning"


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ({}, "no column is a training loss"),
        ({"loss": [1.0]}, "one point"),
        ({"loss": 3.0}, "expected a sequence of numbers"),
        ({"loss": ["a", "b"]}, "expected a sequence of numbers"),
        ({"loss": [[1.0], [2.0, 3.0]]}, "expected a sequence of numbers"),
        ({"loss": ([1, 2], [1.0, 2.0, 3.0])}, "2 steps for 3 values"),
        ({"loss": ([1, 1], [1.0, 2.0])}, "steps must increase"),
        ({"loss": ([1, 1.5], [1.0, 2.0])}, "whole numbers"),
        ({"loss": [1, 2], "acc": [1, 500]}, "acc should be a share from 0 to 1 or a percentage, but is 1 to 500"),
        ({"loss": [1, 2], "grad_norm": [1, -2]}, "grad_norm is negative, which grad/norm cannot be"),
        ([1, 2, 3], "a history is a path, a dict"),
        (7, "a history is a path, a dict"),
        ("no/such/file.csv", "there is no file"),
    ],
)
def test_what_is_no_history(history: object, words: str) -> None:
    with pytest.raises(UserError, match=words):
        nnlab.diagnose(history)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*SERIES, "layer/a/grad_norm", "layer/b/grad_norm", "layer/b/dead"]),
        st.lists(st.floats(), min_size=2, max_size=40) | st.lists(st.sampled_from([0.0, 1.0, math.nan]), max_size=60),
    )
)  # fmt: skip
def test_any_numbers_get_a_verdict_or_a_message(columns: dict[str, list[float]]) -> None:
    columns.setdefault("train/loss", [1.0, 2.0])
    try:
        assert nnlab.diagnose(columns).verdict
    except UserError as error:
        assert str(error)


def test_importing_nnlab_stays_light() -> None:
    code = "import nnlab, sys; print(sorted({'numpy', 'torch', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


STEPS = 400


def events() -> list[Event]:
    """A run that overfits until its learning rate is turned down."""
    loss = np.exp(-np.arange(STEPS) / 100) + noise(0.01, STEPS)
    probes, evaluations = np.arange(0, STEPS + 1, 5), np.arange(0, STEPS + 1, 10)
    told: list[Event] = []
    for start in range(0, STEPS, 37):
        stop = min(STEPS, start + 37)
        inside = {
            name: points[(points >= start + (start > 0)) & (points <= stop)]
            for name, points in (("train/probe_loss", probes), ("val/loss", evaluations))
        }
        rise = 1.0 + 0.01 * np.maximum(0, inside["val/loss"] - 100)
        told.append(
            frame(stop, {
                "train/loss": (np.arange(start, stop), loss[start:stop]),
                "grad/norm": (np.arange(start, stop), np.ones(stop - start)),
                "train/probe_loss": (inside["train/probe_loss"], np.exp(-inside["train/probe_loss"] / 100)),
                "val/loss": (inside["val/loss"], rise),
            })
        )  # fmt: skip
    told.insert(8, KnobTurned(told[7].step, "lr", 0.1, 0.01, 0.01, "user"))  # type: ignore[union-attr]
    return [*told, StateChanged(STEPS, "finished")]


def test_a_run_file_gives_the_findings_of_the_live_run(tmp_path: Path) -> None:
    names = ("train/loss", "grad/norm", "train/probe_loss", "val/loss")
    info = RunInfo(
        "r", "demo", "", "mlp", "", 7, "cpu", STEPS, 8, 10, eval_every=10, probe_every=5, diagnose_every=4,
        knobs=(KnobSpec("lr", "lr", 0.1, "log"),), series=tuple(SeriesSpec(name, name) for name in names),
        facts={"constant_loss": 1.0, "constant_loss_val": 1.0},
    )  # fmt: skip
    history, doctor, live = History(info), Doctor(info), Diagnosis(0, "")
    recorder = Recorder.create(tmp_path / "run.nnlab", info)
    for event in events():
        for _ in history.feed(event):
            live = doctor.look(history)
        if isinstance(event, KnobTurned | StateChanged):
            recorder.tell(event)
        else:
            for series, steps, values in zip(event.series, event.steps, event.values, strict=True):  # type: ignore[union-attr]
                recorder.scalars(series, steps, values)
    recorder.close()
    found = examine_file(tmp_path / "run.nnlab")
    assert "overfitting" in {finding.mode for finding in live.ever}
    assert found.diagnosis == live == nnlab.diagnose(tmp_path / "run.nnlab")
    with pytest.raises(UserError, match="leave the options out"):
        nnlab.diagnose(tmp_path / "run.nnlab", planned=3)

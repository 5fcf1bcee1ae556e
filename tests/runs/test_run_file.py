"""The run file through its public face: what is written comes back, in any state in which it may be found."""

import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from array import array
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.runs import schema
from nnlab.runs.errors import RunFileError
from nnlab.runs.reader import RunFile
from nnlab.runs.recorder import Recorder
from nnlab.wire.events import KnobRefused, KnobTurned, Marked, RunFailed, StateChanged
from nnlab.wire.values import KnobSpec, LayerSpec, RunInfo, SeriesSpec

INFO = RunInfo(
    run_id="r1",
    scenario="demo",
    title="A demo — with ünicode",
    family="mlp",
    scenario_toml='title = "x"\n[data]\nkind = "moons"\n',
    seed=2**63 - 1,
    device="cpu",
    planned_steps=2000,
    batch_size=32,
    steps_per_epoch=10,
    eval_every=20,
    probe_every=10,
    diagnose_every=10,
    knobs=(
        KnobSpec("lr", "learning rate", 0.1, "log", high=math.inf),
        KnobSpec("optimizer", "optimizer", "sgd", "choice", choices=("sgd", "adam")),
        KnobSpec("shuffle", "shuffle", True, "switch"),
    ),
    series=(SeriesSpec("train/loss", "loss"),),
    layers=(LayerSpec("0", "linear", 2, 64, "relu", 192),),
    facts={"constant_loss": 0.7, "objective.kind": "mse", "data.shuffle": True, "feature_abs_max": math.inf},
    versions={"torch": "2.13.0"},
)


def test_meta_comes_back_as_it_was(tmp_path: Path) -> None:
    Recorder.create(tmp_path / "a.nnlab", INFO).close()
    with RunFile(tmp_path / "a.nnlab") as run:
        assert run.info == INFO
        assert run.meta["scenario_toml"] == INFO.scenario_toml
        assert run.names() == ()
        assert run.done() == 0


@settings(deadline=None, max_examples=30)
@given(
    values=st.lists(st.floats(width=64), max_size=20),
    cut=st.integers(0, 20),
)
def test_any_float_comes_back(tmp_path_factory: pytest.TempPathFactory, values: list[float], cut: int) -> None:
    path = tmp_path_factory.mktemp("runs") / "a.nnlab"
    recorder = Recorder.create(path, INFO)
    steps = list(range(len(values)))
    recorder.scalars("train/loss", array("q", steps[:cut]), array("d", values[:cut]))
    recorder.flush()
    recorder.scalars("train/loss", np.array(steps[cut:], np.int64), np.array(values[cut:], np.float64))
    recorder.close()
    with RunFile(path) as run:
        found = run.series("train/loss")
    np.testing.assert_array_equal(found.steps, steps)
    np.testing.assert_array_equal(found.values, values)


def test_any_sqlite_client_reads_the_documented_tables(tmp_path: Path) -> None:
    recorder = Recorder.create(tmp_path / "a.nnlab", INFO)
    recorder.scalars("train/loss", [0, 1, 2], [1.5, math.nan, -math.inf])
    recorder.scalars("val/loss", [0], [2.0])
    recorder.event(1, "note", {"text": "look"})
    recorder.snapshot(2, 0, b"state", "steady")
    recorder.flush()
    with sqlite3.connect(tmp_path / "a.nnlab") as other:  # while the run goes on
        rows = other.execute("SELECT step, series, value FROM scalars ORDER BY series, step").fetchall()
        assert rows == [
            (0, "train/loss", 1.5),
            (1, "train/loss", None),
            (2, "train/loss", -math.inf),
            (0, "val/loss", 2.0),
        ]
        assert other.execute("SELECT seq, step, kind, body FROM events").fetchall() == [
            (1, 1, "note", '{"text": "look"}')
        ]
        assert other.execute("SELECT step, branch, body FROM snapshots").fetchall() == [(2, 0, b"state")]
        assert other.execute("SELECT value FROM meta WHERE key = 'seed'").fetchone() == (str(2**63 - 1),)
    other.close()
    recorder.close()


def test_events_come_back_in_order(tmp_path: Path) -> None:
    told = [
        StateChanged(0, "running"),
        KnobTurned(5, "lr", 0.1, 10.0, 10.0, "user", 3),
        KnobRefused(6, "optimizer", "lion", "one of sgd, adam"),
        Marked(7, "drift", "mean shift"),
        RunFailed(9, "ValueError: x", "Traceback …"),
    ]
    recorder = Recorder.create(tmp_path / "a.nnlab", INFO)
    for event in told:
        recorder.tell(event)
    recorder.event(9, "knob", {"of": "a later version"})
    recorder.close()
    with RunFile(tmp_path / "a.nnlab") as run:
        assert run.events() == told
        assert run.events("knob") == [told[1]]


def test_a_second_measurement_of_a_step_is_ignored(tmp_path: Path) -> None:
    recorder = Recorder.create(tmp_path / "a.nnlab", INFO)
    recorder.scalars("val/loss", [10], [1.0])
    recorder.scalars("val/loss", [10, 20], [9.0, 2.0])
    recorder.close()
    with RunFile(tmp_path / "a.nnlab") as run:
        assert run.series("val/loss").values.tolist() == [1.0, 2.0]
        assert run.done() == 20


def test_closed_file_is_alone_and_readable_in_a_read_only_folder(tmp_path: Path) -> None:
    recorder = Recorder.create(tmp_path / "sub" / "a.nnlab", INFO)
    recorder.scalars("train/loss", [0], [1.0])
    recorder.close()
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["a.nnlab"]
    (tmp_path / "sub").chmod(0o500)
    with RunFile(tmp_path / "sub" / "a.nnlab") as run:
        assert run.done() == 1
    (tmp_path / "sub").chmod(0o700)


KILLED = """
import sys
from nnlab.runs.recorder import Recorder
from tests_info import INFO
recorder = Recorder.create(sys.argv[1], INFO)
step = 0
while True:
    recorder.scalars("train/loss", range(step, step + 500), [1.0 / (1 + s) for s in range(step, step + 500)])
    recorder.event(step, "note", {"text": str(step)})
    recorder.flush()
    step += 500
    print(step, flush=True)
"""


def test_killed_in_the_middle_leaves_all_that_was_flushed(tmp_path: Path) -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    begin, end = source.index("INFO = RunInfo("), source.index("\ndef test_meta")
    imports = "import math\nfrom nnlab.wire.values import KnobSpec, LayerSpec, RunInfo, SeriesSpec\n"
    (tmp_path / "tests_info.py").write_text(imports + source[begin:end])
    (tmp_path / "killed.py").write_text(KILLED)
    path = tmp_path / "a.nnlab"
    root = str(Path(schema.__file__).parent.parent.parent)
    environment = {**os.environ, "PYTHONPATH": f"{root}:{tmp_path}"}
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "killed.py"), str(path)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(20)][-1]
        with RunFile(path) as running:
            assert running.done() >= told
        process.send_signal(signal.SIGKILL)
    with RunFile(path) as run:
        assert run.done() >= told
        assert run.done() % 500 == 0
        assert len(run.series("train/loss").steps) == run.done()
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_what_is_no_run_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="there is no run file"):
        RunFile(tmp_path / "missing.nnlab")
    (tmp_path / "text.nnlab").write_text("step,loss\n0,1\n" * 100)
    with pytest.raises(RunFileError, match="is not a run file"):
        RunFile(tmp_path / "text.nnlab")
    (tmp_path / "empty.nnlab").touch()
    with pytest.raises(RunFileError, match="is not a run file"):
        RunFile(tmp_path / "empty.nnlab")
    sqlite3.connect(tmp_path / "other.nnlab").executescript("CREATE TABLE t (x); INSERT INTO t VALUES (1);").close()
    with pytest.raises(RunFileError, match="is not a run file"):
        RunFile(tmp_path / "other.nnlab")


def test_newer_and_damaged_files_are_refused_in_words(tmp_path: Path) -> None:
    recorder = Recorder.create(tmp_path / "a.nnlab", INFO)
    recorder.scalars("train/loss", range(5000), [1.0] * 5000)
    recorder.close()
    for name, command, message in (
        ("newer", f"PRAGMA user_version = {schema.FORMAT + 1}", "newer nnlab"),
        ("lacking", "DELETE FROM meta WHERE key = 'seed'", "damaged"),
        ("wrong", "UPDATE meta SET value = '[[1]]' WHERE key = 'knobs'", "damaged"),
        ("dropped", "DROP TABLE meta", "no such table"),
    ):
        shutil.copy(tmp_path / "a.nnlab", tmp_path / name)
        connection = sqlite3.connect(tmp_path / name, isolation_level=None)
        connection.execute(command)
        connection.close()
        with pytest.raises(RunFileError, match=message):
            RunFile(tmp_path / name)
    whole = (tmp_path / "a.nnlab").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2 + 100])
    with pytest.raises(RunFileError):
        RunFile(tmp_path / "cut").series("train/loss")


def test_where_nothing_can_be_written_the_reason_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.nnlab"
    Recorder.create(path, INFO).close()
    with pytest.raises(RunFileError, match="exists already"):
        Recorder.create(path, INFO)
    with pytest.raises(RunFileError, match="cannot create"):
        Recorder.create(path / "below" / "b.nnlab", INFO)
    with pytest.raises(RunFileError, match="cannot create"):
        Recorder.create("/proc/nnlab/a.nnlab", INFO)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    recorder = Recorder.create(tmp_path / "a.nnlab", INFO)
    recorder._connection.execute("PRAGMA max_page_count = 20")  # SQLite's own way to be full
    recorder.scalars("train/loss", range(100_000), [1.0] * 100_000)
    with pytest.raises(RunFileError, match="the disk is full"):
        recorder.flush()
    recorder.close()
    with RunFile(tmp_path / "a.nnlab") as run:
        assert run.info == INFO

"""A run file with several lines, and one from before there were any."""

import sqlite3
from pathlib import Path

import numpy as np

from nnlab.runs import retell, schema
from nnlab.runs.reader import RunFile, Snapshot
from nnlab.runs.recorder import Recorder
from nnlab.wire.events import Branched, Event, Frame, KnobTurned, Marked, Rewound, RunStarted
from nnlab.wire.values import Branch, RunInfo

INFO = RunInfo("r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 20, 5, 10)


def record(path: Path) -> None:
    """A run of 30 steps; branch 1 leaves it at 20 and goes to 26, branch 2 leaves that at 24 and goes to 40."""
    recorder = Recorder.create(path, INFO)
    for branch, start, stop in ((Branch(0), 0, 30), (Branch(1, 0, 20, "one"), 20, 26), (Branch(2, 1, 24), 24, 40)):
        if branch.id:
            recorder.branch(branch)
            recorder.current(branch.id)
        steps = range(start, stop)
        recorder.scalars("train/loss", steps, [branch.id + step / 100 for step in steps], branch.id)
        every = [step for step in range(0, stop + 1, 4) if step > start or step == branch.id == 0]
        recorder.scalars("val/loss", every, [branch.id + step / 100 for step in every], branch.id)
        recorder.tell(KnobTurned(start, "lr", 0.1, float(branch.id), 1.0, "user"), branch.id)
        recorder.tell(Marked(stop - 1, "note", f"on {branch.id}"), branch.id)
    recorder.snapshot(0, 0, b"first", "start")
    recorder.snapshot(24, 1, b"second", "before")
    recorder.snapshot(8, 0, b"third", "steady")
    recorder.drop_snapshot(8, 0)
    recorder.close()


def test_a_line_is_its_own_points_after_those_of_the_branches_it_comes_from(tmp_path: Path) -> None:
    record(tmp_path / "a.nnlab")
    with RunFile(tmp_path / "a.nnlab") as file:
        assert (file.branch, file.branches()[1:]) == (2, (Branch(1, 0, 20, "one"), Branch(2, 1, 24)))
        for branch, end in ((0, 30), (1, 26), (2, 40)):
            assert file.done(branch) == end
            assert file.series("train/loss", branch=branch).steps.tolist() == list(range(end))
            assert file.series("val/loss", branch=branch).steps.tolist() == list(range(0, end + 1, 4))
        values = file.series("train/loss")
        assert [int(value) for value in values.values[[19, 20, 23, 24, 39]]] == [0, 1, 1, 2, 2]
        assert [int(value) for value in file.series("val/loss").values[[5, 6, 7]]] == [0, 1, 2]
        assert [event.step for event in file.events("knob")] == [0, 20, 24]
        assert [event.step for event in file.events("note", branch=1)] == [25]
        assert file.series("train/loss", 22, 26).steps.tolist() == [22, 23, 24, 25]
        assert list(file.snapshots()) == [Snapshot(0, 0, b"first", "start"), Snapshot(24, 1, b"second", "before")]


def test_the_view_shows_the_current_line(tmp_path: Path) -> None:
    record(tmp_path / "a.nnlab")
    with RunFile(tmp_path / "a.nnlab") as file, sqlite3.connect(tmp_path / "a.nnlab") as client:
        for name in ("train/loss", "val/loss"):
            rows = client.execute("SELECT step, value FROM scalars WHERE series = ? ORDER BY step", (name,)).fetchall()
            np.testing.assert_array_equal(np.array(rows).T, np.array(file.series(name)))
    client.close()


def test_all_lines_are_told_and_the_current_one_last(tmp_path: Path) -> None:
    record(tmp_path / "a.nnlab")
    with RunFile(tmp_path / "a.nnlab") as file:
        told = list(retell.tree(file))
        line = list(retell.line(file))
    assert [event for event in told if isinstance(event, Rewound | Branched)] == [
        Rewound(20, 0), Branched(1, 0, 20, "one"), Rewound(24, 1), Branched(2, 1, 24, ""), Rewound(0, 2),
    ]  # fmt: skip
    last = told[told.index(Rewound(0, 2)) + 1 :]
    assert isinstance(line[0], RunStarted)
    assert last == line[1:]
    assert points(told[: told.index(Rewound(0, 2))], "train/loss") == [*range(30), *range(20, 26), *range(24, 40)]


def points(told: list[Event], name: str) -> list[int]:
    frames = [event for event in told if isinstance(event, Frame) and name in event.series]
    return [step for one in frames for step in one.steps[one.series.index(name)]]


FIRST_FORMAT = f"""
PRAGMA application_id = {schema.APPLICATION_ID};
PRAGMA user_version = 1;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE points (series INTEGER NOT NULL, step INTEGER NOT NULL, value REAL, PRIMARY KEY (series, step))
    WITHOUT ROWID;
CREATE TABLE events (seq INTEGER PRIMARY KEY, step INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE snapshots (step INTEGER NOT NULL, branch INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (branch, step));
INSERT INTO series VALUES (1, 'train/loss');
INSERT INTO points VALUES (1, 0, 2.5), (1, 1, 1.5);
INSERT INTO events VALUES (1, 1, 'note', '{{"text": "hm"}}');
"""
"""As files were written before there were branches."""


def test_a_file_of_the_first_format_still_opens(tmp_path: Path) -> None:
    record(tmp_path / "new.nnlab")
    with RunFile(tmp_path / "new.nnlab") as file:
        meta = {key: value for key, value in file.meta.items() if key not in ("branch", "base_dir")}
    with sqlite3.connect(tmp_path / "old.nnlab") as old:
        old.executescript(FIRST_FORMAT)
        old.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    old.close()
    with RunFile(tmp_path / "old.nnlab") as file:
        assert (file.format, file.branch, file.branches(), file.done()) == (1, 0, (Branch(0),), 2)
        assert file.series("train/loss").values.tolist() == [2.5, 1.5]
        assert file.events() == [Marked(1, "note", "hm")]
        assert list(file.snapshots()) == []
        assert points(list(retell.tree(file)), "train/loss") == [0, 1]


def test_a_run_goes_on_in_its_file(tmp_path: Path) -> None:
    record(tmp_path / "a.nnlab")
    recorder = Recorder.reopen(tmp_path / "a.nnlab")
    recorder.scalars("train/loss", [39, 40], [9.0, 9.0], 2)
    recorder.scalars("new", [40], [1.0], 2)
    recorder.close()
    with RunFile(tmp_path / "a.nnlab") as file:
        assert file.names() == ("train/loss", "val/loss", "new")
        assert file.series("train/loss", 39).values.tolist() == [2.39, 9.0]

"""What a run leaves behind: remarks, the run file, what a late client is told."""

import math
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab.errors import UserError
from nnlab.runs.errors import RunFileError
from nnlab.runs.reader import RunFile
from nnlab.wire.events import Frame, Marked, RunFailed, RunStarted, StateChanged


def states(made: Any) -> list[tuple[int, str]]:
    """Step and state of every change."""
    return [(event.step, event.state) for event in made.told if isinstance(event, StateChanged)]


def marks(made: Any, kind: str) -> list[tuple[int, str]]:
    """Step and text of the marks of one kind."""
    return [(event.step, event.text) for event in made.told if isinstance(event, Marked) and event.kind == kind]


def test_remarks_are_notes_about_now_or_earlier(kit: Any) -> None:
    made = kit.begin("mlp", record=str(kit.folder / "r.nnlab")).train(10)
    made.run.remark("note", "hm \ud800", -1)
    made.run.remark("finding", '{"mode": "plateau"}', 8)
    made.run.remark("knob", "not a journal kind of ours", 10**6)
    made.run.end("stopped")
    with RunFile(made.record) as file:
        told = [(event.step, event.kind, event.text) for event in file.events() if isinstance(event, Marked)]
    assert told == [
        (10, "note", "hm ?"), (8, "finding", '{"mode": "plateau"}'), (10, "note", "not a journal kind of ours"),
    ]  # fmt: skip


def test_the_run_file_holds_what_was_told(kit: Any, points: Any) -> None:
    made = kit.begin("mlp", record=str(kit.folder / "r.nnlab"), at=("4:lr=100.0",)).train(8)
    made.training.parameters.values[:] = math.nan
    made.train()
    made.run.end("stopped")
    with RunFile(made.record) as file:
        assert file.info == made.run.info
        for name, column in points(made.told).items():
            found = file.series(name)
            assert found.steps.tolist() == list(column)
            expected = np.frombuffer(b"".join(column.values()))
            assert np.array_equal(found.values, expected, equal_nan=True), name
        told = [event for event in made.told if not isinstance(event, Frame | RunStarted)]
        assert list(file.events()) == told
    assert math.isnan(made.series("train/loss")[39])


def test_an_error_is_the_last_entry_of_the_run_file(kit: Any) -> None:
    made = kit.begin("mlp", record=str(kit.folder / "r.nnlab"))
    made.run.resume()
    made.run.advance()
    made.run.fail(RunFailed(1, "no idea", "Traceback"))
    made.run.fail(RunFailed(1, "again", ""))
    with RunFile(made.record) as file:
        assert list(file.events())[-1] == RunFailed(1, "no idea", "Traceback")
        assert file.series("train/loss").steps.tolist() == [0]


@pytest.mark.parametrize("what", ["flush", "tell", "scalars", "snapshot"])
def test_a_full_disk_ends_the_recording_not_the_run(kit: Any, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    plain = kit.begin("mlp").train()
    made = kit.begin("mlp", record=str(kit.folder / "r.nnlab")).train(10)
    recorder = made.run.logbook._recorder

    def full(*_: Any) -> None:
        raise RunFileError("cannot write the run file r.nnlab: the disk is full")

    monkeypatch.setattr(recorder, what, full)
    made.run.remark("note", "before", -1)
    made.train()
    assert states(made)[-1] == (40, "finished")
    assert [text for _, text in marks(made, "note")] == ["before"]
    assert [text for _, text in marks(made, "unrecorded")] == [
        "recording stopped: cannot write the run file r.nnlab: the disk is full"
    ]
    assert made.series("train/loss") == plain.series("train/loss")
    made.run.end("stopped")
    with sqlite3.connect(made.record) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()


def test_run_files_are_never_overwritten(kit: Any) -> None:
    (kit.folder / "there.nnlab").write_text("mine")
    with pytest.raises(UserError, match="exists already"):
        kit.begin("mlp", record=str(kit.folder / "there.nnlab"))
    assert Path(kit.folder / "there.nnlab").read_text() == "mine"


def test_a_late_client_is_told_everything_in_few_frames(kit: Any, points: Any, without_frames: Any) -> None:
    made = kit.begin("mlp", "train.steps=60").train(10)
    made.run.turn("lr", 0.1, "user", 1)
    for _ in range(30):
        made.run.resume(1)
        made.run.advance()
    made.train()
    late: list[Any] = []
    made.run.logbook.greet(late)
    assert points(late) == points(made.told)
    assert without_frames(late) == without_frames(made.told)
    positions = [i for i, event in enumerate(late) if isinstance(event, Frame)]
    assert all(not isinstance(late[i + 1], Frame) for i in positions if i + 1 < len(late))
    assert [event.step for event in late if isinstance(event, Frame)] == sorted(
        event.step for event in late if isinstance(event, Frame)
    )


def test_nothing_new_makes_no_frame(kit: Any) -> None:
    made = kit.begin("mlp").train(3)
    count = len(made.told)
    for _ in range(5):
        made.run.frame()
    assert len(made.told) == count

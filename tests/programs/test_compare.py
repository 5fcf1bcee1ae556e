"""`nnlab compare`: what differs between runs, and from where on."""

import json
from pathlib import Path
from typing import Any

import pytest

from nnlab.cli.main import main
from nnlab.runs.reader import RunFile


def compared(capsys: pytest.CaptureFixture[str], *files: Path) -> dict[str, Any]:
    assert main(["compare", *map(str, files), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_equal_runs_are_told_to_be_equal(record: Any, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (record(name).train().end() for name in ("one", "other"))
    found = compared(capsys, one, other)
    with RunFile(one) as run:
        points = sum(len(run.series(name).steps) for name in run.names())
    assert found["divergences"] == [{"step": -1, "series": "", "values": ["nan", "nan"], "same": points, "until": 60}]
    assert found["differences"] == []
    assert main(["compare", str(one), str(other)]) == 0
    assert "other is the same as one to the last bit" in capsys.readouterr().out


def test_the_first_step_and_series_that_differ_are_named(record: Any, capsys: pytest.CaptureFixture[str]) -> None:
    plain = record("plain").train().end()
    turned = record("turned").train(21).turn("lr", 0.1).train(10).turn("lr", 0.2).train(5).end()
    other = record("other", "seed=6", "model.hidden=[4]", "optimizer=sgd").train().end()
    found = compared(capsys, plain, turned, other)
    first, second = found["divergences"]
    with RunFile(plain) as one, RunFile(turned) as two:
        losses = [run.series("train/loss").values.tolist() for run in (one, two)]
    assert losses[0][:22] == losses[1][:22]
    assert first["step"] == 22
    assert first["until"] == 36
    assert (first["series"], second["step"]) == ("grad/norm", 0)
    assert first["values"][0] != first["values"][1]
    settings = {one["what"]: one["values"] for one in found["differences"]}
    assert settings == {
        "model.hidden": [[8, 6], [8, 6], [4]],
        "optimizer.kind": ["adam", "adam", "sgd"],
        "seed": [5, 5, 6],
        "lr turned to": [None, "0.1 at 21 (user), 0.2 at 31 (user)", None],
    }
    assert found["metrics"]["lr"][1] == pytest.approx(0.2)
    assert main(["compare", str(plain), str(turned)]) == 0
    assert "turned parts from plain at step 22, in grad/norm: " in capsys.readouterr().out


def test_findings_stand_side_by_side(record: Any, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = record("one").train(5), record("other").train(5)
    one.run.remark("finding", json.dumps(FOUND), 4)
    one.run.remark("verdict", "plateau", 5)
    assert main(["compare", str(one.end()), str(other.end())]) == 0
    text = capsys.readouterr().out
    assert "plateau 4 to 5" in text
    assert [line.split() for line in text.splitlines() if line.startswith("verdict")] == [["verdict", "plateau", "-"]]


FOUND = {"mode": "plateau", "detected_step": 4, "headline": "It stands.", "cleared_step": 5}


def test_files_that_cannot_be_compared(record: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = record("good").train(2).end()
    damaged = tmp_path / "damaged.nnlab"
    damaged.write_bytes(good.read_bytes()[:300])
    for files, said in (
        ([good], "two run files or more"),
        ([good, tmp_path / "none"], "there is no run file"),
        ([good, damaged], "damaged"),
    ):
        assert main(["compare", *map(str, files)]) == 2
        told = capsys.readouterr()
        assert said in told.err
        assert told.out == ""

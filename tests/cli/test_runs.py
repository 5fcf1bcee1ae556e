"""`nnlab runs`: what is listed, tagged and deleted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nnlab.cli.runs import age
from nnlab.cli.table import columns
from nnlab.errors import UserError
from nnlab.runs.listing import size
from nnlab.runs.recorder import Recorder
from nnlab.wire.values import RunInfo

Nnlab = Callable[..., int]


@pytest.fixture
def folder(nnlab: Nnlab, tmp_path: Path) -> Path:
    """A run of 40 steps, one without any, and a file that is none."""
    runs = tmp_path / "runs"
    info = RunInfo("r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 10, 10, 10)
    recorder = Recorder.create(runs / "a.nnlab", info)
    recorder.scalars("train/loss", range(40), [1.0] * 40)
    recorder.event(40, "verdict", {"text": "overfitting"})
    recorder.close()
    Recorder.create(runs / "c.nnlab", info).close()
    (runs / "b.nnlab").write_text("no")
    return runs


def test_no_runs(nnlab: Nnlab, capsys: pytest.CaptureFixture[str]) -> None:
    assert nnlab("runs") == 0
    assert "no runs in" in capsys.readouterr().out


def test_runs_are_listed_and_tagged(nnlab: Nnlab, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert nnlab("runs", "a", "b", "--tag", "good, first") == 0
    assert nnlab("runs", str(folder / "b.nnlab"), "--untag", "good") == 0
    capsys.readouterr()
    assert nnlab("runs") == 0
    told = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert all(word in told["a"] for word in ("overfitting", "40/100", "#good #first"))
    assert "unreadable" in told["b"] and "#first" in told["b"] and "#good" not in told["b"]
    assert "interrupted" in told["c"]
    assert nnlab("runs", "--tag", "good", "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["verdict"], one["tags"], one["losses"][0], one["interrupted"]) == (
        "overfitting",
        ["good", "first"],
        1,
        True,
    )


def test_runs_are_deleted_once_one_is_sure(nnlab: Nnlab, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nnlab("runs", "a", "--tag", "good") == 0
    for words, said in (
        (("a", "--delete"), "give --yes"),
        (("a", "nothing", "--delete", "--yes"), "there is no run file nothing"),
        (("--delete", "--yes"), "name the runs"),
    ):
        with pytest.raises(UserError, match=said):
            nnlab("runs", *words)
    assert len(list(folder.glob("*.nnlab"))) == 3
    monkeypatch.setattr("nnlab.client.upkeep.engines", lambda: [type("E", (), {"record": str(folder / "a.nnlab")})])
    with pytest.raises(UserError, match="still being trained"):
        nnlab("runs", "a", "--delete", "--yes")
    monkeypatch.setattr("nnlab.client.upkeep.engines", lambda: [])
    (folder / "a.nnlab-wal").write_text("")
    assert nnlab("runs", "a", "--delete", "--yes") == 0
    assert sorted(path.name for path in folder.iterdir()) == ["b.nnlab", "c.nnlab", "tags.json"]
    assert json.loads((folder / "tags.json").read_text()) == {}


def test_words_for_ages_sizes_and_tables() -> None:
    assert [age(seconds) for seconds in (-1, 59, 61, 7200, 200_000)] == ["0 s", "59 s", "1 min", "2 h", "2 d"]
    assert [size(count) for count in (12, 1500, 2_500_000)] == ["12 B", "1.5 kB", "2.5 MB"]
    assert columns(("a", "n"), [("ü", "1"), ("漢", "10")], right=(1,)) == "a    n\nü    1\n漢  10"

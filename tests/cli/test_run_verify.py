"""`nnlab verify`, the claims of [expect], and `nnlab runs`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnlab.cli.runs import age, size
from nnlab.cli.table import columns
from nnlab.runs.recorder import Recorder
from nnlab.wire.values import RunInfo

Nnlab = Callable[..., int]
Write = Callable[..., Path]


def claims(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, bool]]:
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return [(claim["text"], claim["held"]) for item in told for claim in item["claims"]]


def test_claims_that_hold(nnlab: Nnlab, scenario: Write, capsys: pytest.CaptureFixture[str]) -> None:
    expect = (
        '[expect]\nfinding = "plateau"\nby_step = 30\nverdict = "learning"\nnever = ["nonfinite"]\nval_loss = 0.5\n'
    )
    assert nnlab("verify", scenario(more=expect), "--json") == 0
    assert claims(capsys) == [
        ("plateau by step 30", True),
        ("ends learning", True),
        ("never nonfinite", True),
        ("validation loss at most 0.5", True),
    ]


def test_claims_that_do_not_hold(nnlab: Nnlab, scenario: Write, capsys: pytest.CaptureFixture[str]) -> None:
    expect = '[expect]\nfinding = "plateau"\nby_step = 29\nnever = "any"\nverdict = "converged"\n'
    floors = "val_accuracy = 0.9\ntrain_loss = 0.001\n"
    wrong = scenario(more=expect.replace('never = "any"\n', 'never = ["overfitting"]\n') + floors, name="wrong")
    quiet = scenario(more='[expect]\nnever = "any"\n', name="quiet")
    broken = scenario(seed=3, more='[expect]\nverdict = "learning"\n', name="broken")
    assert nnlab("verify", wrong, quiet, broken, "--json") == 1
    assert claims(capsys) == [
        ("plateau by step 29", False),
        ("ends converged", False),
        ("never overfitting", True),
        ("validation accuracy at least 0.9", False),
        ("training loss at most 0.001", False),
        ("no finding ever", False),
        ("runs", False),
    ]


def test_a_cure_is_tried_where_the_finding_stood(
    nnlab: Nnlab, scenario: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nnlab.client.live import LiveFeed

    scripts: list[Any] = []
    start = LiveFeed.start

    def spy(loaded: Any, **options: Any) -> LiveFeed:
        scripts.append([(item.at, item.set) for item in loaded.scenario.script])
        return start(loaded, **options)

    monkeypatch.setattr(LiveFeed, "start", spy)
    expect = '[expect]\nfinding = "plateau"\nby_step = 40\ncure = { lr = 0.1 }\ncured_by_step = %d\n'
    assert nnlab("verify", scenario(more=expect % 60), "--json") == 0
    assert claims(capsys) == [("plateau by step 40", True), ("cured by lr = 0.1 at 30 by step 60", True)]
    assert scripts == [[], [(30, {"lr": 0.1})]]
    assert nnlab("verify", scenario(more=expect % 50)) == 1
    shown = capsys.readouterr()
    assert "FAILS" in shown.out
    assert "learning, healthy from step 60" in shown.out
    assert "1/1 demo: FAILS" in shown.err


def test_runs_are_listed(nnlab: Nnlab, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert nnlab("runs") == 0
    assert "no runs in" in capsys.readouterr().out
    info = RunInfo("r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 10, 10, 10)
    recorder = Recorder.create(tmp_path / "runs" / "a.nnlab", info)
    recorder.scalars("train/loss", range(40), [1.0] * 40)
    recorder.event(40, "verdict", {"text": "overfitting"})
    recorder.close()
    (tmp_path / "runs" / "b.nnlab").write_text("no")
    assert nnlab("runs") == 0
    told = capsys.readouterr().out
    assert "overfitting" in told
    assert "40/100" in told
    assert "unreadable" in told
    assert nnlab("runs", "--json") == 0
    assert {item["verdict"] for item in json.loads(capsys.readouterr().out)} == {"overfitting", ""}


def test_words_for_ages_sizes_and_tables() -> None:
    assert [age(seconds) for seconds in (-1, 59, 61, 7200, 200_000)] == ["0 s", "59 s", "1 min", "2 h", "2 d"]
    assert [size(count) for count in (12, 1500, 2_500_000)] == ["12 B", "1.5 kB", "2.5 MB"]
    assert columns(("a", "n"), [("ü", "1"), ("漢", "10")], right=(1,)) == "a    n\nü    1\n漢  10"

"""`nnlab verify` and the claims of [expect]."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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

"""`[expect] restart`: a cure from the beginning."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Nnlab = Callable[..., int]
Write = Callable[..., Path]


def test_a_restart_is_tried_from_the_beginning(
    nnlab: Nnlab, scenario: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nnlab.client.live import LiveFeed

    rates: list[float] = []
    start = LiveFeed.start

    def spy(loaded: Any, **options: Any) -> LiveFeed:
        rates.append(loaded.scenario.optimizer.lr)
        return start(loaded, **options)

    monkeypatch.setattr(LiveFeed, "start", spy)
    expect = '[expect]\nfinding = "plateau"\nrestart = { lr = 0.5, "model.dropout" = 0.1 }\n'
    nnlab("verify", scenario(more=expect), "--json")
    assert rates == [rates[0], 0.5]
    second = json.loads(capsys.readouterr().out)[0]["claims"][1]
    assert second["text"] == "cured by lr = 0.5, model.dropout = 0.1 from the start"

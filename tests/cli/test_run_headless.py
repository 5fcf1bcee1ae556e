"""`nnlab run`: exit statuses, report, and how far it goes."""

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnlab.cli import report
from nnlab.cli.headless import Watch
from nnlab.client.scripted import ScriptedFeed
from nnlab.errors import UserError
from nnlab.wire import commands, events
from nnlab.wire.frames import frame
from nnlab.wire.values import RunInfo

Nnlab = Callable[..., int]
Write = Callable[..., Path]
INFO = RunInfo("r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 10, 10, 10)


def test_the_json_report_stands_alone_on_standard_output(
    nnlab: Nnlab, scenario: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nnlab("run", scenario(), "--json", "--no-record") == 0
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    assert shown.out.count("\n") == 1
    assert "step 100: loss" in shown.err
    assert {key: told[key] for key in ("scenario", "seed", "steps", "stopped", "verdict", "run_file")} == {
        "scenario": "demo", "seed": 7, "steps": 100, "stopped": "steps", "verdict": "learning", "run_file": None,
    }  # fmt: skip
    assert told["metrics"] == {"val/loss": 0.5, "train/loss": 0.01}
    (finding,) = told["findings"]
    assert (finding["mode"], finding["detected_step"], finding["cleared_step"]) == ("plateau", 30, 60)
    assert finding["evidence"][0]["value"] == "nan"
    assert finding["remedies"][0]["commands"] == [{"turn": "lr", "to": 1.0}]
    assert told["health"]["mode"] == "learning"
    assert told["timing"] == {"seconds": 0.1, "steps_per_second": 1000.0}


def test_the_text_report_says_the_verdict_and_its_evidence(
    nnlab: Nnlab, scenario: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nnlab("run", scenario(), "--no-record", "--fail-on", "any") == 0
    told = capsys.readouterr().out
    assert "Verdict: learning" in told
    assert "plateau (warning, 90%): since step 20, seen at step 30, cleared at step 60" in told
    assert "100 of 100 steps" in told


def test_until_stops_at_the_boundary_of_the_finding(
    nnlab: Nnlab, scenario: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scenario()
    for wanted, step in (("plateau", 30), ("healthy", 60), ("learning", 60)):
        assert nnlab("run", path, "--json", "--no-record", "--until", wanted) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["steps"], told["stopped"]) == (step, "until")
    assert nnlab("run", path, "--json", "--no-record", "--until", "overfitting") == 0
    assert json.loads(capsys.readouterr().out)["stopped"] == "steps"


def test_fail_on_counts_what_stands_at_the_end(nnlab: Nnlab, scenario: Write) -> None:
    path = scenario()
    assert nnlab("run", path, "--no-record", "--until", "plateau", "--fail-on", "overfitting,plateau") == 1
    assert nnlab("run", path, "--no-record", "--until", "plateau", "--fail-on", "any") == 1
    assert nnlab("run", path, "--no-record", "--until", "plateau", "--fail-on", "overfitting") == 0
    assert nnlab("run", path, "--no-record", "--fail-on", "plateau") == 0


def test_what_the_user_got_wrong_is_said_before_anything_starts(nnlab: Nnlab, scenario: Write, tmp_path: Path) -> None:
    path = scenario()
    (tmp_path / "taken.nnlab").touch()
    for words, message in (
        (("--fail-on", "overfiting"), 'did you mean "overfitting"'),
        (("--until", "plateu"), 'did you mean "plateau"'),
        (("--record", tmp_path / "taken.nnlab"), "exists already"),
    ):
        with pytest.raises(UserError, match=message):
            nnlab("run", path, *words)
    for words in (("--steps", "0"), ("--steps", "many"), ("--seed", "-1"), ("--device", "tpu")):
        with pytest.raises(SystemExit, match="2"):
            nnlab("run", path, *words)


def test_steps_and_seed_replace_the_scenarios(
    nnlab: Nnlab, scenario: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nnlab.client.live import LiveFeed

    begun: list[Any] = []
    start = LiveFeed.start

    def spy(loaded: Any, **options: Any) -> LiveFeed:
        begun.append((loaded.scenario.train.steps, loaded.scenario.train.epochs, options["seed"], loaded.text))
        return start(loaded, **options)

    monkeypatch.setattr(LiveFeed, "start", spy)
    path = scenario()
    path.write_text(path.read_text().replace("steps = 100", "epochs = 3"))
    assert nnlab("run", path, "--no-record", "--steps", "50", "--seed", "11") == 0
    ((steps, epochs, seed, text),) = begun
    assert (steps, epochs, seed) == (50, None, 11)
    assert "seed = 11" in text
    assert "steps = 50" in text
    assert "epochs" not in text


def test_an_engine_that_refuses_is_the_users_to_put_right(nnlab: Nnlab, scenario: Write) -> None:
    with pytest.raises(UserError, match="no such column"):
        nnlab("run", scenario(seed=2), "--no-record")
    with pytest.raises(UserError, match="torch is not installed"):
        nnlab("run", scenario(seed=1), "--no-record")


def test_an_engine_that_dies_is_status_3(nnlab: Nnlab, scenario: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert nnlab("run", scenario(seed=3), "--no-record") == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "the engine was lost (exit status -9)" in shown.err
    assert "about to be killed" in shown.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_in_good_order(
    nnlab: Nnlab, scenario: Write, capsys: pytest.CaptureFixture[str], number: signal.Signals, tmp_path: Path
) -> None:
    # The engine is never led on, so that the run is still going when the signal comes.
    import nnlab.cli.headless as module

    path, lead = scenario(), module.Watch._lead
    try:
        module.Watch._lead = lambda self, step: os.kill(os.getpid(), number)  # type: ignore[method-assign]
        assert nnlab("run", path, "--no-record", "--json", "--until", "plateau") == 130
    finally:
        module.Watch._lead = lead  # type: ignore[method-assign]
    assert json.loads(capsys.readouterr().out)["stopped"] == "interrupted"
    assert threading.active_count() == 1
    assert list((tmp_path / "nnlab").iterdir()) == []


def watched(*told: events.Event) -> tuple[Any, list[commands.Command]]:
    """The outcome of these events, and what was sent meanwhile."""
    feed = ScriptedFeed([events.RunStarted(INFO), *told])
    return Watch(feed).run(), feed.sent


def loss(start: int, stop: int, value: float = 1.0) -> events.Frame:
    return frame(stop, {"train/loss": (range(start, stop), [value] * (stop - start))})


def test_a_pause_by_script_is_passed_over_and_one_by_a_guard_ends_the_run(nnlab: Nnlab) -> None:
    outcome, sent = watched(
        loss(0, 20),
        events.StateChanged(20, "paused", "look here"),
        loss(20, 40),
        events.Marked(40, "guard", "pause: gradient norm is over the ceiling"),
        events.StateChanged(40, "paused"),
        events.StateChanged(40, "stopped"),
    )
    assert outcome.stopped == "guard"
    assert sent[0] == commands.Resume()
    assert sent[-2:] == [commands.Remark("verdict", "plateau", 40), commands.Stop()]


def test_a_loss_that_is_not_finite_at_the_end_is_divergence(nnlab: Nnlab) -> None:
    outcome, _ = watched(
        loss(0, 99),
        loss(99, 100, float("inf")),
        events.StateChanged(100, "finished"),
        events.StateChanged(100, "stopped"),
    )
    assert outcome.stopped == "diverged"
    assert report.build(outcome)["metrics"]["train/loss"] == "inf"


def test_findings_are_written_into_the_run_as_they_stand_and_clear(nnlab: Nnlab) -> None:
    _, sent = watched(loss(0, 100), events.StateChanged(100, "finished"), events.StateChanged(100, "stopped"))
    remarks = [command for command in sent if isinstance(command, commands.Remark)]
    told = [
        (remark.step, json.loads(remark.text)["mode"], json.loads(remark.text)["cleared_step"])
        for remark in remarks
        if remark.kind == "finding"
    ]
    assert told == [(30, "plateau", None), (60, "learning", None), (60, "plateau", 60)]
    assert remarks[-1] == commands.Remark("verdict", "learning", 100)

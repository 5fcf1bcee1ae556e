"""The recorded runs in the gallery, their comparison, and one of them behind a live run."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.widgets import Input, Static

from nnlab.runs import tags
from nnlab.runs.listing import found
from nnlab.runs.recorder import Recorder
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.screens.branches import Branches
from nnlab.ui.screens.compare import Compare
from nnlab.ui.screens.dialog import AskText, Confirm
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.overlays import ChooseRun
from nnlab.ui.screens.runs import Runs
from nnlab.wire import events
from nnlab.wire.values import Branch

pytestmark = pytest.mark.slow

TOML = """
[data]
kind = "moons"
[model]
kind = "mlp"
[objective]
kind = "cross_entropy"
"""


@pytest.fixture
def folder(info, monkeypatch, tmp_path) -> Path:
    """Three runs, the second interrupted and with another learning rate, and a file that is none."""
    monkeypatch.setenv("NNLAB_RUNS", str(tmp_path))
    monkeypatch.setattr("nnlab.client.upkeep.engines", lambda: [])
    for name, steps, scale in (("a", 100, 1.0), ("b", 60, 2.0), ("c", 100, 1.0)):
        text = TOML + ("[optimizer]\nlr = 0.5\n" if scale > 1 else "")
        scenario = "circles" if name == "c" else "moons"
        run = Recorder.create(tmp_path / f"{name}.nnlab", replace(info, scenario_toml=text, scenario=scenario))
        run.scalars("train/loss", range(steps), [scale * 90 / (1 + step) for step in range(steps)])
        run.scalars("val/loss", range(0, steps, 10), [scale + step for step in range(0, steps, 10)])
        if steps == 100:
            run.event(100, "verdict", {"text": "overfitting" if name == "a" else "learning"})
            run.tell(events.StateChanged(100, "finished"))
        run.close()
    (tmp_path / "d.nnlab").write_text("no run")
    return tmp_path


@pytest.fixture
async def opened(story, until, folder):
    """The recorded runs, all read, the first highlighted; and the pilot."""
    app = story.app(target=None)
    app.section = "runs"
    async with app.run_test(size=(130, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Runs) and len(app.screen._shelf.read) == 4)
        await until(pilot, lambda: all(row.read for row in table(app).rows))
        yield app, pilot


def table(app) -> RunTable:
    return app.screen.query_one(RunTable)


async def highlight(app, pilot, name: str) -> None:
    await pilot.press("home", *["down"] * [row.path.stem for row in table(app).rows].index(name))


async def test_runs_are_listed_and_found(opened, story, until, monkeypatch) -> None:
    app, pilot = opened
    rows = {row.path.stem: row for row in table(app).rows}
    assert [rows[name].verdict for name in "abcd"] == ["overfitting", "interrupted", "learning", "cannot be read"]
    assert [rows[name].steps for name in "abcd"] == ["100", "60/100", "100", ""]
    await highlight(app, pilot, "d")
    assert "is not a run file" in str(app.screen.query_one("#told", Static).content)
    await pilot.press("slash", *"over")
    assert [row.path.stem for row in table(app).rows] == ["a"]
    await pilot.press("escape", "slash", *"inter")
    assert [row.path.stem for row in table(app).rows] == ["b"]
    await pilot.press("escape")
    assert len(table(app).rows) == 4 and not app.screen.query_one(Input).value
    monkeypatch.setattr("nnlab.client.upkeep.engines", lambda: [SimpleNamespace(record=str(rows["b"].path))])
    app.screen._shelf.look_again()
    await until(pilot, lambda: any(row.verdict == "training now" for row in table(app).rows))
    await highlight(app, pilot, "b")
    assert not {"resume", "replay"} & {does for _, _, does in app.screen.query_one(KeyBar).keys}
    assert "training now" in str(app.screen.query_one("#told", Static).content)
    attached = []
    monkeypatch.setattr("nnlab.ui.start.resumed", lambda path, _: attached.append(path) or story.session())
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, LabScreen))
    assert attached == [str(rows["b"].path)] and not story.opened


async def test_a_run_is_replayed_and_an_interrupted_one_resumed(opened, story, until) -> None:
    app, pilot = opened
    await highlight(app, pilot, "a")
    assert "resume" not in {does for _, _, does in app.screen.query_one(KeyBar).keys}
    await highlight(app, pilot, "b")
    assert "resume" in {does for _, _, does in app.screen.query_one(KeyBar).keys}
    await pilot.press("enter")
    await until(pilot, lambda: bool(story.opened))
    assert Path(story.opened[0][0]).name == "b.nnlab"
    await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.is_mounted)
    await pilot.press("g")
    await until(pilot, lambda: isinstance(app.screen, Runs))  # where one came from


async def test_tags_are_given_and_found(opened, until, folder) -> None:
    app, pilot = opened
    await highlight(app, pilot, "a")
    await pilot.press("t")
    assert isinstance(app.screen, AskText)
    await pilot.press(*"good", "space", *"first", "enter")
    await until(pilot, lambda: isinstance(app.screen, Runs) and any(row.tags for row in table(app).rows))
    assert tags.known(folder) == {"a.nnlab": ("good", "first")}
    await pilot.press("slash", "#", *"fir")
    assert [row.path.stem for row in table(app).rows] == ["a"]


async def test_marked_runs_are_deleted_once_one_is_sure(opened, until, folder) -> None:
    app, pilot = opened
    for name in "bd":
        await highlight(app, pilot, name)
        await pilot.press("space")
    await pilot.press("D")
    assert isinstance(app.screen, Confirm)
    await pilot.press("n")
    assert len(found(folder)) == 4
    await pilot.press("D", "y")
    await until(pilot, lambda: isinstance(app.screen, Runs) and len(table(app).rows) == 2)
    assert sorted(file.path.stem for file in found(folder)) == ["a", "c"]


async def test_marked_runs_are_compared(opened, until) -> None:
    app, pilot = opened
    for name in "adb":
        await highlight(app, pilot, name)
        await pilot.press("space")
        assert ("compare" in {does for _, _, does in app.screen.query_one(KeyBar).keys}) == (name == "b")
    await pilot.press("c")  # what cannot be read is left out
    await until(pilot, lambda: isinstance(app.screen, Compare) and app.screen.view is not None)
    view = app.screen.view
    assert {(line.label, line.texture) for line in view.plots[0].lines} == {("A", "solid"), ("B", "dashed")}
    assert view.partings == ("B parts from A at step 0, in train/loss: 180 instead of 90.",)
    text = str(app.screen.query_one("#told", Static).content)
    assert "optimizer.lr" in text and "overfitting" in text
    await pilot.press("escape")
    assert isinstance(app.screen, Runs)


async def test_a_recorded_run_of_the_scenario_is_drawn_behind(story, info, frame, until, folder) -> None:
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 40))
    app = story.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.step == 40)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ChooseRun) and len(table(app).rows) == 2)
        assert {row.path.stem for row in table(app).rows} == {"a", "b"}
        await highlight(app, pilot, "a")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and bool(behind(app)))
        lines = {line.label.partition(": ")[2]: line for line in behind(app)}
        assert {name: (line.steps[-1], float(line.mean[0])) for name, line in lines.items()} == {
            "train": (99, 90.0),
            "validation": (90, 1.0),
        }
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ChooseRun) and any(row.marked for row in table(app).rows))
        await highlight(app, pilot, "a")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and not behind(app))


def behind(app) -> list:
    return [line for line in app.screen.query(ChartPanel).first().view.lines if line.faint]


async def test_a_branch_is_compared_with_the_present_one(story, info, frame, until, tmp_path) -> None:
    path = tmp_path / "live.nnlab"
    run = Recorder.create(path, replace(info, scenario_toml=TOML))
    turn = events.KnobTurned(20, "lr", 0.1, 0.01, 0.01, "user")
    said = {"detected_step": 30, "mode": "overfitting", "headline": "It rises.", "cleared_step": None}
    run.scalars("train/loss", range(40), [1.0 / (1 + step) for step in range(40)])
    run.tell(events.Marked(30, "finding", json.dumps(said)))
    run.branch(Branch(1, 0, 20, "slow"))
    run.current(1)
    run.scalars("train/loss", range(20, 30), [9.0] * 10, 1)
    run.tell(turn, 1)
    run.close()
    live = replace(info, run_file=str(path))
    told = (events.RunStarted(live), events.StateChanged(0, "running"), frame(0, 40))
    story.feed.add(*told, events.Rewound(20, 0), events.Branched(1, 0, 20, "slow"), turn, frame(20, 30))
    app = story.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.step == 30)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, Branches))
        await pilot.press("up", "c")
        await until(pilot, lambda: isinstance(app.screen, Compare) and app.screen.view is not None)
        view = app.screen.view
        assert [column.name for column in view.columns] == ["slow", "main"]
        assert view.partings[0].startswith("B parts from A at step 20, in train/loss: ")
        cells = {row[0]: row[1:] for table in view.tables for row in table.rows}
        assert cells["lr turned to"] == ("0.01 at 20 (user)", "-")
        assert cells[""] == ("", "overfitting 30") and cells["train/loss"] == ("9", "0.025")
        await pilot.press("escape")
        assert isinstance(app.screen, Branches)

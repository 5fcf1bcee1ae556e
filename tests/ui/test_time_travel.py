"""Looking back, going back, and branches, in a lab over a scripted engine."""

from dataclasses import replace

import pytest
from textual.widgets import Input

from nnlab.ui.controls.slider import Slider
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.panels.journal import JournalPanel
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.status import StatusLine
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.branches import Branches
from nnlab.ui.screens.lab import LabScreen
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow

TURN = events.KnobTurned(40, "lr", 0.1, 0.01, 0.01, "user")


def asked(story) -> list[commands.Command]:
    """What the lab asked of the engine, but for remarks."""
    return [command for command in story.feed.sent if not isinstance(command, commands.Remark)]


def notices(app) -> list[str]:
    return [f"{notice.title}: {notice.message}" for notice in app._notifications]


@pytest.fixture
async def lab(story, info, frame, until):
    """The lab with 60 steps and a turn at 40, the first plot in focus; and its pilot."""
    told = (events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 40), TURN, frame(40, 60))
    story.feed.add(*told)
    app = story.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and len(app.screen.query(Slider)) > 0)
        lr = app.screen.query(Slider).first()
        await until(pilot, lambda: lr.value == 0.01 and app.screen.session.step == 60)
        await pilot.press("c")
        yield app, pilot


async def look(app, pilot, step: int) -> None:
    """Bring the cursor to the last column up to a step, and let all panels follow it."""
    body = app.screen.query_one(Body)
    while body.cursor is None or body.cursor > step:
        await pilot.press("left")
    await followed(app, pilot)


async def followed(app, pilot) -> None:
    """Wait until the panels stand where the cursor does."""
    while app.screen.follows:
        await pilot.pause()


async def test_the_cursor_takes_all_panels_back_and_leaves_the_run_alone(lab, story) -> None:
    app, pilot = lab
    screen = app.screen
    assert screen.query_one(DiagnosisPanel).view.mode == "overfitting"
    await look(app, pilot, 25)
    step = screen.query_one(Body).cursor
    assert screen.query_one(StatusLine).view.state == f"looking at step {step} (run at 60)"
    assert screen.query_one(DiagnosisPanel).view.word == "undecided"
    lr = screen.query(Slider).first()
    assert not lr.focusable and lr.value == 0.1
    journal = screen.query_one(JournalPanel).view
    assert [row.step > step for row in journal.rows] == [at < journal.looked for at in range(len(journal.rows))]
    assert not screen.query_one(DiagnosisPanel).view.remedies and asked(story) == []

    await pilot.press("d", "escape")
    await followed(app, pilot)
    assert screen.query_one(StatusLine).view.state == "running"
    assert screen.query_one(DiagnosisPanel).view.mode == "overfitting"
    assert lr.focusable and lr.value == 0.01


async def test_a_remedy_of_the_past_cannot_be_applied(lab, story) -> None:
    app, pilot = lab
    await look(app, pilot, 45)
    panel = app.screen.query_one(DiagnosisPanel)
    assert [remedy.key for remedy in panel.view.remedies] == ["", "", ""]
    await pilot.press("1", "2")
    assert asked(story) == [] and isinstance(app.screen, LabScreen)


async def test_enter_rewinds_to_the_cursor_and_waits_there(lab, story, until) -> None:
    app, pilot = lab
    assert "rewind here" not in {does for _, _, does in app.screen.query_one(KeyBar).keys}
    await look(app, pilot, 35)
    step = app.screen.query_one(Body).cursor
    await pilot.press("enter")
    assert asked(story) == [commands.Pause(), commands.Rewind(step)]
    story.feed.add(events.StateChanged(61, "paused"), events.Rewound(step, 0))
    await until(pilot, lambda: any(f"at step {step}" in notice for notice in notices(app)))
    assert app.screen.query_one(Body).cursor is None
    assert app.screen.query(Slider).first().value == 0.1
    assert app.screen.query_one(StatusLine).view.position.startswith(f" {step}")
    # what came after is drawn faintly behind, from there on
    (before,) = [line for line in app.screen.query(ChartPanel).first().view.lines if line.faint]
    assert before.brief == "before" and before.steps[-1] == 59 and before.steps[0] >= step - 1


async def test_what_the_engine_refuses_is_told(lab, story, until) -> None:
    app, pilot = lab
    await look(app, pilot, 35)
    await pilot.press("enter")
    story.feed.add(events.Refused(60, "rewind", "this line goes from step 40 to step 60"))
    await until(pilot, lambda: "rewind refused: this line goes from step 40 to step 60." in notices(app))


async def test_undo_redo_and_snapshots_have_keys(lab, story, until) -> None:
    app, pilot = lab
    await pilot.press("u", "U", "S")
    assert asked(story) == [commands.Undo(), commands.Redo(), commands.Snapshot()]
    story.feed.add(events.Rewound(40, 0), events.Refused(40, "redo", "no"), events.Marked(40, "snapshot", ""))
    await until(pilot, lambda: any("step 40 is kept" in notice for notice in notices(app)))


async def test_branches_are_listed_drawn_named_and_gone_to(lab, story, frame, until) -> None:
    app, pilot = lab
    assert "branches" not in {does for _, _, does in app.screen.query_one(KeyBar).keys}
    hot = replace(TURN, step=30, new=1.0, requested=1.0)
    story.feed.add(events.Rewound(30, 0), events.Branched(1, 0, 30, "lr 1"), hot, frame(30, 50))
    plot = app.screen.query(ChartPanel).first()
    await until(pilot, lambda: plot.view.step == 50 and "branches" in {k[2] for k in app.screen.query_one(KeyBar).keys})
    assert [(line.brief, line.drawn) for line in plot.view.lines if line.faint] == [("main", "dash-dotted")]

    await pilot.press("b")
    tree = app.screen
    assert isinstance(tree, Branches)
    main, branch = tree._rows
    assert (main.name, main.end, main.differs, main.drawn) == ("main", "to 60", "lr 0.01", True)
    assert main.loss == "train/loss 0.0167" and main.verdict == "overfitting"
    assert (branch.name, branch.fork, branch.current, branch.depth) == ("lr 1", "from 30", True, 1)

    await pilot.press("up", "space")
    assert not [line for line in plot.view.lines if line.faint]
    await pilot.press("n")
    tree.query_one(Input).value = "the cool one"
    await pilot.press("enter")
    assert asked(story) == [commands.NameBranch(0, "the cool one")]
    story.feed.add(events.BranchNamed(0, "the cool one"))
    await until(pilot, lambda: tree._rows[0].name == "the cool one")
    await pilot.press("enter")
    assert asked(story)[-1] == commands.Switch(0)
    assert isinstance(app.screen, LabScreen)

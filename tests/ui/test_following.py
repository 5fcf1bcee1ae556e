"""A scenario file that is saved while its run goes on."""

from nnlab.ui.app import LabApp
from nnlab.ui.screens import following
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.story import Story
from nnlab.wire import commands, events

SCENARIO = """[data]
kind = "moons"
[model]
kind = "mlp"
[objective]
kind = "cross_entropy"
"""


async def test_what_is_saved_is_what_a_restart_begins_with(story, info, frame, until, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(following, "LOOK_EVERY", 0.02)
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO)
    opened = []

    def starter(target: str, _: object):
        session = story.session()
        session.story = Story(file=path)
        opened.append(target)
        return session

    def told() -> str:
        return "\n".join(f"{notice.title}: {notice.message}" for notice in app._notifications)

    app = LabApp(str(path), starter)
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 40))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen._stamp is not None)
        await until(pilot, lambda: app.screen.session.step == 40)
        path.write_text(SCENARIO + "[trainz]\n")
        await until(pilot, lambda: 'mine.toml was saved with errors: line 7: trainz: unknown key "trainz"' in told())
        await pilot.press("r")
        assert commands.Restart() in story.feed.sent and len(opened) == 1
        path.write_text(SCENARIO + "[train]\nsteps = 50\n")
        await until(pilot, lambda: "mine.toml was saved: r begins again with it." in told())
        await pilot.press("r")
        await until(pilot, lambda: len(opened) == 2)
